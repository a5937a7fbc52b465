// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "random/mt19937.hpp"

#include <cmath>
#include <numeric>
#include <utility>

#include "math/elementary.hpp"

namespace anomalens {

Mt19937::Mt19937(std::uint32_t seed) noexcept {
  words_[0] = seed;
  for (std::uint32_t i = 1; i < kWords; i++) {
    words_[i] = 1812433253U * (words_[i - 1] ^ (words_[i - 1] >> 30)) + i;
  }
}

void Mt19937::twist() noexcept {
  constexpr std::size_t kShift = 397;
  const auto renew = [&](std::size_t at, std::size_t next, std::size_t shifted) {
    const std::uint32_t mixed = (words_[at] & 0x80000000U) | (words_[next] & 0x7FFFFFFFU);
    words_[at] = words_[shifted] ^ (mixed >> 1) ^ ((mixed & 1U) * 0x9908B0DFU);
  };
  for (std::size_t i = 0; i < kWords - kShift; i++) renew(i, i + 1, i + kShift);
  for (std::size_t i = kWords - kShift; i + 1 < kWords; i++) renew(i, i + 1, i + kShift - kWords);
  renew(kWords - 1, 0, kShift - 1);
  at_ = 0;
}

std::uint64_t Mt19937::next64() noexcept {
  const std::uint64_t high = next();
  return (high << 32) | next();
}

float Mt19937::uniform(float low, float high) noexcept {
  const double unit = static_cast<double>(next() & 0xFFFFFFU) * 0x1p-24;
  // Exact in double (24-bit unit times 24-bit width), so that the one rounding is that of a fused multiply-add.
  return static_cast<float>(unit * static_cast<double>(high - low) + static_cast<double>(low));
}

double Mt19937::uniform() noexcept { return static_cast<double>(next64() >> 11) * 0x1p-53; }

double Mt19937::normal() noexcept {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  double x = 0;
  double y = 0;
  double squared = 0;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    squared = x * x + y * y;
  } while (squared >= 1 || squared == 0);
  const double factor = std::sqrt(-2 * elementary::log(squared) / squared);
  spare_ = y * factor;
  has_spare_ = true;
  return x * factor;
}

std::uint32_t Mt19937::below(std::uint32_t bound) noexcept {
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next()) * bound) >> 32);
}

void shuffle(std::span<std::uint32_t> order, Mt19937& random) noexcept {
  const auto n = static_cast<std::uint32_t>(order.size());
  for (std::uint32_t i = 0; i + 1 < n; i++) std::swap(order[i], order[i + random.next() % (n - i)]);
}

void pytorch_epoch_order(std::span<std::uint32_t> order, Mt19937& random) noexcept {
  random.next64();  // the loader's own base seed, unused without worker processes
  // randperm's generator takes the low 32 of the 63 bits that the sampler draws.
  Mt19937 epoch(static_cast<std::uint32_t>(random.next64()));
  std::iota(order.begin(), order.end(), 0U);
  shuffle(order, epoch);
}

std::uint32_t derived_seed(std::uint32_t seed, std::uint32_t stream) noexcept {
  std::uint64_t z = (static_cast<std::uint64_t>(seed) << 32 | stream) + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

}  // namespace anomalens
