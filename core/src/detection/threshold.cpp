// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "anomalens/error.hpp"
#include "range.hpp"

namespace anomalens {

void ThresholdRule::validate() const {
  switch (kind) {
    case Kind::kQuantile:
      if (value > 0 && value < 1) return;
      throw Error(ErrorCode::kBadOption,
                  "threshold must have a q above 0 and below 1, but it is " + decimal(value) + ".")
          .named("threshold");
    case Kind::kFixed:
      if (std::isfinite(value)) return;
      throw Error(ErrorCode::kBadOption, "threshold must have a finite value, but it is " + decimal(value) + ".")
          .named("threshold");
  }
}

double quantile_of_sorted(std::span<const float> sorted, double q) {
  const double h = static_cast<double>(sorted.size() - 1) * q;
  const double floor = std::floor(h);
  const auto i = static_cast<std::size_t>(floor);
  const double low = sorted[i];
  const double high = sorted[std::min(i + 1, sorted.size() - 1)];
  const double t = h - floor;
  const double step = high - low;
  // numpy interpolates from the nearer neighbour, so that q = 1 is the largest value exactly.
  return t < 0.5 ? low + step * t : high - step * (1 - t);
}

double threshold_from(const ThresholdRule& rule, std::span<const float> scores) {
  rule.validate();
  if (rule.kind == ThresholdRule::Kind::kFixed) return rule.value;
  std::vector<float> sorted(scores.begin(), scores.end());
  std::sort(sorted.begin(), sorted.end());
  return quantile_of_sorted(sorted, rule.value);
}

}  // namespace anomalens
