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
};

/// Centre and scale of every column, learned in one pass over any number of chunks, in double precision.
///
/// A column whose variance is lost in rounding, var <= n eps var + (n eps mean)^2, counts as constant (the rule of
/// scikit-learn's StandardScaler) and keeps scale 1.
class Scaler {
 public:
  Scaler() = default;
  Scaler(ScalerKind kind, std::size_t columns);

  /// Takes in further rows. Throws kNonFinite naming row (counted over all chunks) and column.
  void observe(TableView chunk);
  /// Ends the learning. Throws kShape when no row was observed.
  void finish();

  /// Scaled cells, row-major, into `out` (rows x columns). `first_row` is where the chunk starts in the caller's table;
  /// errors count from there. Throws kShape for another width, kNonFinite for a cell that is not finite.
  void transform(TableView chunk, std::span<float> out, std::size_t first_row = 0) const;

  /// A scaled value back in the column's own units.
  double restore(std::size_t column, double scaled) const { return center_[column] + scaled * scale_[column]; }

  ScalerKind kind() const { return kind_; }
  std::size_t columns() const { return center_.size(); }
  std::span<const double> center() const { return center_; }
  std::span<const double> scale() const { return scale_; }

  /// A scaler as it was saved. Throws kBadFile unless sizes agree, all is finite and every scale is positive.
  static Scaler restored(ScalerKind kind, std::vector<double> center, std::vector<double> scale);

 private:
  ScalerKind kind_ = ScalerKind::kStandard;
  std::size_t rows_ = 0;
  std::vector<double> center_;       // running mean until finish()
  std::vector<double> scale_;        // running sum of squared deviations until finish()
};

}  // namespace anomalens
