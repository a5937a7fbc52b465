// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <limits>

/// What becomes of results that a float cannot hold: a net with large weights, or fed a wild row, may compute inf and
/// inf - inf on its way, but nobody is told a number that is none.
namespace anomalens::finite {

constexpr float kLargest = std::numeric_limits<float>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kLargestDouble = std::numeric_limits<double>::max();

/// The nearest finite number; 0, a column's centre, for NaN.
inline float held(float x) { return x != x ? 0.F : std::clamp(x, -kLargest, kLargest); }

/// An error or a score, which are not below 0. What overflowed, NaN included, is as strange as can be.
inline float error(float x) { return x < kLargest ? x : kLargest; }

/// Rounded once; beyond the largest float, that. NaN, which may stand for "no cell", stays.
inline float narrowed(double x) {
  return static_cast<float>(std::clamp(x, -static_cast<double>(kLargest), static_cast<double>(kLargest)));
}

/// The nearest finite double. NaN stays.
inline double held(double x) { return std::clamp(x, -kLargestDouble, kLargestDouble); }

}  // namespace anomalens::finite
