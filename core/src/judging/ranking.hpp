// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace anomalens {

/// The distinct scores, descending, and the counts of rows that rates and curves are made of. One element per distinct score.
struct Ranking {
  /// `all`: scores in any order; `labels`: 1 = anomaly, 0 = normal, one a score.
  Ranking(std::span<const float> all, std::span<const std::uint8_t> labels);

  std::vector<double> scores;
  std::vector<double> anomalies;  ///< with this very score
  std::vector<double> normals;
  std::vector<double> hits;    ///< anomalies with at least this score
  std::vector<double> alarms;  ///< normal rows with at least this score
};

}  // namespace anomalens
