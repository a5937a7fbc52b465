// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "detection/committee.hpp"
#include "detection/scorer.hpp"

namespace anomalens {

/// A committee's statistics on their way, piece by piece: residuals of a group of rows, then one column, then whole rows.
class StatisticsFit {
 public:
  /// Over the given rows of a scaled, row-major table; large ones are sampled evenly. Complete at once for a single net,
  /// which has no statistics.
  StatisticsFit(Scorer& scorer, const float* table, std::span<const std::uint32_t> rows);

  bool complete() const { return complete_; }
  /// One piece. With the last one the scorer has its statistics.
  void advance();

 private:
  Scorer* scorer_;
  committee::Sample sample_;
  CommitteeStatistics found_;
  std::size_t rows_ = 0;     ///< whose residuals are known
  std::size_t columns_ = 0;  ///< that are fitted
  bool complete_ = false;
};

}  // namespace anomalens
