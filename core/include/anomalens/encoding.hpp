// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/features.hpp"
#include "anomalens/table.hpp"

namespace anomalens {

/// What the caller says of a column of his table.
enum class ColumnKind : int {
  kNumber,  ///< any finite number; NaN where the cell is missing
  /// Numbers of values, 0, 1, ... below 2^24; NaN where the cell is missing. After the training any other number is a value
  /// never seen; in it, it is refused.
  kCategory,
  kCycle,  ///< points of a cycle, taken modulo its period; NaN where the cell is missing
};

struct Column {
  ColumnKind kind = ColumnKind::kNumber;
  double period = 24;  ///< of a cycle: a whole number from 2 to 366
  bool kept = false;   ///< a category that is never skipped, however rarely its values repeat

  /// Throws kBadOption naming `columns`.
  void validate() const;
};

enum class FeatureKind : int {
  kNumber,
  kCategory,
  kCycle,
  kMissing,  ///< a category of its own: whether the column's cell is missing
};

/// What the detector makes of a column, or of its gaps.
struct Feature {
  std::size_t column = 0;
  FeatureKind kind = FeatureKind::kNumber;
  std::size_t at = 0;     ///< its first encoded cell
  std::size_t width = 1;  ///< and how many there are
  std::size_t index = 0;  ///< its place in the list of its kind
};

/// A column whose training cells were all equal: no feature, but a later cell that differs departs from it.
struct ConstantColumn {
  std::size_t column = 0;
  double value = 0;  ///< NaN: all cells were missing
};

/// How a cell departs from what the training rows had in common.
enum class Departure : std::uint8_t { kNone, kConstant, kMissing };

struct Encoding;

/// Rows as the detector sees them.
struct EncodedRows {
  static constexpr std::int32_t kLeftOut = -2;

  std::size_t rows = 0;
  std::vector<float> cells;  ///< rows x width
  /// Rows x features: level of a category, -1 never seen; else 0, -1 where missing. kLeftOut where a gap is masked.
  std::vector<std::int32_t> codes;
  std::vector<double> rarity;         ///< rows x features, in nats
  std::vector<Departure> departures;  ///< rows x columns; empty when no cell departs

  void reserve(std::size_t rows_wanted, const Encoding& encoding);
  /// Adds rows of the same encoding, of a table of so many columns.
  void append(const EncodedRows& more, std::size_t columns);
  /// Features of a row that count, all but those of masked gaps.
  static std::size_t counted(std::span<const std::int32_t> codes_of_row);
};

/// How a table becomes features; learned from the training rows (EncodingFit), then used for all others.
struct Encoding {
  Missing missing = Missing::kLearn;
  std::vector<Column> columns;
  std::vector<Feature> features;  ///< in the order of the columns
  std::vector<NumberFeature> numbers;
  std::vector<CategoryFeature> categories;  ///< those of the gaps among them
  std::vector<CycleFeature> cycles;
  std::vector<ConstantColumn> constants;
  std::vector<std::size_t> skipped;  ///< categories that hardly ever repeat: identifiers
  std::vector<std::size_t> gapless;  ///< with kLearn: numbers and cycles without a missing cell in training
  std::size_t width = 0;             ///< encoded cells of a row
  std::size_t rows = 0;              ///< training rows

  /// Throws kBadFile unless everything fits together and all numbers are finite and in their ranges.
  void validate() const;

  const CategoryFeature& category(const Feature& feature) const { return categories[feature.index]; }
  bool categorical(const Feature& feature) const {
    return feature.kind == FeatureKind::kCategory || feature.kind == FeatureKind::kMissing;
  }
  /// Encodes rows of the caller's table. `training`: no row counts itself in its rarity. `first_row` is where they start;
  /// errors count from there. `own_rows`: their numbers, if they do not follow one another and their cells have been
  /// checked. Throws kShape for another width, kNonFinite for an infinite cell, with kError for a missing one, with kMask
  /// for a row without a cell that a feature is made of.
  EncodedRows encode(TableView table, bool training = false, std::size_t first_row = 0,
                     std::span<const std::uint32_t> own_rows = std::span<const std::uint32_t>()) const;
};

}  // namespace anomalens
