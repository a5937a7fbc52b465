// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "anomalens/encoding.hpp"
#include "anomalens/scaler.hpp"
#include "anomalens/table.hpp"

namespace anomalens {

/// Rows on their way into a training, in chunks of any size and always in the same order; the caller's own table is not
/// needed afterwards.
///
/// For a single net the set holds rows x columns floats, in the end scaled. Floats are taken once. Doubles are observed once
/// and then appended once: to keep them until the scaler is learned would take twice the memory. For the default detector
/// rows are observed once; the set holds at most 20,000 of them, evenly chosen, which is all it needs.
class TrainingSet {
 public:
  /// For a single net. `missing` allows NaN cells. Throws kShape for fewer than two rows or no column.
  TrainingSet(ScalerKind scaler, std::size_t rows, std::size_t columns, bool missing = false);
  /// Scales with a scaler that has been learned before: for training on. Doubles need not be observed.
  TrainingSet(const Scaler& scaler, std::size_t rows);
  /// A whole table at once.
  TrainingSet(ScalerKind scaler, TableView rows, bool missing = false);
  /// For the default detector. Throws kShape as above and kBadOption for a bad column.
  TrainingSet(std::vector<Column> columns, std::size_t rows, Missing missing = Missing::kLearn);
  /// Encodes as has been learned before: for training on.
  TrainingSet(const Encoding& encoding, std::size_t rows);
  /// A whole table at once.
  TrainingSet(std::vector<Column> columns, TableView rows, Missing missing = Missing::kLearn);
  ~TrainingSet();
  TrainingSet(TrainingSet&&) noexcept;
  TrainingSet& operator=(TrainingSet&&) noexcept;

  /// Throws kNonFinite naming row and column, kShape for another width or too many rows; the scaler has then seen part of
  /// the chunk, and the set is of no use any more.
  void observe(TableView chunk);
  /// Throws as observe(). Not for the detector.
  void append(TableView chunk);
  /// Once all rows are observed, or taken in: a piece of what the scaler learns from them. Returns whether none is left; append()
  /// and scale() do what is left. Throws as Scaler::finish().
  bool learn();
  /// Instead of the two, for a table of floats: takes all rows in, then scales them where they are. Throws as observe().
  void take(TableView chunk);
  /// Scales the next `wanted` of the rows taken in, once all of them are there. Returns whether none is left.
  bool scale(std::size_t wanted);

  /// Whether it was made for the default detector.
  bool encodes() const;
  std::size_t rows() const;
  std::size_t columns() const;
  /// What a set for the detector was told of missing cells.
  Missing missing() const;
  /// True when every announced row has been appended, or taken in and scaled; for the detector, observed.
  bool complete() const;
  /// Of a set for a single net.
  const Scaler& scaler() const;
  /// Scaled cells, row-major.
  std::span<const float> scaled() const;

  /// Of a set for the detector: it will be encoded as has been learned before. Throws kShape when it was made for other
  /// columns, or has been encoded otherwise.
  void encode_with(const Encoding& encoding);
  /// Of a complete set for the detector: learns from its next column, or encodes some of the rows it holds. Returns whether
  /// nothing is left. Throws kShape when no column is left to learn from and kNonFinite, naming the column, for a spread
  /// that is not finite.
  bool encode();
  struct Encoded;
  /// The same to its end. Throws as encode().
  const Encoded& encoded();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace anomalens
