// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "detection/repairs.hpp"
#include "detection/scorer.hpp"
#include "math/finite.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr double kRareTail = 0.05;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Share of the training cells whose count is at most `own`.
double tail_of(std::span<const double> counts, double own) {
  double rare = 0;
  double all = 0;
  for (const double count : counts) {
    all += count;
    if (count <= own) rare += count;
  }
  return rare / all;
}

/// A value's feature, and that of its column's gaps where there is one.
struct ColumnFeatures {
  std::optional<std::size_t> value;
  std::optional<std::size_t> gap;
};

ColumnFeatures features_of(const Encoding& encoding, std::size_t column) {
  ColumnFeatures found;
  for (std::size_t f = 0; f < encoding.features.size(); f++) {
    if (encoding.features[f].column != column) continue;
    (encoding.features[f].kind == FeatureKind::kMissing ? found.gap : found.value) = f;
  }
  return found;
}

/// What a choice means in the column's own units; empty for "other".
std::optional<double> decoded(const Encoding& encoding, const Feature& feature, const Choice& choice) {
  if (feature.kind == FeatureKind::kNumber) return encoding.numbers[feature.index].decode(choice.cells[0]);
  if (feature.kind == FeatureKind::kCycle) return encoding.cycles[feature.index].decode(choice.cells);
  const CategoryFeature& category = encoding.category(feature);
  const auto level = static_cast<std::size_t>(choice.level);
  if (level >= category.levels.size()) return std::nullopt;
  return category.values[static_cast<std::size_t>(category.levels[level])];
}

/// How rare a cell is among the training cells of its column, and where it lies there.
struct Standing {
  double tail = 0;
  double percentile = kNaN;
};

Standing standing_of(const Encoding& encoding, const Feature& feature, double cell) {
  if (feature.kind == FeatureKind::kNumber) {
    const NumberFeature& number = encoding.numbers[feature.index];
    const double own = number.height(number.encode(cell));
    return {tail_of(number.counts, own), std::isnan(cell) ? kNaN : number.percentile(cell)};
  }
  if (feature.kind == FeatureKind::kCycle) {
    const CycleFeature& cycle = encoding.cycles[feature.index];
    const double own = std::isnan(cell) ? 0 : cycle.height(cell);
    return {tail_of(cycle.counts, own), std::isnan(cell) ? kNaN : 100 * own / cycle.rows};
  }
  const CategoryFeature& category = encoding.category(feature);
  const int value = category.find(cell);
  const double own = value < 0 ? 0 : category.counts[static_cast<std::size_t>(value)];
  return {tail_of(category.counts, own), 100 * own / category.rows};
}

std::optional<double> expected_of(const Encoding& encoding, const Repairs& repairs, const ColumnFeatures& mine,
                                  bool missing) {
  const std::size_t value = chosen(mine.value);
  if (mine.gap) {
    const std::size_t gap = *mine.gap;
    const bool gap_expected = decoded(encoding, encoding.features[gap], repairs.choice(gap)) == 1.0;
    if (gap_expected && (missing || repairs.drops()[gap] > repairs.drops()[value])) return kNaN;
  }
  return decoded(encoding, encoding.features[value], repairs.choice(value));
}

/// `row` is one row of the caller's table.
ColumnReason reason_of(const Encoding& encoding, const Repairs& repairs, TableView row, std::size_t column,
                       const ColumnFeatures& mine) {
  const double cell = row(0, column);
  ColumnReason reason;
  reason.column = column;
  for (const std::optional<std::size_t>& feature : {mine.value, mine.gap}) {
    if (feature) reason.drop += std::max(repairs.drops()[*feature], 0.0);
  }
  const Feature& feature = encoding.features[chosen(mine.value)];
  const Standing standing = standing_of(encoding, feature, cell);
  reason.percentile = standing.percentile;
  reason.expected = expected_of(encoding, repairs, mine, std::isnan(cell));
  if (std::isnan(cell)) {
    reason.kind = ReasonKind::kMissing;
  } else if (encoding.categorical(feature) && encoding.category(feature).find(cell) == CategoryFeature::kUnseen) {
    reason.kind = ReasonKind::kUnseen;
  } else {
    reason.kind = standing.tail <= kRareTail ? ReasonKind::kRare : ReasonKind::kRelation;
  }
  return reason;
}

double constant_of(const Encoding& encoding, std::size_t column) {
  return std::ranges::find(encoding.constants, column, &ConstantColumn::column)->value;
}

Anatomy::Part part_of(const Term& term, double value, double weight, double cut) {
  const double centred = (value - term.middle) / term.spread;
  const double points = weight * std::max(cut, centred) - (std::isfinite(cut) ? weight * cut : 0);
  return {value, term.middle, term.spread, finite::held(points)};
}

}  // namespace

std::vector<ColumnReason> reasons_of(Detector& detector, TableView row) {
  const Encoding& encoding = detector.encoding();
  const Repairs repairs(detector, encoding.encode(row));
  const std::vector<Departure>& departures = repairs.row().departures;
  std::vector<ColumnReason> reasons;
  double sum = 0;
  for (std::size_t column = 0; column < encoding.columns.size(); column++) {
    const ColumnFeatures mine = features_of(encoding, column);
    const Departure departed = departures.empty() ? Departure::kNone : departures[column];
    if (mine.value && repairs.row().codes[*mine.value] == EncodedRows::kLeftOut) continue;
    if (mine.value) {
      reasons.push_back(reason_of(encoding, repairs, row, column, mine));
    } else if (departed != Departure::kNone) {
      const bool missing = departed == Departure::kMissing;
      reasons.push_back({column, missing ? ReasonKind::kMissing : ReasonKind::kConstant, 0, 0,
                         constant_of(encoding, column), missing ? kNaN : 0.0});
    } else {
      continue;
    }
    if (departed != Departure::kNone) reasons.back().drop += detector.model.departure;
    sum += reasons.back().drop;
  }
  return by_share(std::move(reasons), sum);
}

std::vector<RepairStep> repair_of(Detector& detector, TableView row, double threshold, std::size_t most) {
  const Encoding& encoding = detector.encoding();
  Repairs repairs(detector, encoding.encode(row), most);
  std::vector<RepairStep> steps;
  while (steps.size() < most && repairs.score() > threshold) {
    const std::vector<Departure>& departures = repairs.row().departures;
    const auto departed = std::ranges::find_if(departures, [](Departure d) { return d != Departure::kNone; });
    const std::size_t none = detector.features();
    std::size_t best = none;
    for (std::size_t f = 0; f < none; f++) {
      if (!repairs.done(f) && (best == none || repairs.drops()[f] > repairs.drops()[best])) best = f;
    }
    const double drop = best < none ? repairs.drops()[best] : 0;
    const double price = departed == departures.end() ? 0 : detector.model.departure;
    if (std::max(drop, price) <= 0) break;
    RepairStep step;
    if (price >= drop) {
      step.column = static_cast<std::size_t>(departed - departures.begin());
      const ColumnFeatures mine = features_of(encoding, step.column);
      // A missing cell is judged as the centre, and stays there when its absence is forgiven.
      step.expected =
          mine.value ? decoded(encoding, encoding.features[*mine.value], {}) : constant_of(encoding, step.column);
      repairs.undo_departure(step.column);
    } else {
      step.column = encoding.features[best].column;
      step.expected = decoded(encoding, encoding.features[best], repairs.choice(best));
      if (encoding.features[best].kind == FeatureKind::kMissing) {
        // There should be no cell, or there should be one: it is judged as the centre.
        step.expected = step.expected == 1.0 ? kNaN : decoded(encoding, encoding.features[best - 1], {});
      }
      repairs.put(best);
    }
    step.score = repairs.score();
    steps.push_back(step);
  }
  return steps;
}

Anatomy anatomy_of(Detector& detector, TableView row) {
  const Encoding& encoding = detector.encoding();
  const EncodedRows encoded = encoding.encode(row);
  const DetectorModel& model = detector.model;
  Anatomy anatomy;
  anatomy.score = detector.scores(encoded)[0];
  anatomy.departures = detector.departures(encoded, 0);
  if (encoding.features.empty()) return anatomy;
  constexpr double kUncut = -std::numeric_limits<double>::infinity();
  const Detector::Judgement judged = detector.judge(group_of(encoding, encoded, 0, 1));
  anatomy.residual = part_of(model.residual, judged.terms.residual[0], 1, kUncut);
  anatomy.rarity = part_of(model.rarity, judged.terms.rarity[0], terms::kRarityWeight, kUncut);
  anatomy.excess =
      part_of(model.excess, judged.terms.excess[0], model.clean ? 1 : terms::kExcessWeight, terms::kExcessFrom);
  if (!judged.terms.distance.empty()) {
    anatomy.distance = part_of(model.distance, judged.terms.distance[0], 1, kUncut);
  }
  for (std::size_t column = 0; column < encoding.columns.size(); column++) {
    const ColumnFeatures mine = features_of(encoding, column);
    if (!mine.value || encoded.codes[*mine.value] == EncodedRows::kLeftOut) continue;
    Anatomy::ColumnPart part{column, 0, 0, 0};
    for (const std::optional<std::size_t>& feature : {mine.value, mine.gap}) {
      if (!feature) continue;
      part.free = std::max(part.free, std::sqrt(judged.free(0, *feature)));
      part.trimmed = std::max(part.trimmed, std::sqrt(judged.other(0, *feature)));
      part.rarity = std::max(part.rarity, encoded.rarity[*feature]);
    }
    anatomy.columns.push_back(part);
  }
  return anatomy;
}

}  // namespace anomalens
