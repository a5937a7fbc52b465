// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "anomalens/scaler.hpp"
#include "anomalens/table.hpp"

namespace anomalens {

/// Rows on their way into a training, in chunks of any size. Holds rows x columns floats, in the end scaled; the caller's own
/// table is not needed afterwards. Floats are taken once. Doubles are observed once and then appended once, in the same
/// order: to keep them until the scaler is learned would take twice the memory.
class TrainingSet {
 public:
  /// `missing` allows NaN cells. Throws kShape for fewer than two rows or no column.
  TrainingSet(ScalerKind scaler, std::size_t rows, std::size_t columns, bool missing = false);
  /// Scales with a scaler that has been learned before: for training on. Doubles need not be observed.
  TrainingSet(const Scaler& scaler, std::size_t rows);
  /// A whole table at once.
  TrainingSet(ScalerKind scaler, TableView rows, bool missing = false);
  ~TrainingSet();
  TrainingSet(TrainingSet&&) noexcept;
  TrainingSet& operator=(TrainingSet&&) noexcept;

  /// Throws kNonFinite naming row and column, kShape for another width or too many rows; the scaler has then seen part of
  /// the chunk, and the set is of no use any more.
  void observe(TableView chunk);
  /// Throws as observe().
  void append(TableView chunk);
  /// Instead of the two, for a table of floats: takes all rows in, then scales them where they are. Throws as observe().
  void take(TableView chunk);
  /// Scales the next `wanted` of the rows taken in, once all of them are there. Returns whether none is left.
  bool scale(std::size_t wanted);

  std::size_t rows() const;
  std::size_t columns() const;
  /// True when every announced row has been appended, or taken in and scaled.
  bool complete() const;
  const Scaler& scaler() const;
  /// Scaled cells, row-major.
  std::span<const float> scaled() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace anomalens
