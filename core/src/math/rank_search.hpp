// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace anomalens {

/// Finds the numbers that ascending order would put at some places, in pieces of any size: to sort a million numbers takes
/// longer than an event loop may stand still. The numbers are passed over four times, once for every 16 bits of their keys.
class RankSearch {
 public:
  RankSearch() = default;
  /// `places` ascend, below numbers.size(). The numbers, none of them NaN, must outlive the search.
  RankSearch(std::span<const double> numbers, const std::vector<std::size_t>& places);

  /// Looks at the next `count` numbers at most; returns how many those were.
  std::size_t advance(std::size_t count);
  bool complete() const { return pass_ == kPasses; }
  /// The number at place number `index` of the list of places, when complete; -0 counts as 0.
  double found(std::size_t index) const;

 private:
  static constexpr unsigned kDigitBits = 16;
  static constexpr unsigned kPasses = 64 / kDigitBits;
  struct Wanted {
    std::size_t place;       ///< among the numbers whose keys begin with `head`
    std::uint64_t head = 0;  ///< digits of the key that are known
    std::size_t group = 0;   ///< which of the heads that is
  };
  /// At the end of a pass: one more digit of every key is known.
  void go_deeper();

  std::span<const double> numbers_;
  std::vector<Wanted> wanted_;
  std::vector<std::uint64_t> heads_;   ///< different ones
  std::vector<std::uint32_t> counts_;  ///< numbers with each next digit, head by head
  unsigned pass_ = 0;
  std::size_t at_ = 0;
};

}  // namespace anomalens
