// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace anomalens {

/// Quantile q in [0, 1] of `sorted` (ascending, not empty), in double precision, as numpy's default ("linear"):
/// h = (n - 1) q, between the neighbours of h, from the nearer one, so that q = 1 is the largest value exactly.
template <class Number>
double quantile_of_sorted(std::span<const Number> sorted, double q) {
  const double h = static_cast<double>(sorted.size() - 1) * q;
  const double floor = std::floor(h);
  const auto i = static_cast<std::size_t>(floor);
  const auto low = static_cast<double>(sorted[i]);
  const auto high = static_cast<double>(sorted[std::min(i + 1, sorted.size() - 1)]);
  const double t = h - floor;
  const double step = high - low;
  return t < 0.5 ? low + step * t : high - step * (1 - t);
}

}  // namespace anomalens
