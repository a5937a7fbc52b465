// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/threshold.hpp"

#include "anomalens/metrics.hpp"
#include "data/numpy_quantiles.hpp"
#include "data/statistics.hpp"
#include "math/quantile.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

using Kind = ThresholdRule::Kind;

ThresholdRule quantile(double q) { return rule(Kind::kQuantile, q); }
ThresholdRule fixed(double value) { return rule(Kind::kFixed, value); }

}  // namespace

TEST_SUITE_BEGIN("threshold");

TEST_CASE("quantiles are numpy's to the last bit: one value, ties, many magnitudes") {
  for (const fixtures::Quantiles& known : fixtures::kQuantiles) {
    std::vector<float> sorted(known.values.begin(), known.values.end());
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < std::size(fixtures::kQuantileLevels); i++) {
      CAPTURE(known.values.size());
      CAPTURE(fixtures::kQuantileLevels[i]);
      CHECK(quantile_of_sorted(std::span<const float>(sorted), fixtures::kQuantileLevels[i]) == known.quantiles[i]);
      CHECK(threshold_from(quantile(fixtures::kQuantileLevels[i]), known.values) == known.quantiles[i]);
    }
  }
}

TEST_CASE("the quantiles 0 and 1 are the smallest and the largest value") {
  const std::vector<float> sorted = {0.1F, 0.7F, 0.9F};
  CHECK(quantile_of_sorted(std::span<const float>(sorted), 0) == 0.1F);
  CHECK(quantile_of_sorted(std::span<const float>(sorted), 1) == 0.9F);
}

TEST_CASE("the order of the scores does not matter and they stay in it") {
  const std::vector<float> scores = {5, 1, 4, 2, 3};
  const std::vector<float> before = scores;
  CHECK(threshold_from(quantile(0.5), scores) == 3);
  CHECK(scores == before);
}

TEST_CASE("a fixed threshold is itself, whatever the scores") {
  const std::vector<float> scores = {1, 2};
  CHECK(threshold_from(fixed(-0.25), scores) == -0.25);
}

TEST_CASE("rules out of range are refused by name") {
  for (const ThresholdRule& bad :
       {quantile(0), quantile(1), quantile(-0.1), quantile(1.5), quantile(kNaN), fixed(kNaN), fixed(kInfinity),
        rule(Kind::kConformal, 0), rule(Kind::kConformal, 0.51), rule(Kind::kContamination, 0),
        rule(Kind::kContamination, 0.51), rule(Kind::kMad, 0), rule(Kind::kMad, 101), rule(Kind::kMad, kNaN),
        rule(Kind::kTail, 0), rule(Kind::kTail, 0.6)}) {
    CAPTURE(static_cast<int>(bad.kind));
    CAPTURE(bad.value);
    check_option([&] { bad.validate(3); }, "threshold.value");
  }
  for (const double rate : {-0.1, 1.0, kNaN}) {
    ThresholdRule bad = rule(Kind::kFalsePositiveRate, rate);
    bad.labels = {0, 1, 0};
    check_option([&] { bad.validate(3); }, "threshold.value");
  }
}

TEST_CASE("labels of the wrong length, of one kind only or of a third kind are refused") {
  for (const Kind kind : {Kind::kFalsePositiveRate, Kind::kBestF1}) {
    ThresholdRule labelled = rule(kind, 0.1);
    for (const std::vector<std::uint8_t>& labels :
         std::vector<std::vector<std::uint8_t>>{{}, {0, 1}, {0, 1, 0, 1}, {0, 0, 0}, {1, 1, 1}, {0, 1, 2}}) {
      CAPTURE(labels.size());
      labelled.labels = labels;
      check_option([&] { labelled.validate(3); }, "threshold.labels");
      check_option([&] { threshold_from(labelled, std::vector<float>{1, 2, 3}); }, "threshold.labels");
    }
    labelled.labels = {0, 1, 0};
    labelled.validate(3);
  }
}

TEST_CASE("rules say how many scores they need") {
  CHECK(rule(Kind::kConformal, 0.05).fewest_scores() == 19);
  CHECK(rule(Kind::kConformal, 0.01).fewest_scores() == 99);
  CHECK(rule(Kind::kConformal, 0.3).fewest_scores() == 3);
  CHECK(rule(Kind::kTail, 0.01).fewest_scores() == 500);
  std::vector<float> scores(18, 1.F);
  check_option([&] { threshold_from(rule(Kind::kConformal, 0.05), scores); }, "threshold");
  scores.push_back(2);
  CHECK(threshold_from(rule(Kind::kConformal, 0.05), scores) == 2);
  scores.resize(499);
  check_option([&] { threshold_from(rule(Kind::kTail, 0.01), scores); }, "threshold");
}

TEST_CASE("the median rule and the contamination rule are numpy's formulas") {
  for (const fixtures::Rules& known : fixtures::kRules) {
    CAPTURE(known.scores.size());
    for (std::size_t i = 0; i < std::size(fixtures::kMadLevels); i++) {
      const double got = threshold_from(rule(Kind::kMad, fixtures::kMadLevels[i]), known.scores);
      CHECK(got == doctest::Approx(known.mad[i]).epsilon(1e-6));
    }
    for (std::size_t i = 0; i < std::size(fixtures::kContaminationLevels); i++) {
      const ThresholdRule share = rule(Kind::kContamination, fixtures::kContaminationLevels[i]);
      CHECK(threshold_from(share, known.scores) == known.contamination[i]);
    }
  }
}

TEST_CASE("the tail is fitted by weighted moments and reaches as far as scipy's distribution") {
  for (const fixtures::Tail& known : fixtures::kTails) {
    CAPTURE(known.shape);
    std::vector<float> sorted(known.scores.begin(), known.scores.end());
    std::sort(sorted.begin(), sorted.end());
    const TailFit fit = fit_tail(sorted);
    CHECK(fit.shape == doctest::Approx(known.shape).epsilon(1e-6));
    CHECK(fit.scale == doctest::Approx(known.scale).epsilon(1e-6));
    for (std::size_t i = 0; i < std::size(fixtures::kTailLevels); i++) {
      const double got = threshold_from(rule(Kind::kTail, fixtures::kTailLevels[i]), known.scores);
      CHECK(got == doctest::Approx(known.thresholds[i]).epsilon(1e-6));
    }
  }
  const TailFit straight{1, 0.02, 0, 2};
  CHECK(straight.exceeded_with(0.002) == doctest::Approx(1 + 2 * std::log(10)));
  const TailFit nearly{1, 0.02, 1e-5, 2};
  CHECK(nearly.exceeded_with(0.002) == doctest::Approx(straight.exceeded_with(0.002)).epsilon(1e-4));
  const std::vector<float> equal(600, 3.F);
  CHECK(threshold_from(rule(Kind::kTail, 0.01), equal) == 3);
}

TEST_CASE("conformal: a score is flagged exactly where its p-value is at most alpha, ties included") {
  Mt19937 random(12);
  for (int trial = 0; trial < 60; trial++) {
    const std::size_t m = 1 + random.below(150);
    const std::uint32_t distinct = trial % 3 == 0 ? 4 : 100000;
    std::vector<float> scores(m);
    for (float& score : scores) score = static_cast<float>(random.below(distinct)) / 7;
    std::vector<float> sorted = scores;
    std::sort(sorted.begin(), sorted.end());
    for (const double alpha : {0.01, 0.02, 0.05, 0.1, 0.25, 0.5}) {
      const ThresholdRule conformal = rule(Kind::kConformal, alpha);
      if (m < conformal.fewest_scores()) continue;
      CAPTURE(m);
      CAPTURE(alpha);
      const double threshold = threshold_from(conformal, scores);
      int wrong = 0;
      for (const float s : scores) {
        for (const float near : {std::nextafter(s, -1.F), s, std::nextafter(s, 1e9F)}) {
          const auto at_least = std::count_if(scores.begin(), scores.end(), [&](float other) { return other >= near; });
          const double p = static_cast<double>(1 + at_least) / static_cast<double>(m + 1);
          wrong += conformal_p_value(sorted, near) != p ? 1 : 0;
          wrong += (static_cast<double>(near) > threshold) != (p <= alpha * (1 + 1e-12)) ? 1 : 0;
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("the false-positive rule gives the least threshold that keeps the rate on normal rows") {
  Mt19937 random(13);
  for (int trial = 0; trial < 40; trial++) {
    const std::size_t n = 5 + random.below(60);
    std::vector<float> scores(n);
    ThresholdRule labelled = rule(Kind::kFalsePositiveRate);
    for (float& score : scores) {
      score = static_cast<float>(random.below(trial % 2 == 0 ? 6 : 10000));
      labelled.labels.push_back(random.below(4) == 0 ? 1 : 0);
    }
    labelled.labels[0] = 1;
    labelled.labels[1] = 0;
    const auto normals = std::count(labelled.labels.begin(), labelled.labels.end(), 0);
    const auto alarms = [&](double threshold) {
      int count = 0;
      for (std::size_t i = 0; i < n; i++) {
        count += labelled.labels[i] == 0 && static_cast<double>(scores[i]) > threshold ? 1 : 0;
      }
      return static_cast<double>(count) / static_cast<double>(normals);
    };
    for (const double rate : {0.0, 0.05, 0.2, 0.5, 0.9}) {
      CAPTURE(rate);
      labelled.value = rate;
      const double threshold = threshold_from(labelled, scores);
      CHECK(alarms(threshold) <= rate);
      CHECK(alarms(std::nextafter(threshold, -1.0)) > rate);
    }
  }
}

TEST_CASE("the best F1 is scikit-learn's best") {
  for (const fixtures::Judged& known : fixtures::kJudged) {
    ThresholdRule labelled = rule(Kind::kBestF1);
    labelled.labels.assign(known.labels.begin(), known.labels.end());
    const metrics::Confusion table =
        metrics::confusion(known.scores, known.labels, threshold_from(labelled, known.scores));
    const auto hits = static_cast<double>(table.true_positives);
    const double f1 = 2 * hits / (2 * hits + static_cast<double>(table.false_positives + table.false_negatives));
    CHECK(f1 == doctest::Approx(known.best_f1).epsilon(1e-12));
  }
}

TEST_CASE("discoveries are those of Benjamini and Hochberg") {
  for (const fixtures::Discoveries& known : fixtures::kDiscoveries) {
    CAPTURE(known.rate);
    CAPTURE(known.p_values.size());
    const std::vector<std::uint8_t> found = discoveries(known.p_values, known.rate);
    CHECK(std::equal(found.begin(), found.end(), known.found.begin(), known.found.end()));
  }
  CHECK(discoveries({}, 0.1).empty());
  for (const double rate : {0.0, -1.0, 1.5, kNaN}) {
    check_option([&] { discoveries(std::vector<double>{0.5}, rate); }, "false_discovery_rate");
  }
}

TEST_CASE("p-values come from the calibration rows") {
  Autoencoder model(small_options());
  const std::vector<float> table = small_table(130);
  fit(model, view(table), short_training());
  const std::vector<float> sample = {0, 0.2F, 0.5F, 1e9F};
  std::vector<double> p(4);
  model.p_values(sample, p);
  CHECK(p[0] == 1);
  CHECK(p[3] == doctest::Approx(1.0 / 131));
  CHECK_FALSE(model.calibration_held_out());
  CHECK(model.calibration().size() == 130);
  const std::vector<float> others = small_table(40, 77);
  model.calibrate(view(others), rule(Kind::kQuantile, 0.5));
  CHECK(model.calibration_held_out());
  model.p_values(sample, p);
  std::vector<float> scores = scores_of(model, view(others));
  std::sort(scores.begin(), scores.end());
  CHECK(same_bits(model.calibration(), scores));
  for (std::size_t i = 0; i < 4; i++) CHECK(p[i] == conformal_p_value(scores, sample[i]));
  ThresholdRule labelled = rule(Kind::kBestF1);
  labelled.labels.assign(40, 0);
  labelled.labels[3] = labelled.labels[17] = 1;
  model.calibrate(view(others), labelled);
  CHECK(model.calibration().size() == 38);
  TrainOptions options = short_training();
  options.threshold = labelled;
  fit(model, view(others), options);
  CHECK(model.calibration().size() == 38);
  Autoencoder fresh(small_options());
  CHECK_CODE(fresh.p_values(sample, p), ErrorCode::kNotFitted);
  CHECK_CODE(model.p_values(sample, std::span<double>(p).first(3)), ErrorCode::kShape);
}

TEST_CASE("without a rule rows are held out for a conformal threshold where there are enough, and the report says so") {
  const std::vector<float> table = small_table(150);
  TrainOptions options;
  options.epochs = 2;
  const auto report = [&](std::size_t rows, auto change) {
    TrainOptions changed = options;
    change(changed);
    Autoencoder model(small_options());
    const TrainReport made = fit(model, view(table).slice(0, rows), changed);
    CHECK(model.calibration_held_out() == (made.calibration_rows > 0));
    return made;
  };
  TrainReport made = report(150, [](TrainOptions&) {});
  CHECK(made.rule.kind == Kind::kConformal);
  CHECK(made.rule.value == 0.05);
  CHECK(made.calibration_rows == 50);
  made = report(149, [](TrainOptions&) {});
  CHECK(made.rule.kind == Kind::kQuantile);
  CHECK(made.rule.value == 0.95);
  CHECK(made.calibration_rows == 0);
  made = report(150, [](TrainOptions& o) { o.clean = false; });
  CHECK(made.rule.kind == Kind::kMad);
  CHECK(made.rule.value == 3.5);
  made = report(60, [](TrainOptions& o) {
    o.threshold = rule(Kind::kQuantile, 0.9);
    o.threshold->held_out = true;
  });
  CHECK(made.calibration_rows == 30);
}

TEST_SUITE_END();

}  // namespace anomalens::testing
