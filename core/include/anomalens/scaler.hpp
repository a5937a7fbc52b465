// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/table.hpp"

namespace anomalens {

/// How a column is brought to a common scale: z = (x - center) / scale.
enum class ScalerKind : int {
  kStandard = 0,  ///< mean and standard deviation with n in the denominator (scikit-learn's StandardScaler)
  kRobust = 1,    ///< median and distance of the quartiles; a distance of 0 counts as 1 (as the range, if below 1e-19)
  kMinMax = 2,    ///< least value and range; a range of 0 counts as 1
  kNone = 3,      ///< 0 and 1
};

/// Centre and scale of every column, learned from any number of chunks, in double precision.
///
/// A column counts as constant when all its doubles are equal. Its scale is 1 and its scaled value 0. A later value that
/// differs has no scale of its own to be measured with, so it becomes +-kDeparture, whatever its size (not with kNone).
/// Everything else is judged, from spreads of 1e-300 to offsets of 1e15. NaN cells pass through as NaN where they are
/// allowed.
class Scaler {
 public:
  /// Scaled value of a cell that differs in a column that was constant in training: surely strange, yet bounded.
  static constexpr float kDeparture = 10;

  Scaler() = default;
  /// `missing` allows NaN cells.
  Scaler(ScalerKind kind, std::size_t columns, bool missing = false);

  /// Announces how many rows will be observed: with kRobust, room for their cells is then made at once.
  void expect(std::size_t rows);
  /// Takes in further rows. kRobust keeps a copy of all cells until finish(). Throws kNonFinite naming row (counted over
  /// all chunks) and column or, for a row without any cell, the row; kShape for another width.
  void observe(TableView chunk);
  /// Ends the learning. Throws kShape when no row was observed, kNonFinite for a column that has no cell at all or a spread
  /// beyond the largest double, kBadOption for kNone where the cells of all columns differ by too little for floats.
  void finish();
  /// The same in pieces, with kRobust a column each; returns whether none is left.
  bool finish_next();

  /// Scaled cells, row-major, into `out` (rows x columns). `first_row` is where the chunk starts in the caller's table;
  /// errors count from there. Throws as observe().
  void transform(TableView chunk, std::span<float> out, std::size_t first_row = 0) const;

  /// A value scaled, and a scaled value back in the column's own units.
  float scaled(std::size_t column, double value) const;
  double restore(std::size_t column, double scaled) const { return center_[column] + scaled * scale_[column]; }
  /// The same of a value, in double precision and however large; may be infinite. Of a column that was constant, in no unit.
  double deviation(std::size_t column, double value) const { return (value - center_[column]) * rate_[column]; }

  ScalerKind kind() const { return kind_; }
  bool missing() const { return missing_; }
  std::size_t columns() const { return center_.size(); }
  std::span<const double> center() const { return center_; }
  std::span<const double> scale() const { return scale_; }
  /// 1 for a column that was constant in training; center() is its value.
  std::span<const std::uint8_t> constant() const { return constant_; }

  /// A scaler as it was saved. Throws kBadFile unless sizes agree, all is finite and every scale is positive.
  static Scaler restored(ScalerKind kind, std::vector<double> center, std::vector<double> scale,
                         std::vector<std::uint8_t> constant, bool missing = false);

 private:
  void check_rows(TableView chunk, std::size_t first_row) const;
  void finish_moments();
  void check_told_apart();
  void finish_robust(std::size_t column);
  /// Fills `rate_` and `constants_` from the other members.
  void derive();

  ScalerKind kind_ = ScalerKind::kStandard;
  bool missing_ = false;
  std::size_t rows_ = 0;
  std::vector<double> center_;
  std::vector<double> scale_;
  std::vector<std::uint8_t> constant_;
  std::vector<double> rate_;            ///< 1 / scale
  std::vector<std::size_t> constants_;  ///< numbers of the constant columns
  /// Until finish() is done: 6 x columns, the number of cells, mean, sum of squared deviations, the unit that these are squared
  /// in, least and most of every column.
  std::vector<double> moments_;
  std::vector<double> cells_;  ///< with kRobust: all cells, row after row
  std::size_t settled_ = 0;    ///< with kRobust: columns whose quartiles are known
};

}  // namespace anomalens
