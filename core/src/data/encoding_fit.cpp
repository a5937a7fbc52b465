// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/encoding_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kFewValues = 2;  // a number with so many values is a category
constexpr double kManyValues = 20;     // from which on a category may be an identifier
constexpr double kMostPeriod = 366;
constexpr double kMostCategories = 1 << 24;  // what is counted by number must not fill the memory

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

void Column::validate() const {
  if (kind != ColumnKind::kCycle) return;
  check_range("columns", period, 2, kMostPeriod);
  if (period != std::floor(period)) refuse_option("columns", Reason::kNotWhole, {period});
}

EncodingFit::EncodingFit(std::vector<Column> columns, std::size_t rows, Missing missing)
    : columns_(std::move(columns)), missing_(missing), rows_(rows) {
  if (columns_.empty()) refuse(ErrorCode::kShape, Reason::kNoColumns);
  if (rows < 2) refuse(ErrorCode::kShape, Reason::kTooFewRows, {2, rows});
  for (const Column& column : columns_) column.validate();
  tallies_.resize(columns_.size());
  const std::size_t kept = std::min(rows, kMostSampled);
  sampled_.reserve(kept);
  sample_.reserve(kept * columns_.size());
}

EncodingFit::EncodingFit(const Encoding& known, std::size_t rows) : EncodingFit(known.columns, rows, known.missing) {
  tallies_wanted_ = false;
}

void EncodingFit::take(std::size_t column, double cell) {
  Tally& tally = tallies_[column];
  if (std::isnan(cell) && missing_ == Missing::kMask) return;
  if (!std::exchange(tally.begun, true)) tally.first = cell;
  tally.constant = tally.constant && same(cell, tally.first);
  if (std::isnan(cell)) {
    tally.missing++;
  } else if (columns_[column].kind == ColumnKind::kCategory) {
    const auto value = static_cast<std::size_t>(cell);
    if (value >= tally.counts.size()) tally.counts.resize(value + 1, 0);
    tally.counts[value]++;
  } else if (tally.values.size() <= kFewValues) {
    const auto at = static_cast<std::size_t>(std::ranges::find(tally.values, cell) - tally.values.begin());
    if (at == tally.values.size()) {
      tally.values.push_back(cell);
      tally.counts.push_back(0);
    }
    tally.counts[at]++;
  }
}

void EncodingFit::check_values(TableView chunk) const {
  for (std::size_t j = 0; j < columns_.size(); j++) {
    if (columns_[j].kind != ColumnKind::kCategory) continue;
    for (std::size_t row = 0; row < chunk.rows(); row++) {
      const double cell = chunk(row, j);
      if (std::isnan(cell) || (cell >= 0 && cell < kMostCategories && cell == std::floor(cell))) continue;
      refuse(ErrorCode::kNonFinite, Reason::kCellNotANumber, {}, {seen_ + row, j});
    }
  }
}

void EncodingFit::observe(TableView chunk) {
  if (chunk.columns() != columns_.size())
    refuse(ErrorCode::kShape, Reason::kColumns, {columns_.size(), chunk.columns()});
  if (chunk.rows() > rows_ - seen_) refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows_});
  check_cells(chunk, missing_, seen_);
  if (tallies_wanted_) check_values(chunk);
  const std::size_t kept = std::min(rows_, kMostSampled);
  sample_.resize((sampled_.size() + std::min(chunk.rows(), kept - sampled_.size())) * columns_.size());
  for (std::size_t row = 0; row < chunk.rows(); row++, seen_++) {
    const auto due = static_cast<std::size_t>(static_cast<std::uint64_t>(sampled_.size()) * rows_ / kept);
    const bool sampled = sampled_.size() < kept && seen_ == due;
    double* next = sample_.data() + sampled_.size() * columns_.size();
    if (sampled) sampled_.push_back(static_cast<std::uint32_t>(seen_));
    for (std::size_t j = 0; j < columns_.size(); j++) {
      const double cell = chunk(row, j) + 0.0;  // 0 of -0
      if (tallies_wanted_) take(j, cell);
      if (sampled) *next++ = cell;
    }
  }
}

CategoryFeature EncodingFit::category_of(const Tally& tally) const {
  std::vector<double> values;
  std::vector<double> counts;
  const auto add = [&](double value, double count) {
    values.push_back(value);
    counts.push_back(count);
  };
  for (std::size_t i = 0; i < tally.counts.size(); i++) {
    const double value = tally.values.empty() ? static_cast<double>(i) : tally.values[i];
    if (tally.counts[i] > 0) add(value, tally.counts[i]);
  }
  // Only the two values of a number may have come the other way round.
  if (values.size() == 2 && values[0] > values[1]) {
    std::swap(values[0], values[1]);
    std::swap(counts[0], counts[1]);
  }
  if (tally.missing > 0) add(kNaN, tally.missing);
  return CategoryFeature::of(std::move(values), std::move(counts));
}

std::vector<double> EncodingFit::present(std::size_t column) const {
  std::vector<double> cells;
  cells.reserve(sampled_.size());
  for (std::size_t at = column; at < sample_.size(); at += columns_.size()) {
    if (!std::isnan(sample_[at])) cells.push_back(sample_[at]);
  }
  return cells;
}

/// With a histogram of the encoded cells, those missing included unless they are masked.
NumberFeature EncodingFit::number_of(std::size_t column, std::vector<double> cells) const {
  NumberFeature number = NumberFeature::of(std::move(cells), column);
  std::vector<double> encoded;
  encoded.reserve(sampled_.size());
  for (std::size_t at = column; at < sample_.size(); at += columns_.size()) {
    if (missing_ == Missing::kMask && std::isnan(sample_[at])) continue;
    encoded.push_back(number.encode(sample_[at]));
  }
  number.count(encoded);
  return number;
}

void EncodingFit::add_features(std::size_t column) {
  const Tally& tally = tallies_[column];
  const ColumnKind kind = columns_[column].kind;
  const auto all = static_cast<double>(rows_);
  const auto add = [&](FeatureKind what, std::size_t width, std::size_t index) {
    encoding_.features.push_back({column, what, encoding_.width, width, index});
    encoding_.width += width;
  };
  const auto add_category = [&](FeatureKind what, CategoryFeature feature) {
    add(what, feature.width(), encoding_.categories.size());
    encoding_.categories.push_back(std::move(feature));
  };
  if (tally.constant) {
    encoding_.constants.push_back({column, tally.first});
    return;
  }
  if (kind == ColumnKind::kCategory) {
    CategoryFeature feature = category_of(tally);
    const bool rare = static_cast<double>(feature.values.size()) > std::max(all / 2, kManyValues);
    if (rare && !columns_[column].kept) {
      encoding_.skipped.push_back(column);
    } else {
      add_category(FeatureKind::kCategory, std::move(feature));
    }
    return;
  }
  if (kind == ColumnKind::kNumber && tally.values.size() <= kFewValues) {
    return add_category(FeatureKind::kCategory, category_of(tally));
  }
  std::vector<double> cells = present(column);
  if (cells.empty()) {  // what few cells there are, the sample of the rows has none of
    encoding_.constants.push_back({column, kNaN});
    return;
  }
  if (kind == ColumnKind::kNumber) {
    add(FeatureKind::kNumber, 1, encoding_.numbers.size());
    encoding_.numbers.push_back(number_of(column, std::move(cells)));
  } else {
    add(FeatureKind::kCycle, 2, encoding_.cycles.size());
    encoding_.cycles.push_back(CycleFeature::of(cells, columns_[column].period));
  }
  if (missing_ != Missing::kLearn) return;
  if (tally.missing == 0) {
    encoding_.gapless.push_back(column);
    return;
  }
  add_category(FeatureKind::kMissing, CategoryFeature::of({0, 1}, {all - tally.missing, tally.missing}));
}

bool EncodingFit::learn_column() {
  if (learned_ == columns_.size()) return true;
  add_features(learned_);
  learned_++;
  return learned_ == columns_.size();
}

Encoding EncodingFit::finish() {
  while (!learn_column()) {
  }
  const auto is_empty = [](const ConstantColumn& constant) { return std::isnan(constant.value); };
  if (encoding_.features.empty() && std::ranges::all_of(encoding_.constants, is_empty)) {
    refuse(ErrorCode::kShape, Reason::kNoFeatures, {columns_.size()});
  }
  encoding_.missing = missing_;
  encoding_.columns = columns_;
  encoding_.rows = rows_;
  return std::move(encoding_);
}

}  // namespace anomalens
