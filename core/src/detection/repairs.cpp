// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/repairs.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace anomalens {

namespace {

constexpr std::size_t kLikeliest = 3;
constexpr double kUnseenFactor = 1.5;  // a value never seen speaks for itself
constexpr double kUnseenBonus = 0.5;

/// Levels of a category by falling probability; of equal ones the lower first.
std::vector<int> likeliest(const CategoryFeature& category, std::span<const float> outputs) {
  std::vector<double> probabilities(outputs.begin(), outputs.end());
  category.probabilities(probabilities);
  std::vector<int> levels;
  while (levels.size() < std::min(kLikeliest, probabilities.size())) {
    const auto best = std::ranges::max_element(probabilities);
    levels.push_back(static_cast<int>(best - probabilities.begin()));
    *best = -1;
  }
  return levels;
}

/// The code that tells of a missing cell, or EncodedRows::kLeftOut where there is none.
int gap_code(const Encoding& encoding, const Feature& feature) {
  if (!encoding.categorical(feature)) return EncodedRows::kLeftOut;
  const CategoryFeature& category = encoding.category(feature);
  const bool gap = feature.kind == FeatureKind::kMissing;
  const int value = category.find(gap ? 1 : std::numeric_limits<double>::quiet_NaN());
  if (value < 0) return EncodedRows::kLeftOut;
  const int level = category.level_of[static_cast<std::size_t>(value)];
  return gap || static_cast<std::size_t>(level) < category.levels.size() ? level : EncodedRows::kLeftOut;
}

}  // namespace

Repairs::Repairs(Detector& detector, EncodedRows row, std::size_t most)
    : detector_(detector), row_(std::move(row)), most_(most), done_(detector.features(), 0) {
  look();
}

void Repairs::set(EncodedRows& rows, std::size_t row, std::size_t feature, const Choice& choice) const {
  const Encoding& encoding = detector_.encoding();
  const Feature& what = encoding.features[feature];
  float* cells = rows.cells.data() + row * encoding.width + what.at;
  std::int32_t& code = rows.codes[row * encoding.features.size() + feature];
  double& rarity = rows.rarity[row * encoding.features.size() + feature];
  if (encoding.categorical(what)) {
    const CategoryFeature& category = encoding.category(what);
    for (std::size_t k = 0; k < what.width; k++) {
      cells[k] = static_cast<float>((static_cast<int>(k) == choice.level ? 1 : 0) - category.shares[k]);
    }
    code = choice.level;
    rarity = category.level_rarity(choice.level);
    return;
  }
  code = 0;
  cells[0] = static_cast<float>(choice.cells[0]);
  if (what.kind == FeatureKind::kNumber) {
    rarity = encoding.numbers[what.index].rarity(static_cast<double>(cells[0]));
    return;
  }
  const CycleFeature& cycle = encoding.cycles[what.index];
  cells[1] = static_cast<float>(choice.cells[1]);
  rarity = cycle.rarity(cycle.decode({static_cast<double>(cells[0]), static_cast<double>(cells[1])}));
}

std::vector<float> Repairs::outputs(std::span<const float> cells) {
  const std::size_t width = detector_.encoding().width;
  std::vector<float> out(cells.size());
  for (std::size_t first = 0; first * width < cells.size(); first += kJudged) {
    const std::size_t rows = std::min(kJudged, cells.size() / width - first);
    detector_.free().mean_outputs(cells.data() + first * width, rows,
                                  std::span(out).subspan(first * width, rows * width));
  }
  return out;
}

std::vector<float> Repairs::echoed(std::span<const float> cells) {
  const Encoding& encoding = detector_.encoding();
  std::vector<float> rows;
  for (std::size_t f = 0; f < encoding.features.size(); f++) {
    const Feature& feature = encoding.features[f];
    if (feature.kind != FeatureKind::kNumber) continue;
    rows.resize(rows.size() + encoding.width);
    float* row = rows.data() + rows.size() - encoding.width;
    std::ranges::copy(row_.cells, row);
    row[feature.at] = cells[f];
  }
  const std::vector<float> all = outputs(rows);
  std::vector<float> echoes(encoding.features.size());
  std::size_t row = 0;
  for (std::size_t f = 0; f < encoding.features.size(); f++) {
    const Feature& feature = encoding.features[f];
    if (feature.kind == FeatureKind::kNumber) echoes[f] = all[row++ * encoding.width + feature.at];
  }
  return echoes;
}

void Repairs::add_candidates(std::size_t feature, std::span<const float> outputs, std::span<const float> echoes,
                             std::vector<Candidate>& out) const {
  const Encoding& encoding = detector_.encoding();
  const Feature& what = encoding.features[feature];
  const std::span<const float> own = outputs.subspan(what.at, what.width);
  const auto add = [&](Choice choice) { out.push_back({feature, choice}); };
  if (encoding.categorical(what)) {
    const CategoryFeature& category = encoding.category(what);
    const int other = static_cast<int>(what.width) - 1;
    std::vector<int> levels = likeliest(category, own);
    levels.push_back(0);
    for (const int level : levels) {
      if (level != other || category.levels.empty()) add({{}, level});  // "other" would be no answer
    }
  } else if (what.kind == FeatureKind::kNumber) {
    add({{static_cast<double>(own[0]), 0}, 0});
    add({{static_cast<double>(echoes[feature]), 0}, 0});
    add({{0, 0}, 0});
  } else {
    const CycleFeature& cycle = encoding.cycles[what.index];
    add({cycle.encode(cycle.decode({static_cast<double>(own[0]), static_cast<double>(own[1])})), 0});
    add({cycle.encode(cycle.commonest), 0});
  }
}

EncodedRows Repairs::copies(std::size_t count) const {
  const std::size_t features = row_.codes.size();
  EncodedRows rows;
  rows.rows = count;
  rows.cells.resize(count * row_.cells.size());
  rows.codes.resize(count * features);
  rows.rarity.resize(count * features);
  for (std::size_t i = 0; i < count; i++) {
    std::ranges::copy(row_.cells, rows.cells.data() + i * row_.cells.size());
    std::ranges::copy(row_.codes, rows.codes.data() + i * features);
    std::ranges::copy(row_.rarity, rows.rarity.data() + i * features);
  }
  return rows;
}

void Repairs::look() {
  const Encoding& encoding = detector_.encoding();
  const std::size_t features = encoding.features.size();
  drops_.assign(features, 0);
  choices_.assign(features, {});
  if (features == 0) return;
  const std::vector<float> first = outputs(row_.cells);
  std::vector<float> cells(features, 0.F);
  for (std::size_t f = 0; f < features; f++) cells[f] = first[encoding.features[f].at];
  const std::vector<float> echoes = echoed(echoed(cells));  // the second echo of a number's output
  std::vector<Candidate> candidates;
  const auto left_out = [&](std::size_t f) { return row_.codes[f] == EncodedRows::kLeftOut; };
  for (std::size_t f = 0; f < features; f++) {
    if (!left_out(f)) add_candidates(f, first, echoes, candidates);
  }
  EncodedRows rows = copies(candidates.size() + 1);
  for (std::size_t i = 0; i < candidates.size(); i++) set(rows, i, candidates[i].feature, candidates[i].choice);
  const std::vector<double> scores = detector_.scores(rows, true);
  const double base = scores.back();  // of the row as it is
  std::vector<double> lowest(features, std::numeric_limits<double>::infinity());
  std::vector<double> lowest_filled = lowest;  // with a candidate that is not a gap
  std::vector<Choice> filled(features);
  for (std::size_t i = 0; i < candidates.size(); i++) {
    const std::size_t f = candidates[i].feature;
    const Choice& choice = candidates[i].choice;
    if (scores[i] < lowest[f]) {
      lowest[f] = scores[i];
      choices_[f] = choice;
    }
    if (choice.level != gap_code(encoding, encoding.features[f]) && scores[i] < lowest_filled[f]) {
      lowest_filled[f] = scores[i];
      filled[f] = choice;
    }
  }
  for (std::size_t f = 0; f < features; f++) drops_[f] = left_out(f) ? 0 : base - lowest[f];
  share_gaps(base, filled);
  for (std::size_t f = 0; f < features; f++) {
    if (left_out(f)) continue;  // what is not there cannot be repaired
    if (!encoding.categorical(encoding.features[f]) || row_.codes[f] >= 0) continue;
    drops_[f] = kUnseenFactor * std::max(drops_[f], 0.0) + kUnseenBonus;
  }
}

void Repairs::share_gaps(double base, const std::vector<Choice>& filled) {
  std::vector<std::size_t> gaps;
  EncodedRows whole = copies(1);
  for (std::size_t f = 0; f < drops_.size(); f++) {
    const int code = gap_code(detector_.encoding(), detector_.encoding().features[f]);
    if (code == EncodedRows::kLeftOut || row_.codes[f] != code || filled[f].level == code || done_[f] != 0) continue;
    gaps.push_back(f);
    set(whole, 0, f, filled[f]);
  }
  if (gaps.size() < 2 || gaps.size() > most_) return;  // some of them alone may make it worse
  const double part = (base - detector_.scores(whole, true)[0]) / static_cast<double>(gaps.size());
  for (const std::size_t f : gaps) {
    if (!(drops_[f] < part)) continue;
    drops_[f] = part;
    choices_[f] = filled[f];
  }
}

void Repairs::put(std::size_t feature) {
  set(row_, 0, feature, choices_[feature]);
  done_[feature] = 1;
  most_--;
  look();
}

void Repairs::undo_departure(std::size_t column) {
  row_.departures[column] = Departure::kNone;
  most_--;
  look();
}

}  // namespace anomalens
