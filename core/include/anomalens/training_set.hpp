// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "anomalens/scaler.hpp"
#include "anomalens/table.hpp"

namespace anomalens {

/// Rows on their way into a training: observed once, then appended once, in chunks of any size and in the same order.
/// Holds rows x columns floats, already scaled; the caller's own table is not needed afterwards.
class TrainingSet {
 public:
  /// `missing` allows NaN cells. Throws kShape for fewer than two rows or no column.
  TrainingSet(ScalerKind scaler, std::size_t rows, std::size_t columns, bool missing = false);
  /// Scales with a scaler that has been learned before: for training on.
  TrainingSet(const Scaler& scaler, std::size_t rows);
  /// A whole table at once.
  TrainingSet(ScalerKind scaler, TableView rows, bool missing = false);
  ~TrainingSet();
  TrainingSet(TrainingSet&&) noexcept;
  TrainingSet& operator=(TrainingSet&&) noexcept;

  /// Throws kNonFinite naming row and column, kShape for another width or too many rows.
  void observe(TableView chunk);
  /// Throws as observe().
  void append(TableView chunk);

  std::size_t rows() const;
  std::size_t columns() const;
  /// True when every announced row has been appended.
  bool complete() const;
  const Scaler& scaler() const;
  /// Scaled cells, row-major.
  std::span<const float> scaled() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace anomalens
