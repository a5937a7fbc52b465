// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "anomalens/error.hpp"

namespace anomalens {

namespace {

void check_width(std::size_t expected, std::size_t columns) {
  if (columns == expected) return;
  throw Error(ErrorCode::kShape, "The rows must have " + std::to_string(expected) + " columns, but they have " +
                                     std::to_string(columns) + ".");
}

double finite_cell(TableView table, std::size_t row, std::size_t column, std::size_t first_row) {
  const double cell = table(row, column);
  if (std::isfinite(cell)) return cell;
  const char* what = std::isnan(cell) ? "not a number" : "infinite";
  throw Error(ErrorCode::kNonFinite, "The cell in row " + std::to_string(first_row + row) + ", column " +
                                         std::to_string(column) + " is " + what + ".")
      .at(first_row + row, column);
}

/// Mean and sum of squared deviations of one column of a chunk, two passes.
std::pair<double, double> moments(TableView chunk, std::size_t column, std::size_t first_row) {
  double sum = 0;
  for (std::size_t row = 0; row < chunk.rows(); row++) sum += finite_cell(chunk, row, column, first_row);
  const double mean = sum / static_cast<double>(chunk.rows());
  double squares = 0;
  double drift = 0;  // sum of the deviations, 0 but for rounding: the correction of Chan, Golub & LeVeque 1983
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    const double deviation = chunk(row, column) - mean;
    squares += deviation * deviation;
    drift += deviation;
  }
  return {mean, squares - drift * drift / static_cast<double>(chunk.rows())};
}

}  // namespace

Scaler::Scaler(ScalerKind kind, std::size_t columns) : kind_(kind), center_(columns, 0), scale_(columns, 0) {}

void Scaler::observe(TableView chunk) {
  check_width(center_.size(), chunk.columns());
  if (chunk.rows() == 0) return;
  const auto before = static_cast<double>(rows_);
  const auto added = static_cast<double>(chunk.rows());
  const double all = before + added;
  for (std::size_t j = 0; j < center_.size(); j++) {
    const auto [mean, squares] = moments(chunk, j, rows_);
    // Chan's update: two groups' moments become those of their union.
    const double step = mean - center_[j];
    center_[j] += step * (added / all);
    scale_[j] += squares + step * step * (before * added / all);
  }
  rows_ += chunk.rows();
}

void Scaler::finish() {
  if (rows_ == 0) throw Error(ErrorCode::kShape, "A scaler needs at least one row.");
  const auto n = static_cast<double>(rows_);
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  for (std::size_t j = 0; j < center_.size(); j++) {
    const double variance = scale_[j] / n;
    const double noise = n * center_[j] * kEpsilon;
    const bool constant = variance <= n * kEpsilon * variance + noise * noise;
    scale_[j] = constant ? 1 : std::sqrt(variance);
  }
}

void Scaler::transform(TableView chunk, std::span<float> out, std::size_t first_row) const {
  check_width(center_.size(), chunk.columns());
  std::size_t at = 0;
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    for (std::size_t j = 0; j < center_.size(); j++) {
      out[at++] = static_cast<float>((finite_cell(chunk, row, j, first_row) - center_[j]) / scale_[j]);
    }
  }
}

Scaler Scaler::restored(ScalerKind kind, std::vector<double> center, std::vector<double> scale) {
  if (center.size() != scale.size()) {
    throw Error(ErrorCode::kBadFile, "The scaler must have as many scales as centres.");
  }
  for (std::size_t j = 0; j < center.size(); j++) {
    if (!std::isfinite(center[j]) || !std::isfinite(scale[j]) || scale[j] <= 0) {
      throw Error(ErrorCode::kBadFile, "The scaler of column " + std::to_string(j) +
                                           " must have a finite centre and a positive scale.");
    }
  }
  Scaler scaler;
  scaler.kind_ = kind;
  scaler.center_ = std::move(center);
  scaler.scale_ = std::move(scale);
  return scaler;
}

}  // namespace anomalens
