// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

/// Elementary functions in double precision whose bits do not depend on the engine's mathematical library.
/// Relative error below 1e-15; finite arguments only, no special cases beyond those named.
namespace anomalens::elementary {

/// Natural logarithm of a positive normal number. x = m 2^e, m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m-1)/(m+1)).
inline double log(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const double t = (m - 1) / (m + 1);
  const double s = t * t;  // at most 0.0295: eleven terms of the series reach below 1e-17
  double sum = 0;
  for (int k = 21; k >= 3; k -= 2) sum = (sum + 1.0 / k) * s;
  // ln 2 in two parts: the first has 21 trailing zero bits, so that its multiples are exact.
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  const auto e = static_cast<double>(exponent);
  return e * kLn2High + (2 * t + (2 * t * sum + e * kLn2Low));
}

/// e^x. Below -708 the result is 0, above 709 it is the largest finite number.
inline double exp(double x) noexcept {
  if (x < -708) return 0;
  if (x > 709) return 1.7976931348623157e308;
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  const auto n = static_cast<std::int64_t>(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - static_cast<double>(n) * kLn2High) - static_cast<double>(n) * kLn2Low;
  double sum = 1;  // |r| <= 0.347: fourteen terms reach below 1e-17
  for (int k = 14; k >= 1; k--) sum = 1 + sum * r / k;
  const double power = std::bit_cast<double>(static_cast<std::uint64_t>(n / 2 + 1023) << 52);
  const double rest = std::bit_cast<double>(static_cast<std::uint64_t>(n - n / 2 + 1023) << 52);
  return sum * power * rest;
}

/// cos(pi x) for x in [0, 1].
inline double cos_pi(double x) noexcept {
  const bool mirrored = x > 0.5;
  const double t = (mirrored ? 1 - x : x) * 3.141592653589793;
  const double s = t * t;  // at most 2.47
  double sum = 1;
  for (int k = 22; k >= 2; k -= 2) sum = 1 - sum * s / (k * (k - 1));
  return mirrored ? -sum : sum;
}

/// cos and sin of an angle of `turn` whole turns, 0 to below 1.
inline double cos_turn(double turn) noexcept { return cos_pi(turn > 0.5 ? 2 - 2 * turn : 2 * turn); }
inline double sin_turn(double turn) noexcept {
  const double shifted = turn - 0.25;  // sin(a) = cos(a - a quarter)
  return cos_turn(shifted < 0 ? -shifted : shifted);
}

/// The angle of a point in turns, 0 to below 1: a guess corrected by the tangent of what it is off, cubically.
inline double turn_of(double sine, double cosine) noexcept {
  const double x = cosine < 0 ? -cosine : cosine;
  const double y = sine < 0 ? -sine : sine;
  const double ratio = y > x ? x / y : y / x;
  double turn = ratio * 0.125;  // of atan(ratio), an eighth at most
  for (int step = 0; step < 4; step++) {
    // tan(atan(ratio) - a) = (ratio - tan a) / (1 + ratio tan a), small after the first step
    const double tangent = sin_turn(turn) / cos_turn(turn);
    const double rest = (ratio - tangent) / (1 + ratio * tangent);
    turn += (rest - rest * rest * rest / 3) / 6.283185307179586;
  }
  if (y > x) turn = 0.25 - turn;
  if (cosine < 0) turn = 0.5 - turn;
  return sine < 0 ? (turn > 0 ? 1 - turn : 0) : turn;
}

}  // namespace anomalens::elementary
