// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace anomalens {

/// The place of quantile q among `count` numbers (not 0) in ascending order: `share` of the way from number `at` to `next`.
struct QuantilePlace {
  std::size_t at;
  std::size_t next;
  double share;

  QuantilePlace(std::size_t count, double q) {
    const double h = static_cast<double>(count - 1) * q;
    const double floor = std::floor(h);
    at = static_cast<std::size_t>(floor);
    next = std::min(at + 1, count - 1);
    share = h - floor;
  }
  /// From the nearer of the two numbers, so that q = 1 is the largest one exactly.
  double between(double low, double high) const {
    const double step = high - low;
    return share < 0.5 ? low + step * share : high - step * (1 - share);
  }
};

/// Quantile q in [0, 1] of `sorted` (ascending, not empty), in double precision, as numpy's default ("linear"):
/// h = (n - 1) q, between the neighbours of h.
template <class Number>
double quantile_of_sorted(std::span<const Number> sorted, double q) {
  const QuantilePlace place(sorted.size(), q);
  return place.between(static_cast<double>(sorted[place.at]), static_cast<double>(sorted[place.next]));
}

}  // namespace anomalens
