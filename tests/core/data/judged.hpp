// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace anomalens::fixtures {

/// A committee of given weights, its scores and shares.
struct Committee {
  std::size_t columns;
  std::span<const double> train;
  std::span<const double> test;
  std::span<const float> members;  ///< parameters of all members, one after another
  std::span<const double> own;     ///< scores of the training rows
  std::span<const double> scores;  ///< of the test rows
  std::span<const double> shares;
  double mad;  ///< median + 3.5 * 1.4826 * median absolute deviation of `own`
};

/// Scores in any order, labels, and what other libraries make of them.
struct Judged {
  std::span<const float> scores;
  std::span<const std::uint8_t> labels;
  double auroc;
  double average_precision;
  double best_f1;
  std::span<const double> thresholds;  ///< of the ROC curve, descending, every distinct score
  std::span<const double> true_positive_rate;
  std::span<const double> false_positive_rate;
};

/// Scores and the thresholds that rules take from them, one a level.
struct Rules {
  std::span<const float> scores;
  std::span<const double> mad;            ///< for kMadLevels
  std::span<const double> contamination;  ///< for kContaminationLevels
};

/// At least 500 scores, the tail fitted to them and what it predicts for kTailLevels.
struct Tail {
  std::span<const float> scores;
  double shape;
  double scale;
  std::span<const double> thresholds;
};

/// p-values and the discoveries at a rate.
struct Discoveries {
  double rate;
  std::span<const double> p_values;
  std::span<const std::uint8_t> found;
};

}  // namespace anomalens::fixtures
