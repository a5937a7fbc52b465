// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

/// Unsigned integers in the order of the numbers whose bits they are, and the way back.
namespace anomalens::keys {

/// Negative numbers have all bits turned, the others the sign alone.
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
inline std::uint32_t key_of(float number) { return in_order(std::bit_cast<std::uint32_t>(number + 0.F)); }
inline std::uint64_t key_of(double number) { return in_order(std::bit_cast<std::uint64_t>(number + 0.0)); }

inline void take_back(std::uint64_t key, float& number) {
  number = std::bit_cast<float>(out_of_order(static_cast<std::uint32_t>(key)));
}
inline void take_back(std::uint64_t key, double& number) { number = std::bit_cast<double>(out_of_order(key)); }

}  // namespace anomalens::keys
