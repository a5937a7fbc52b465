// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "judging/ranking.hpp"

#include "math/sorting.hpp"

namespace anomalens {

// Sorting, and ties that fall together: one pass over the rows.
Ranking::Ranking(std::span<const float> all, std::span<const std::uint8_t> labels) {
  const std::vector<std::uint32_t> order = descending_order(all);
  double hit = 0;
  double alarm = 0;
  for (std::size_t i = 0; i < order.size();) {
    const float score = all[order[i]];
    double anomalous = 0;
    double normal = 0;
    do {
      (labels[order[i++]] != 0 ? anomalous : normal)++;
    } while (i < order.size() && all[order[i]] == score);
    scores.push_back(static_cast<double>(score));
    anomalies.push_back(anomalous);
    normals.push_back(normal);
    hits.push_back(hit += anomalous);
    alarms.push_back(alarm += normal);
  }
}

}  // namespace anomalens
