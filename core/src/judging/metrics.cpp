// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/metrics.hpp"

#include <algorithm>
#include <cmath>

#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens::metrics {

namespace {

void check(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  if (scores.size() != labels.size()) {
    refuse(ErrorCode::kShape, Reason::kScoresAndLabels, {scores.size(), labels.size()});
  }
  const auto broken = std::ranges::find_if(labels, [](std::uint8_t label) { return label > 1; });
  if (broken != labels.end()) refuse(ErrorCode::kShape, Reason::kLabelNotZeroOrOne, {broken - labels.begin()});
  const auto anomalies = static_cast<std::size_t>(std::ranges::count(labels, 1));
  if (anomalies == 0 || anomalies == labels.size()) {
    refuse(ErrorCode::kShape, Reason::kLabelsOfOneKind, {anomalies == 0 ? 0 : 1});
  }
  for (std::size_t i = 0; i < scores.size(); i++) {
    if (!std::isnan(scores[i])) continue;
    refuse(ErrorCode::kNonFinite, Reason::kScoreNotANumber, {}, {i, {}});
  }
}

/// Calls visit(score, anomalies, normals) for every distinct score, descending.
template <class Visit>
void for_distinct(std::span<const float> scores, std::span<const std::uint8_t> labels, Visit visit) {
  const std::vector<std::uint32_t> order = descending_order(scores);
  for (std::size_t i = 0; i < order.size();) {
    const float score = scores[order[i]];
    double anomalies = 0;
    double normals = 0;
    for (; i < order.size() && scores[order[i]] == score; i++) (labels[order[i]] != 0 ? anomalies : normals)++;
    visit(score, anomalies, normals);
  }
}

}  // namespace

double auroc(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  double above = 0;  // anomalies with a higher score than the present one
  double pairs = 0;
  double normals_in_all = 0;
  for_distinct(scores, labels, [&](float, double anomalies, double normals) {
    pairs += normals * (above + anomalies / 2);
    above += anomalies;
    normals_in_all += normals;
  });
  return pairs / (above * normals_in_all);
}

double average_precision(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  double hits = 0;
  double flagged = 0;
  double sum = 0;
  for_distinct(scores, labels, [&](float, double anomalies, double normals) {
    hits += anomalies;
    flagged += anomalies + normals;
    sum += anomalies * (hits / flagged);
  });
  return sum / hits;
}

double precision_at(std::span<const float> scores, std::span<const std::uint8_t> labels, std::size_t k) {
  check(scores, labels);
  check_range("k", static_cast<double>(k), 1, static_cast<double>(scores.size()));
  double left = static_cast<double>(k);
  double hits = 0;
  for_distinct(scores, labels, [&](float, double anomalies, double normals) {
    const double taken = std::min(left, anomalies + normals);
    hits += anomalies * (taken / (anomalies + normals));
    left -= taken;
  });
  return hits / static_cast<double>(k);
}

Confusion confusion(std::span<const float> scores, std::span<const std::uint8_t> labels, double threshold) {
  check(scores, labels);
  Confusion table;
  for (std::size_t i = 0; i < scores.size(); i++) {
    const bool flagged = static_cast<double>(scores[i]) > threshold;
    if (labels[i] != 0) {
      (flagged ? table.true_positives : table.false_negatives)++;
    } else {
      (flagged ? table.false_positives : table.true_negatives)++;
    }
  }
  return table;
}

Curve curve(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  const auto anomalies_in_all = static_cast<double>(std::count(labels.begin(), labels.end(), 1));
  const auto normals_in_all = static_cast<double>(labels.size()) - anomalies_in_all;
  Curve points;
  double hits = 0;
  double alarms = 0;
  for_distinct(scores, labels, [&](float score, double anomalies, double normals) {
    hits += anomalies;
    alarms += normals;
    points.thresholds.push_back(static_cast<double>(score));
    points.true_positive_rate.push_back(hits / anomalies_in_all);
    points.false_positive_rate.push_back(alarms / normals_in_all);
    points.precision.push_back(hits / (hits + alarms));
  });
  return points;
}

}  // namespace anomalens::metrics
