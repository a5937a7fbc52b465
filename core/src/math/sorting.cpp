// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "math/sorting.hpp"

#include <bit>
#include <utility>

namespace anomalens {

namespace {

using Keys = std::vector<std::uint64_t>;

constexpr unsigned kDigitBits = 8;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

std::size_t digit(std::uint64_t key, unsigned shift) { return (key >> shift) % kDigits; }

/// Ascending, digit by digit from the lowest (Knuth, volume 3, 5.2.5); digits in which no two keys differ are passed over.
/// The bits below `shift` do not count.
void sort_keys(Keys& keys, unsigned shift = 0) {
  std::uint64_t differing = 0;
  for (const std::uint64_t key : keys) differing |= key ^ keys[0];
  Keys spare(keys.size());
  for (; shift < 64; shift += kDigitBits) {
    if (digit(differing, shift) == 0) continue;
    std::size_t starts[kDigits] = {};
    for (const std::uint64_t key : keys) starts[digit(key, shift)]++;
    std::size_t next = 0;
    for (std::size_t& start : starts) next += std::exchange(start, next);
    for (const std::uint64_t key : keys) spare[starts[digit(key, shift)]++] = key;
    keys.swap(spare);
  }
}

/// Unsigned integers in the order of the numbers whose bits they are: negative ones have all bits turned, the others the
/// sign alone.
template <class Bits>
Bits in_order(Bits bits) {
  constexpr Bits kSign = Bits{1} << (sizeof(Bits) * 8 - 1);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}
template <class Bits>
Bits out_of_order(Bits key) {
  constexpr Bits kSign = Bits{1} << (sizeof(Bits) * 8 - 1);
  return (key & kSign) != 0 ? key ^ kSign : ~key;
}

// Adding 0 makes 0 of -0.
std::uint32_t key_of(float number) { return in_order(std::bit_cast<std::uint32_t>(number + 0.F)); }
std::uint64_t key_of(double number) { return in_order(std::bit_cast<std::uint64_t>(number + 0.0)); }

void take_back(std::uint64_t key, float& number) {
  number = std::bit_cast<float>(out_of_order(static_cast<std::uint32_t>(key)));
}
void take_back(std::uint64_t key, double& number) { number = std::bit_cast<double>(out_of_order(key)); }

template <class Number>
void sort_numbers(std::vector<Number>& numbers) {
  Keys keys(numbers.size());
  for (std::size_t i = 0; i < keys.size(); i++) keys[i] = key_of(numbers[i]);
  sort_keys(keys);
  for (std::size_t i = 0; i < keys.size(); i++) take_back(keys[i], numbers[i]);
}

}  // namespace

void sort_ascending(std::vector<float>& numbers) { sort_numbers(numbers); }
void sort_ascending(std::vector<double>& numbers) { sort_numbers(numbers); }

std::vector<std::uint32_t> descending_order(std::span<const float> numbers) {
  Keys keys(numbers.size());
  for (std::size_t i = 0; i < keys.size(); i++) keys[i] = std::uint64_t{~key_of(numbers[i])} << 32 | i;
  sort_keys(keys, 32);
  std::vector<std::uint32_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); i++) order[i] = static_cast<std::uint32_t>(keys[i]);
  return order;
}

std::vector<std::uint32_t> ascending_order(std::span<const std::uint64_t> keys) {
  // Half of a key after the other, from the lower one: what is sorted holds the position beside 32 bits of the key.
  std::vector<std::uint32_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); i++) order[i] = static_cast<std::uint32_t>(i);
  Keys halves(keys.size());
  for (const unsigned half : {0U, 32U}) {
    for (std::size_t i = 0; i < order.size(); i++) {
      halves[i] = (keys[order[i]] >> half & 0xFFFFFFFFU) << 32 | order[i];
    }
    sort_keys(halves, 32);
    for (std::size_t i = 0; i < order.size(); i++) order[i] = static_cast<std::uint32_t>(halves[i]);
  }
  return order;
}

std::vector<std::uint32_t> descending_order(std::span<const double> numbers) {
  Keys keys(numbers.size());
  for (std::size_t i = 0; i < keys.size(); i++) keys[i] = ~key_of(numbers[i]);
  return ascending_order(keys);
}

float nth_smallest(std::span<const float> numbers, std::size_t n) {
  std::uint32_t prefix = 0;  // of the key looked for, in the digits above `shift`
  std::uint32_t settled = 0;
  for (unsigned shift = 32 - kDigitBits;; shift -= kDigitBits) {
    std::size_t counts[kDigits] = {};
    for (const float number : numbers) {
      const std::uint32_t key = key_of(number);
      if ((key & settled) == prefix) counts[digit(key, shift)]++;
    }
    std::uint32_t found = 0;
    while (found + 1 < kDigits && n >= counts[found]) n -= counts[found++];
    prefix |= found << shift;
    settled |= static_cast<std::uint32_t>(kDigits - 1) << shift;
    if (shift == 0) return std::bit_cast<float>(out_of_order(prefix));
  }
}

}  // namespace anomalens
