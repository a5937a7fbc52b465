// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/training_set.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "refusal.hpp"

namespace anomalens {

namespace {

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
  if (storage_->appended != 0) refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  if (!storage_->learned) storage_->scaler.observe(chunk);
  storage_->observed += chunk.rows();
}

void TrainingSet::append(TableView chunk) {
  if (storage_->observed != rows() || chunk.rows() > rows() - storage_->appended) {
    refuse(ErrorCode::kShape, Reason::kRowsNotObserved, {rows()});
  }
  if (!std::exchange(storage_->learned, true)) storage_->scaler.finish();
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

bool TrainingSet::scale(std::size_t wanted) {
  if (storage_->observed != rows()) refuse(ErrorCode::kShape, Reason::kRowsIncomplete);
  if (!std::exchange(storage_->learned, true)) storage_->scaler.finish();
  constexpr std::size_t kTogether = 64;  // the scaler does not work in place
  std::vector<float> group(kTogether * columns());
  const std::size_t last = std::min(rows(), storage_->appended + wanted);
  for (std::size_t& first = storage_->appended; first < last;) {
    const std::size_t count = std::min(kTogether, last - first);
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
  return encodes() ? storage_->encoded != nullptr || storage_->fit->complete() : storage_->appended == rows();
}

Missing TrainingSet::missing() const { return storage_->missing; }

void TrainingSet::encode_with(const Encoding& encoding) {
  const auto same = [](const Column& a, const Column& b) {
    return a.kind == b.kind && (a.kind != ColumnKind::kCycle || a.period == b.period);
  };
  if (storage_->columns.size() != encoding.columns.size()) {
    refuse(ErrorCode::kShape, Reason::kColumns, {encoding.columns.size(), storage_->columns.size()});
  }
  if (storage_->encoded || storage_->missing != encoding.missing ||
      !std::ranges::equal(storage_->columns, encoding.columns, same)) {
    refuse(ErrorCode::kShape, Reason::kOtherScaler);
  }
  storage_->known = std::make_unique<Encoding>(encoding);
}

const TrainingSet::Encoded& TrainingSet::encoded() {
  if (storage_->encoded) return *storage_->encoded;
  EncodingFit& fit = *storage_->fit;
  Encoded made;
  made.encoding = storage_->known ? *storage_->known : fit.finish();
  // Rows that the encoding was not learned from are not among those it counted.
  made.rows = fit.sampled_rows();
  try {
    made.sample = made.encoding.encode(fit.sample(), storage_->known == nullptr);
  } catch (Error& error) {
    const std::optional<std::size_t> row = error.row();
    if (row) error.at_row(made.rows[*row]);
    throw;
  }
  storage_->encoded = std::make_unique<Encoded>(std::move(made));
  storage_->fit.reset();
  return *storage_->encoded;
}

const Scaler& TrainingSet::scaler() const { return storage_->scaler; }
std::span<const float> TrainingSet::scaled() const { return {storage_->scaled.data(), storage_->scaled.size()}; }

}  // namespace anomalens
