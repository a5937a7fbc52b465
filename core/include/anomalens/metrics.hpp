// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// How well scores agree with labels (1 = anomaly, 0 = normal). Equal to scikit-learn's, ties included. All throw kShape
/// unless there are as many labels as scores and both kinds of label, kNonFinite for a score that is NaN.
namespace anomalens::metrics {

/// Area under the ROC curve: the share of (anomaly, normal) pairs in which the anomaly scores higher, ties counting half.
double auroc(std::span<const float> scores, std::span<const std::uint8_t> labels);

/// sum over distinct scores, descending, of (R_k - R_(k-1)) P_k.
double average_precision(std::span<const float> scores, std::span<const std::uint8_t> labels);

/// Share of anomalies among the `k` highest scores (1 <= k <= rows); rows tied at the border count by their share.
/// Throws kBadOption for another k.
double precision_at(std::span<const float> scores, std::span<const std::uint8_t> labels, std::size_t k);

/// Verdicts at a threshold: a row is flagged when its score is strictly above it.
struct Confusion {
  std::size_t true_positives = 0;
  std::size_t false_positives = 0;
  std::size_t true_negatives = 0;
  std::size_t false_negatives = 0;
};
Confusion confusion(std::span<const float> scores, std::span<const std::uint8_t> labels, double threshold);

/// One point for every distinct score, descending: what flagging all rows with at least that score gives.
struct Curve {
  std::vector<double> thresholds;
  std::vector<double> true_positive_rate;  ///< recall
  std::vector<double> false_positive_rate;
  std::vector<double> precision;
};
Curve curve(std::span<const float> scores, std::span<const std::uint8_t> labels);

}  // namespace anomalens::metrics
