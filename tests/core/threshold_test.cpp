// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/threshold.hpp"

#include "data/numpy_quantiles.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

ThresholdRule quantile(double q) { return {ThresholdRule::Kind::kQuantile, q}; }
ThresholdRule fixed(double value) { return {ThresholdRule::Kind::kFixed, value}; }

}  // namespace

TEST_SUITE_BEGIN("threshold");

TEST_CASE("quantiles are numpy's to the last bit: one value, ties, many magnitudes") {
  for (const fixtures::Quantiles& known : fixtures::kQuantiles) {
    std::vector<float> sorted(known.values.begin(), known.values.end());
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < std::size(fixtures::kLevels); i++) {
      CAPTURE(known.values.size());
      CAPTURE(fixtures::kLevels[i]);
      CHECK(quantile_of_sorted(sorted, fixtures::kLevels[i]) == known.quantiles[i]);
      CHECK(threshold_from(quantile(fixtures::kLevels[i]), known.values) == known.quantiles[i]);
    }
  }
}

TEST_CASE("the quantiles 0 and 1 are the smallest and the largest value") {
  const std::vector<float> sorted = {0.1F, 0.7F, 0.9F};
  CHECK(quantile_of_sorted(sorted, 0) == 0.1F);
  CHECK(quantile_of_sorted(sorted, 1) == 0.9F);
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
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const ThresholdRule& rule :
       {quantile(0), quantile(1), quantile(-0.1), quantile(1.5), quantile(nan), fixed(nan), fixed(infinity)}) {
    CAPTURE(rule.value);
    const auto error = error_of([&] { rule.validate(); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::kBadOption);
    CHECK(error->option() == "threshold");
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
