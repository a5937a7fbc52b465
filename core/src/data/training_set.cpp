// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "data/training_set.hpp"

#include <algorithm>
#include <limits>
#include <new>
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

TrainingSet::~TrainingSet() = default;
TrainingSet::TrainingSet(TrainingSet&&) noexcept = default;
TrainingSet& TrainingSet::operator=(TrainingSet&&) noexcept = default;

void TrainingSet::observe(TableView chunk) {
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
  storage_->learn();
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
  storage_->learn();
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

std::size_t TrainingSet::rows() const { return storage_->scaled.shape()[0]; }
std::size_t TrainingSet::columns() const { return storage_->scaled.shape()[1]; }
bool TrainingSet::complete() const { return storage_->appended == rows(); }
const Scaler& TrainingSet::scaler() const { return storage_->scaler; }
std::span<const float> TrainingSet::scaled() const { return {storage_->scaled.data(), storage_->scaled.size()}; }

}  // namespace anomalens
