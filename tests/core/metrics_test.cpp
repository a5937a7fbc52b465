// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/metrics.hpp"

#include "data/statistics.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

TEST_SUITE_BEGIN("metrics");

TEST_CASE("areas and curves are scikit-learn's, ties included") {
  for (const fixtures::Judged& known : fixtures::kJudged) {
    CAPTURE(known.auroc);
    CHECK(metrics::auroc(known.scores, known.labels) == doctest::Approx(known.auroc).epsilon(1e-13));
    CHECK(metrics::average_precision(known.scores, known.labels) ==
          doctest::Approx(known.average_precision).epsilon(1e-13));
    const metrics::Curve curve = metrics::curve(known.scores, known.labels);
    CHECK(distance(curve.thresholds, known.thresholds) == 0);
    CHECK(distance(curve.true_positive_rate, known.true_positive_rate, 1) < 1e-14);
    CHECK(distance(curve.false_positive_rate, known.false_positive_rate, 1) < 1e-14);
  }
}

TEST_CASE("AUROC and the precisions are their definitions, pair by pair") {
  Mt19937 random(2);
  for (int trial = 0; trial < 20; trial++) {
    std::vector<float> scores(30);
    std::vector<std::uint8_t> labels(30);
    for (std::size_t i = 0; i < 30; i++) {
      scores[i] = static_cast<float>(random.below(trial % 2 == 0 ? 4 : 1000));
      labels[i] = i < 2 ? static_cast<std::uint8_t>(i) : static_cast<std::uint8_t>(random.below(3) == 0);
    }
    double pairs = 0;
    double wins = 0;
    for (std::size_t a = 0; a < 30; a++) {
      for (std::size_t n = 0; n < 30; n++) {
        if (labels[a] != 1 || labels[n] != 0) continue;
        pairs++;
        wins += scores[a] > scores[n] ? 1 : scores[a] == scores[n] ? 0.5 : 0;
      }
    }
    CHECK(metrics::auroc(scores, labels) == doctest::Approx(wins / pairs).epsilon(1e-14));
    const metrics::Curve curve = metrics::curve(scores, labels);
    for (std::size_t i = 0; i < curve.thresholds.size(); i++) {
      const double threshold = std::nextafter(curve.thresholds[i], -1.0);
      const metrics::Confusion table = metrics::confusion(scores, labels, threshold);
      const std::size_t flagged = table.true_positives + table.false_positives;
      CHECK(table.true_positives + table.false_positives + table.true_negatives + table.false_negatives == 30);
      const double precision = static_cast<double>(table.true_positives) / static_cast<double>(flagged);
      CHECK(curve.precision[i] == doctest::Approx(precision));
      CHECK(metrics::precision_at(scores, labels, flagged) == doctest::Approx(precision));
    }
  }
}

TEST_CASE("rows tied at the border of the k highest count by their share") {
  const std::vector<float> scores = {3, 2, 2, 2, 1};
  const std::vector<std::uint8_t> labels = {1, 1, 0, 0, 1};
  CHECK(metrics::precision_at(scores, labels, 1) == 1);
  CHECK(metrics::precision_at(scores, labels, 2) == doctest::Approx((1 + 1 / 3.0) / 2));
  CHECK(metrics::precision_at(scores, labels, 4) == 0.5);
  CHECK(metrics::precision_at(scores, labels, 5) == doctest::Approx(0.6));
}

TEST_CASE("a score at the threshold is not flagged") {
  const metrics::Confusion table =
      metrics::confusion(std::vector<float>{1, 2, 2, 3}, std::vector<std::uint8_t>{0, 1, 0, 1}, 2);
  CHECK(table.true_positives == 1);
  CHECK(table.false_negatives == 1);
  CHECK(table.true_negatives == 2);
  CHECK(table.false_positives == 0);
}

TEST_CASE("metrics refuse what they cannot judge") {
  const std::vector<float> scores = {1, 2, 3};
  const auto judge = [&](std::vector<std::uint8_t> labels) { metrics::auroc(scores, labels); };
  CHECK_CODE(judge({0, 1}), ErrorCode::kShape);
  CHECK_CODE(judge({0, 0, 0}), ErrorCode::kShape);
  CHECK_CODE(judge({1, 1, 1}), ErrorCode::kShape);
  CHECK_CODE(judge({0, 1, 2}), ErrorCode::kShape);
  const std::vector<std::uint8_t> labels = {0, 1, 0};
  const std::vector<float> broken = {1, 2, kFloatNaN};
  CHECK_CODE(metrics::average_precision(broken, labels), ErrorCode::kNonFinite);
  CHECK_CODE(metrics::curve(broken, labels), ErrorCode::kNonFinite);
  CHECK_CODE(metrics::confusion(broken, labels, 1), ErrorCode::kNonFinite);
  check_option([&] { metrics::precision_at(scores, labels, 0); }, "k");
  check_option([&] { metrics::precision_at(scores, labels, 4); }, "k");
}

TEST_SUITE_END();

}  // namespace anomalens::testing
