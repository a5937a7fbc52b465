// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "judging/ranking.hpp"
#include "math/ordered.hpp"
#include "math/tensor.hpp"
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

}  // namespace

double auroc(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  const Ranking ranking(scores, labels);
  const auto anomalies = tensor(ranking.anomalies);
  const auto normals = tensor(ranking.normals);
  const auto hits = tensor(ranking.hits);
  return ordered::sum(normals * (hits - anomalies / 2)) / (ranking.hits.back() * ranking.alarms.back());
}

double average_precision(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  const Ranking ranking(scores, labels);
  const auto anomalies = tensor(ranking.anomalies);
  const auto hits = tensor(ranking.hits);
  const auto alarms = tensor(ranking.alarms);
  return ordered::sum(anomalies * (hits / (hits + alarms))) / ranking.hits.back();
}

double precision_at(std::span<const float> scores, std::span<const std::uint8_t> labels, std::size_t k) {
  check(scores, labels);
  check_range("k", static_cast<double>(k), 1, static_cast<double>(scores.size()));
  const Ranking ranking(scores, labels);
  const auto anomalies = tensor(ranking.anomalies);
  const auto tied = anomalies + tensor(ranking.normals);
  const auto higher = tensor(ranking.hits) + tensor(ranking.alarms) - tied;
  const auto taken = xt::clip(static_cast<double>(k) - higher, 0.0, tied);
  return ordered::sum(anomalies * (taken / tied)) / static_cast<double>(k);
}

Confusion confusion(std::span<const float> scores, std::span<const std::uint8_t> labels, double threshold) {
  check(scores, labels);
  const auto flagged = tensor(scores) > threshold;
  const auto anomaly = xt::equal(tensor(labels), 1);
  Confusion table;
  table.true_positives = ordered::count(flagged && anomaly);
  table.false_positives = ordered::count(flagged) - table.true_positives;
  table.false_negatives = ordered::count(anomaly) - table.true_positives;
  table.true_negatives = scores.size() - table.true_positives - table.false_positives - table.false_negatives;
  return table;
}

Curve curve(std::span<const float> scores, std::span<const std::uint8_t> labels) {
  check(scores, labels);
  Ranking ranking(scores, labels);
  const auto hits = tensor(ranking.hits);
  const auto alarms = tensor(ranking.alarms);
  Curve points;
  for (auto* rates : {&points.true_positive_rate, &points.false_positive_rate, &points.precision}) {
    rates->resize(ranking.scores.size());
  }
  ordered::assign(points.true_positive_rate, hits / ranking.hits.back());
  ordered::assign(points.false_positive_rate, alarms / ranking.alarms.back());
  ordered::assign(points.precision, hits / (hits + alarms));
  points.thresholds = std::move(ranking.scores);
  return points;
}

}  // namespace anomalens::metrics
