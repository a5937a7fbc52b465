// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "math/rank_search.hpp"

#include <algorithm>
#include <utility>

#include "math/keys.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kDigits = std::size_t{1} << 16;

}  // namespace

RankSearch::RankSearch(std::span<const double> numbers, const std::vector<std::size_t>& places)
    : numbers_(numbers), heads_{0}, counts_(kDigits, 0) {
  for (const std::size_t place : places) wanted_.push_back({place});
}

std::size_t RankSearch::advance(std::size_t count) {
  if (complete()) return 0;
  const unsigned shift = 64 - kDigitBits * (pass_ + 1);
  const std::size_t begin = at_;
  for (const std::size_t end = at_ + std::min(count, numbers_.size() - at_); at_ < end; at_++) {
    const std::uint64_t key = keys::key_of(numbers_[at_]);
    const std::uint64_t head = pass_ == 0 ? 0 : key >> (shift + kDigitBits);
    for (std::size_t group = 0; group < heads_.size(); group++) {
      if (heads_[group] != head) continue;
      counts_[group * kDigits + (key >> shift) % kDigits]++;
      break;
    }
  }
  const std::size_t looked = at_ - begin;
  if (at_ == numbers_.size()) go_deeper();
  return looked;
}

void RankSearch::go_deeper() {
  std::vector<std::uint64_t> heads;
  for (Wanted& wanted : wanted_) {
    const std::uint32_t* counts = counts_.data() + wanted.group * kDigits;
    std::uint64_t digit = 0;
    while (wanted.place >= counts[digit]) wanted.place -= counts[digit++];
    wanted.head = wanted.head << kDigitBits | digit;
    if (heads.empty() || heads.back() != wanted.head) heads.push_back(wanted.head);
    wanted.group = heads.size() - 1;
  }
  heads_ = std::move(heads);
  pass_++;
  at_ = 0;
  counts_.assign(complete() ? 0 : heads_.size() * kDigits, 0);
}

double RankSearch::found(std::size_t index) const {
  double number = 0;
  keys::take_back(wanted_[index].head, number);
  return number;
}

}  // namespace anomalens
