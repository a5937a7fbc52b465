// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/detector_constants.hpp"
#include "data/detector_cycles.hpp"
#include "data/detector_few.hpp"
#include "data/detector_gaps.hpp"
#include "data/detector_large.hpp"
#include "data/detector_large_clean.hpp"
#include "data/detector_levels.hpp"
#include "data/detector_numbers.hpp"
#include "data/detector_repeated.hpp"
#include "data/detector_texts.hpp"
#include "detection/explanation.hpp"
#include "detector_support.hpp"

namespace anomalens::testing {

namespace {

const fixtures::Detector* const kDetectors[] = {
    &fixtures::kConstants,  &fixtures::kAllEqual, &fixtures::kOffsets,    &fixtures::kCycles, &fixtures::kTwoRows,
    &fixtures::kFiveRows,   &fixtures::kNineRows, &fixtures::kTwentyRows, &fixtures::kGaps,   &fixtures::kLarge,
    &fixtures::kLargeClean, &fixtures::kLevels,   &fixtures::kNumbers,    &fixtures::kTwice,  &fixtures::kFiveDistinct,
    &fixtures::kTwiceClean, &fixtures::kSwitches, &fixtures::kTexts};

/// Within a hundred-thousandth, of the size for large numbers.
bool near(double found, double expected, double tolerance = 1e-5) {
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return found == expected;
  return std::fabs(found - expected) <= tolerance * std::max(1.0, std::fabs(expected));
}

template <class Found, class Expected>
double worst(const Found& found, const Expected& expected) {
  REQUIRE(std::size(found) == std::size(expected));
  double most = 0;
  for (std::size_t i = 0; i < std::size(expected); i++) {
    const double e = static_cast<double>(expected[i]);
    const double f = static_cast<double>(found[i]);
    if (std::isinf(e) || std::isnan(e)) {
      if (!near(f, e)) most = std::numeric_limits<double>::infinity();
      continue;
    }
    most = std::max(most, std::fabs(f - e) / std::max(1.0, std::fabs(e)));
  }
  return most;
}

/// What a step puts into the column's cell: for a feature of gaps, no cell or the centre.
double cell_of(const Encoding& encoding, const fixtures::DetectorStep& step) {
  if (step.feature < 0) return step.to;
  const auto at = static_cast<std::size_t>(step.feature);
  if (encoding.features[at].kind != FeatureKind::kMissing) return step.to;
  if (step.to == 1) return kNaN;
  const Feature& value = encoding.features[at - 1];
  if (value.kind == FeatureKind::kNumber) return encoding.numbers[value.index].decode(0);
  return encoding.cycles[value.index].decode({0, 0});
}

/// Calls visit(fixture, rebuilt) for all.
template <class Visit>
void for_detectors(Visit visit) {
  for (const fixtures::Detector* fixture : kDetectors) {
    CAPTURE(std::string(fixture->name));
    RebuiltDetector rebuilt(*fixture);
    visit(*fixture, rebuilt);
  }
}

}  // namespace

TEST_SUITE_BEGIN("detector");

TEST_CASE("columns become the features of the reference") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const Encoding& encoding = rebuilt.encoding;
    CHECK(encoding.width == fixture.width);
    REQUIRE(encoding.features.size() == fixture.features.size());
    for (std::size_t f = 0; f < encoding.features.size(); f++) {
      CAPTURE(f);
      const Feature& feature = encoding.features[f];
      const fixtures::DetectorFeature& expected = fixture.features[f];
      CHECK(feature.column == static_cast<std::size_t>(expected.column));
      CHECK(feature.at == static_cast<std::size_t>(expected.first));
      CHECK(feature.width == static_cast<std::size_t>(expected.size));
      CHECK((feature.kind == FeatureKind::kMissing) == expected.gap);
      CHECK(encoding.categorical(feature) == (expected.kind == fixtures::FeatureKind::kCategory));
      if (encoding.categorical(feature)) {
        const CategoryFeature& category = encoding.category(feature);
        CHECK(worst(category.shares, expected.shares) < 1e-8);
        CHECK(near(category.entropy, expected.entropy, 1e-8));
        REQUIRE(category.levels.size() == expected.levels.size());
        for (std::size_t k = 0; k < category.levels.size(); k++) {
          CHECK(near(category.values[static_cast<std::size_t>(category.levels[k])], expected.levels[k], 0));
        }
      } else if (feature.kind == FeatureKind::kNumber) {
        const NumberFeature& number = encoding.numbers[feature.index];
        CHECK(number.logarithmic == expected.log);
        CHECK(near(number.least, expected.lo, 1e-12));
        CHECK(std::fabs(number.center - expected.c) <= 1e-12 * std::max(std::fabs(expected.c), expected.s));
        CHECK(std::fabs(number.spread - expected.s) <= 1e-12 * expected.s);
        CHECK(near(number.low, expected.low, 1e-8));
        CHECK(near(number.high, expected.high, 1e-8));
        CHECK(worst(number.counts, expected.counts) == 0);
      } else {
        const CycleFeature& cycle = encoding.cycles[feature.index];
        CHECK(near(cycle.center[0], expected.c, 1e-12));
        CHECK(near(cycle.center[1], expected.c2, 1e-12));
        CHECK(near(cycle.spread, expected.s, 1e-12));
        CHECK(near(cycle.commonest, expected.commonest, 1e-8));
        CHECK(worst(cycle.counts, expected.counts) == 0);
      }
    }
    CHECK(encoding.constants.size() == fixture.constants.size());
    CHECK(worst(encoding.skipped, fixture.skipped) == 0);
    CHECK(worst(encoding.gapless, fixture.gapless) == 0);
  });
}

TEST_CASE("cells, codes and rarities are those of the reference") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const EncodedRows encoded = rebuilt.encoding.encode(rows_of(fixture, fixture.test));
    CHECK(worst(encoded.cells, fixture.judged.cells) < 1e-6);
    CHECK(worst(encoded.codes, fixture.judged.codes) == 0);
    CHECK(worst(encoded.rarity, fixture.judged.rarity) < 1e-6);
    const std::size_t width = rebuilt.encoding.width;
    const std::size_t features = rebuilt.encoding.features.size();
    for (std::size_t i = 0; i < fixture.train.rows.size(); i++) {
      const auto row = static_cast<std::size_t>(fixture.train.rows[i]);
      CHECK(worst(std::span(rebuilt.train.cells).subspan(row * width, width),
                  fixture.train.cells.subspan(i * width, width)) < 1e-6);
      CHECK(worst(std::span(rebuilt.train.rarity).subspan(row * features, features),
                  fixture.train.rarity.subspan(i * features, features)) < 1e-6);
    }
  });
}

TEST_CASE("units, terms, scores and the threshold are those of the reference for the same weights") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const DetectorModel& model = rebuilt.detector->model;
    for (std::size_t f = 0; f < fixture.features.size(); f++) {
      CAPTURE(f);
      const bool category = fixture.features[f].kind == fixtures::FeatureKind::kCategory;
      const auto check = [&](const ResidualUnits& units, auto ordinary, auto nats) {
        if (category) {
          CHECK(near(units.surprise[f], nats[f]));
        } else {
          CHECK(near(units.ordinary[f], ordinary[f]));
        }
      };
      check(model.free, fixture.free_ordinary, fixture.free_nats);
      if (!fixture.clean) check(model.trimmed, fixture.trim_ordinary, fixture.trim_nats);
    }
    const Term terms[] = {model.residual, model.rarity, model.excess, model.distance};
    for (std::size_t t = 0; t < fixture.middle.size(); t++) {
      CAPTURE(t);
      CHECK(near(terms[t].middle, fixture.middle[t]));
      CHECK(near(terms[t].spread, fixture.spread[t]));
    }
    CHECK(near(rebuilt.threshold, fixture.threshold));
    CHECK(near(model.departure, fixture.departure));
    if (!fixture.train_scores.empty()) CHECK(worst(rebuilt.train_scores, fixture.train_scores) < 1e-5);
    const EncodedRows encoded = rebuilt.encoding.encode(rows_of(fixture, fixture.test));
    CHECK(worst(rebuilt.detector->scores(encoded), fixture.judged.scores) < 1e-5);
  });
}

TEST_CASE("reasons are those of the reference for the same weights") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const TableView test = rows_of(fixture, fixture.test);
    std::vector<std::vector<ColumnReason>> found;
    for (std::size_t row = 0; row < test.rows(); row++)
      found.push_back(reasons_of(*rebuilt.detector, test.slice(row, 1)));
    constexpr ReasonKind kKinds[] = {ReasonKind::kRare, ReasonKind::kRelation, ReasonKind::kUnseen,
                                     ReasonKind::kMissing, ReasonKind::kConstant};
    for (const fixtures::DetectorReason& expected : fixture.reasons) {
      const auto& mine = found[static_cast<std::size_t>(expected.row)];
      CAPTURE(expected.row);
      CAPTURE(expected.column);
      const auto same = std::ranges::find(mine, static_cast<std::size_t>(expected.column), &ColumnReason::column);
      REQUIRE(same != mine.end());
      CHECK(near(same->drop, expected.drop));
      CHECK(near(same->share, expected.share));
      CHECK(same->kind == kKinds[static_cast<int>(expected.kind)]);
      CHECK(near(same->percentile, expected.percentile));
      CHECK(near(same->expected.value_or(fixtures::kOther), expected.expected));
    }
  });
}

TEST_CASE("repairs are those of the reference for the same weights") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const TableView test = rows_of(fixture, fixture.test);
    std::size_t at = 0;
    for (std::size_t row = 0; row < test.rows(); row++) {
      for (const RepairStep& step : repair_of(*rebuilt.detector, test.slice(row, 1), rebuilt.threshold, 1000)) {
        REQUIRE(at < fixture.repairs.size());
        const fixtures::DetectorStep& expected = fixture.repairs[at++];
        CAPTURE(expected.row);
        CHECK(row == static_cast<std::size_t>(expected.row));
        CHECK(step.column == static_cast<std::size_t>(expected.column));
        CAPTURE(step.expected.value_or(fixtures::kOther));
        CAPTURE(expected.to);
        CAPTURE(expected.feature);
        CHECK(near(step.expected.value_or(fixtures::kOther), cell_of(rebuilt.encoding, expected)));
        CHECK(near(step.score, expected.score));
      }
    }
    CHECK(at == fixture.repairs.size());
  });
}

TEST_CASE("the points of an anatomy add up to the score") {
  for_detectors([](const fixtures::Detector& fixture, RebuiltDetector& rebuilt) {
    const TableView test = rows_of(fixture, fixture.test);
    for (std::size_t row = 0; row < test.rows(); row++) {
      const Anatomy anatomy = anatomy_of(*rebuilt.detector, test.slice(row, 1));
      const double sum = anatomy.residual.points + anatomy.rarity.points + anatomy.excess.points + anatomy.departures +
                         (anatomy.distance ? anatomy.distance->points : 0);
      CHECK(near(sum, anatomy.score, 1e-9));
      CHECK(near(anatomy.score, fixture.judged.scores[row]));
    }
  });
}

TEST_SUITE_END();

}  // namespace anomalens::testing
