// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

namespace anomalens {

/// What becomes of a cell that is NaN.
enum class Missing : int {
  kError = 0,  ///< kNonFinite, naming row and column
  /// Its column's centre takes its place, and it never counts against its row, which is judged by the cells that are there;
  /// at least one must be.
  kMask = 1,
  kLearn = 2,  ///< the detector learns when cells are missing: a gap is a value like any other. Not for a single net.
};

/// A non-owning view of a row-major table of float or double: `rows` x `columns` cells, one row after another.
/// Nothing is copied; the memory must outlive the view. Cells are read as double, so that a table of doubles
/// (time stamps, amounts with cents) loses nothing before it has been centred and scaled.
class TableView {
 public:
  TableView(const float* data, std::size_t rows, std::size_t columns) : floats_(data), rows_(rows), columns_(columns) {}
  TableView(const double* data, std::size_t rows, std::size_t columns)
      : doubles_(data), rows_(rows), columns_(columns) {}

  /// Any contiguous row-major two-dimensional container with `data()` and `shape()`, an `xt::xtensor<float, 2>` included.
  template <class Container, class = std::void_t<decltype(std::declval<const Container&>().shape()[1])>>
  TableView(const Container& table) : TableView(table.data(), table.shape()[0], table.shape()[1]) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

  double operator()(std::size_t row, std::size_t column) const {
    const std::size_t at = row * columns_ + column;
    return floats_ != nullptr ? static_cast<double>(floats_[at]) : doubles_[at];
  }

  /// The `count` rows from `first` on. The caller keeps them inside the table.
  TableView slice(std::size_t first, std::size_t count) const {
    return floats_ != nullptr ? TableView(floats_ + first * columns_, count, columns_)
                              : TableView(doubles_ + first * columns_, count, columns_);
  }

  /// The cells, row after row, where they are floats or where they are doubles; null otherwise.
  const float* floats() const { return floats_; }
  const double* doubles() const { return doubles_; }

 private:
  const float* floats_ = nullptr;
  const double* doubles_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

}  // namespace anomalens
