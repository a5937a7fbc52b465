// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace anomalens {

/// Mersenne Twister (Matsumoto & Nishimura 1998), the stream of `torch.manual_seed(seed)` and std::mt19937.
/// Everything random in the library is drawn from this one family, by the functions below only: the same bits everywhere.
class Mt19937 {
 public:
  explicit Mt19937(std::uint32_t seed) noexcept;

  std::uint32_t next() noexcept {
    if (at_ == kWords) twist();
    std::uint32_t y = words_[at_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9D2C5680U;
    y ^= (y << 15) & 0xEFC60000U;
    return y ^ (y >> 18);
  }
  /// First draw in the high half, as PyTorch's random64().
  std::uint64_t next64() noexcept;

  /// U(low, high) in float32 as PyTorch draws it: 24 random bits, x * (high - low) + low rounded once.
  float uniform(float low, float high) noexcept;
  /// U[0, 1) with 53 random bits.
  double uniform() noexcept;
  /// N(0, 1) by the polar method (Marsaglia & Bray 1964).
  double normal() noexcept;
  /// 0 <= result < bound, without bias worth speaking of (64-bit product).
  std::uint32_t below(std::uint32_t bound) noexcept;

 private:
  static constexpr std::size_t kWords = 624;
  // Apart from next(), which is short enough to be inlined without it.
  [[gnu::noinline]] void twist() noexcept;

  std::array<std::uint32_t, kWords> words_;
  std::size_t at_ = kWords;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// Fisher-Yates as torch.randperm: for i < n - 1 swap order[i] with order[i + next() % (n - i)].
[[gnu::noinline]] void shuffle(std::span<std::uint32_t> order, Mt19937& random) noexcept;

/// The row order of one epoch of `DataLoader(shuffle=True)`: two 64-bit draws from `random` (the second one seeds the
/// epoch's own generator), then `shuffle` of 0..n-1.
void pytorch_epoch_order(std::span<std::uint32_t> order, Mt19937& random) noexcept;

/// An independent seed for stream number `stream` of a model seeded with `seed` (splitmix64 finaliser, Steele 2014).
std::uint32_t derived_seed(std::uint32_t seed, std::uint32_t stream) noexcept;

}  // namespace anomalens
