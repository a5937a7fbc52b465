// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "anomalens/encoding.hpp"

namespace anomalens {

/// Throws kNonFinite for an infinite cell, with kError for a missing one, with kMask for a row without a cell.
void check_cells(TableView table, Missing missing, std::size_t first_row);

/// Learns an encoding from rows that come once, in chunks of any size. Of large tables it keeps an even sample: values are
/// counted over all rows, distributions of numbers are taken from the sample.
class EncodingFit {
 public:
  static constexpr std::size_t kMostSampled = 20'000;

  /// For so many rows. Throws kShape for fewer than two or no column, kBadOption for a bad column.
  EncodingFit(std::vector<Column> columns, std::size_t rows, Missing missing = Missing::kLearn);
  /// Only samples rows that `known` will encode.
  EncodingFit(const Encoding& known, std::size_t rows);

  /// Throws kNonFinite naming row and column of a cell that cannot be, kShape for another width or too many rows.
  void observe(TableView chunk);
  bool complete() const { return seen_ == rows_; }
  /// After all rows: learns from the next column; true when none is left. Throws kNonFinite for a spread that is not finite.
  bool learn_column();
  /// Learns from all columns that are left. Throws the same, and kShape when no column is left to learn from.
  Encoding finish();

  /// The sampled rows, row-major, and their numbers in the table.
  TableView sample() const { return {sample_.data(), sampled_.size(), columns_.size()}; }
  const std::vector<std::uint32_t>& sampled_rows() const { return sampled_; }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  /// What is counted of a column.
  struct Tally {
    bool begun = false;
    double first = kNaN;
    bool constant = true;
    double missing = 0;
    std::vector<double> values;  ///< of a number: distinct ones, three at most; of a category: 0, 1, ...
    std::vector<double> counts;
  };
  void check_values(TableView chunk) const;
  void take(std::size_t column, double cell);
  void add_features(std::size_t column);
  CategoryFeature category_of(const Tally& tally) const;
  std::vector<double> present(std::size_t column) const;
  NumberFeature number_of(std::size_t column, std::vector<double> cells) const;

  std::vector<Column> columns_;
  Missing missing_;
  bool tallies_wanted_ = true;
  std::size_t rows_;
  std::size_t seen_ = 0;
  std::size_t learned_ = 0;  ///< columns
  Encoding encoding_;
  std::vector<Tally> tallies_;
  std::vector<std::uint32_t> sampled_;
  std::vector<double> sample_;
};

}  // namespace anomalens
