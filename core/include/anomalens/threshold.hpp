// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace anomalens {

/// How scores become verdicts: a row is an anomaly when its score is strictly above the threshold.
struct ThresholdRule {
  enum class Kind : int {
    kQuantile = 0,  ///< the `value` quantile of the scores, interpolated as numpy's default ("linear")
    kFixed = 1,     ///< `value` itself
  };
  Kind kind = Kind::kQuantile;
  /// kQuantile: q in (0, 1). kFixed: any finite number.
  double value = 0.95;

  /// Throws kBadOption naming `threshold`.
  void validate() const;
};

/// Quantile q in [0, 1] of `sorted` (ascending, not empty), in double precision: h = (n-1) q between its two neighbours.
double quantile_of_sorted(std::span<const float> sorted, double q);

/// The threshold that `rule` takes from `scores` (in any order, not empty).
double threshold_from(const ThresholdRule& rule, std::span<const float> scores);

}  // namespace anomalens
