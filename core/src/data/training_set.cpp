// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/training_set.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "refusal.hpp"

namespace anomalens {

namespace {

/// Rows that are encoded at once.
constexpr std::size_t kTogether = 1024;

/// Whether both make the same of a row.
bool same_cells(const Encoding& a, const Encoding& b) {
  const auto same_feature = [](const Feature& x, const Feature& y) {
    return x.column == y.column && x.kind == y.kind && x.at == y.at && x.width == y.width && x.index == y.index;
  };
  const auto same_number = [](const NumberFeature& x, const NumberFeature& y) {
    return x.logarithmic == y.logarithmic && x.least == y.least && x.center == y.center && x.spread == y.spread;
  };
  const auto same_value = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  const auto same_category = [&](const CategoryFeature& x, const CategoryFeature& y) {
    return std::ranges::equal(x.values, y.values, same_value) && x.counts == y.counts;
  };
  return std::ranges::equal(a.features, b.features, same_feature) &&
         std::ranges::equal(a.numbers, b.numbers, same_number) &&
         std::ranges::equal(a.categories, b.categories, same_category);
}

xt::xtensor<float, 2> room_for(std::size_t rows, std::size_t columns) {
  if (columns == 0) refuse(ErrorCode::kShape, Reason::kNoColumns);
  if (rows < 2) refuse(ErrorCode::kShape, Reason::kTooFewRows, {2, rows});
  if (rows > std::numeric_limits<std::size_t>::max() / sizeof(float) / columns) throw std::bad_alloc();
  return xt::xtensor<float, 2>::from_shape({rows, columns});
}

}  // namespace

TrainingSet::TrainingSet(ScalerKind scaler, std::size_t rows, std::size_t columns, bool missing)
    : storage_(std::make_unique<Storage>()) {
  storage_->scaled = room_for(rows, columns);
  storage_->scaler = Scaler(scaler, columns, missing);
  storage_->scaler.expect(rows);
}

TrainingSet::TrainingSet(const Scaler& scaler, std::size_t rows) : storage_(std::make_unique<Storage>()) {
  storage_->scaled = room_for(rows, scaler.columns());
  storage_->scaler = scaler;
  storage_->learned = true;
}

TrainingSet::TrainingSet(ScalerKind scaler, TableView rows, bool missing)
    : TrainingSet(scaler, rows.rows(), rows.columns(), missing) {
  if (rows.floats() != nullptr) {
    take(rows);
    scale(rows.rows());
    return;
  }
  observe(rows);
  append(rows);
}

TrainingSet::TrainingSet(std::vector<Column> columns, std::size_t rows, Missing missing)
    : storage_(std::make_unique<Storage>()) {
  storage_->fit = std::make_unique<EncodingFit>(columns, rows, missing);
  storage_->columns = std::move(columns);
  storage_->missing = missing;
  storage_->rows = rows;
}

TrainingSet::TrainingSet(const Encoding& encoding, std::size_t rows) : storage_(std::make_unique<Storage>()) {
  storage_->fit = std::make_unique<EncodingFit>(encoding, rows);
  storage_->columns = encoding.columns;
  storage_->missing = encoding.missing;
  storage_->known = std::make_unique<Encoding>(encoding);
  storage_->rows = rows;
}

TrainingSet::TrainingSet(std::vector<Column> columns, TableView rows, Missing missing)
    : TrainingSet(std::move(columns), rows.rows(), missing) {
  observe(rows);
}

TrainingSet::~TrainingSet() = default;
TrainingSet::TrainingSet(TrainingSet&&) noexcept = default;
TrainingSet& TrainingSet::operator=(TrainingSet&&) noexcept = default;

void TrainingSet::observe(TableView chunk) {
  if (storage_->fit) return storage_->fit->observe(chunk);
  if (storage_->encoded) refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  if (chunk.columns() != columns()) refuse(ErrorCode::kShape, Reason::kColumns, {columns(), chunk.columns()});
  if (storage_->appended != 0 || chunk.rows() > rows() - storage_->observed) {
    refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  }
  if (!storage_->learned) storage_->scaler.observe(chunk);
  storage_->observed += chunk.rows();
}

void TrainingSet::append(TableView chunk) {
  if ((!storage_->learned && storage_->observed != rows()) || chunk.rows() > rows() - storage_->appended) {
    refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  }
  while (!learn()) {
  }
  float* to = storage_->scaled.data() + storage_->appended * columns();
  storage_->scaler.transform(chunk, {to, chunk.rows() * columns()}, storage_->appended);
  storage_->appended += chunk.rows();
}

void TrainingSet::take(TableView chunk) {
  if (chunk.columns() != columns()) refuse(ErrorCode::kShape, Reason::kColumns, {columns(), chunk.columns()});
  if (chunk.floats() == nullptr || chunk.rows() > rows() - storage_->observed) {
    refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  }
  float* to = storage_->scaled.data() + storage_->observed * columns();
  observe(chunk);
  std::copy_n(chunk.floats(), chunk.rows() * columns(), to);
}

bool TrainingSet::learn() {
  if (!storage_->learned && storage_->observed != rows()) refuse(ErrorCode::kShape, Reason::kRowsIncomplete);
  return storage_->learn_next();
}

bool TrainingSet::scale(std::size_t wanted) {
  if (storage_->observed != rows()) refuse(ErrorCode::kShape, Reason::kRowsIncomplete);
  while (!learn()) {
  }
  constexpr std::size_t kScaled = 64;  // the scaler does not work in place
  std::vector<float> group(kScaled * columns());
  const std::size_t last = std::min(rows(), storage_->appended + wanted);
  for (std::size_t& first = storage_->appended; first < last;) {
    const std::size_t count = std::min(kScaled, last - first);
    const std::span<float> cells(storage_->scaled.data() + first * columns(), count * columns());
    std::ranges::copy(cells, group.begin());
    storage_->scaler.transform(TableView(group.data(), count, columns()), cells, first);
    first += count;
  }
  return complete();
}

bool TrainingSet::encodes() const { return storage_->rows != 0; }
std::size_t TrainingSet::rows() const { return encodes() ? storage_->rows : storage_->scaled.shape()[0]; }
std::size_t TrainingSet::columns() const { return encodes() ? storage_->columns.size() : storage_->scaled.shape()[1]; }
bool TrainingSet::complete() const {
  return encodes() ? !storage_->fit || storage_->fit->complete() : storage_->appended == rows();
}

Missing TrainingSet::missing() const { return storage_->missing; }

void TrainingSet::encode_with(const Encoding& encoding) {
  const auto same = [](const Column& a, const Column& b) {
    return a.kind == b.kind && (a.kind != ColumnKind::kCycle || a.period == b.period);
  };
  if (storage_->columns.size() != encoding.columns.size()) {
    refuse(ErrorCode::kShape, Reason::kColumns, {encoding.columns.size(), storage_->columns.size()});
  }
  if (storage_->encoded) {
    if (!storage_->known || !same_cells(*storage_->known, encoding)) refuse(ErrorCode::kShape, Reason::kOtherScaler);
    return;
  }
  if (storage_->missing != encoding.missing || !std::ranges::equal(storage_->columns, encoding.columns, same)) {
    refuse(ErrorCode::kShape, Reason::kOtherScaler);
  }
  storage_->known = std::make_unique<Encoding>(encoding);
}

bool TrainingSet::encode() {
  Storage& s = *storage_;
  if (!s.fit) return true;
  if (!s.fit->complete()) refuse(ErrorCode::kShape, Reason::kRowsIncomplete);
  if (!s.encoded) {
    if (s.known || s.fit->learn_column()) s.begin_encoding();
    return false;
  }
  const TableView rows = s.fit->sample();
  EncodedRows& sample = s.encoded->sample;
  const TableView piece = rows.slice(sample.rows, std::min(kTogether, rows.rows() - sample.rows));
  const auto own_rows = std::span(s.encoded->rows).subspan(sample.rows, piece.rows());
  sample.append(s.encoded->encoding.encode(piece, s.known == nullptr, 0, own_rows), columns());
  if (sample.rows < rows.rows()) return false;
  s.fit.reset();
  return true;
}

void TrainingSet::Storage::begin_encoding() {
  Encoded made;
  made.encoding = known ? *known : fit->finish();
  // Rows that the encoding was not learned from are not among those it counted.
  made.rows = fit->sampled_rows();
  made.sample.reserve(made.rows.size(), made.encoding);
  encoded = std::make_unique<Encoded>(std::move(made));
}

const TrainingSet::Encoded& TrainingSet::encoded() {
  while (!encode()) {
  }
  return *storage_->encoded;
}

const Scaler& TrainingSet::scaler() const { return storage_->scaler; }
std::span<const float> TrainingSet::scaled() const { return {storage_->scaled.data(), storage_->scaled.size()}; }

}  // namespace anomalens
