// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
/// However large, a cell must not overflow to infinity on its way through the layers: inf - inf would be no score at all.
constexpr float kMost = 1e12F;
float held(float z) { return std::clamp(z, -kMost, kMost); }

void check_width(std::size_t expected, std::size_t columns) {
  if (columns == expected) return;
  refuse(ErrorCode::kShape, Reason::kColumns, {expected, columns});
}

[[noreturn]] void refuse_cell(double cell, std::size_t row, std::size_t column) {
  refuse(ErrorCode::kNonFinite, std::isnan(cell) ? Reason::kCellNotANumber : Reason::kCellInfinite, {}, {row, column});
}

}  // namespace

Scaler::Scaler(ScalerKind kind, std::size_t columns, bool missing)
    : kind_(kind),
      missing_(missing),
      center_(columns, 0),
      scale_(columns, 1),
      constant_(columns, 0),
      rate_(columns, 1),
      moments_(columns) {}

void Scaler::check_rows(TableView chunk, std::size_t first_row) const {
  check_width(center_.size(), chunk.columns());
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    std::size_t present = 0;
    for (std::size_t j = 0; j < center_.size(); j++) {
      const double cell = chunk(row, j);
      if (std::isfinite(cell)) {
        present++;
      } else if (!missing_ || std::isinf(cell)) {
        refuse_cell(cell, first_row + row, j);
      }
    }
    if (present == 0) {
      refuse(ErrorCode::kNonFinite, Reason::kRowMissing, {}, {first_row + row, {}});
    }
  }
}

void Scaler::observe(TableView chunk) {
  check_rows(chunk, rows_);
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    // Welford 1962, one cell after another: the same bits however the rows are cut into chunks.
    const double share = 1 / static_cast<double>(rows_ + row + 1);
    for (std::size_t j = 0; j < center_.size(); j++) {
      const double cell = chunk(row, j);
      if (std::isnan(cell)) continue;
      Moments& moments = moments_[j];
      moments.count++;
      const double deviation = cell - moments.mean;
      moments.mean += deviation * (missing_ ? 1 / moments.count : share);
      moments.squares += deviation * (cell - moments.mean);
      moments.least = moments.count == 1 ? cell : std::min(moments.least, cell);
      moments.most = moments.count == 1 ? cell : std::max(moments.most, cell);
    }
    for (std::size_t j = 0; kind_ == ScalerKind::kRobust && j < center_.size(); j++) cells_.push_back(chunk(row, j));
  }
  rows_ += chunk.rows();
}

void Scaler::finish_column(std::size_t column) {
  Moments& moments = moments_[column];
  const double variance = moments.squares / moments.count;
  if (!std::isfinite(variance) || !std::isfinite(moments.most - moments.least)) {
    refuse(ErrorCode::kNonFinite, Reason::kSpreadNotFinite, {}, {{}, column});
  }
  const double noise = moments.count * moments.mean * kEpsilon;
  const bool constant = variance <= moments.count * kEpsilon * variance + noise * noise;
  if (kind_ == ScalerKind::kNone) return;
  constant_[column] = constant ? 1 : 0;
  switch (kind_) {
    case ScalerKind::kStandard:
      center_[column] = moments.mean;
      scale_[column] = std::sqrt(variance);
      break;
    case ScalerKind::kRobust: {
      std::vector<double> present;
      for (std::size_t at = column; at < cells_.size(); at += center_.size()) {
        if (!std::isnan(cells_[at])) present.push_back(cells_[at]);
      }
      sort_ascending(present);
      const std::span<const double> sorted(present);
      center_[column] = quantile_of_sorted(sorted, 0.5);
      scale_[column] = quantile_of_sorted(sorted, 0.75) - quantile_of_sorted(sorted, 0.25);
      break;
    }
    case ScalerKind::kMinMax:
      center_[column] = moments.least;
      scale_[column] = moments.most - moments.least;
      break;
    case ScalerKind::kNone:
      break;
  }
  if (constant || scale_[column] == 0) scale_[column] = 1;
}

void Scaler::finish() {
  if (rows_ == 0) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  for (std::size_t j = 0; j < center_.size(); j++) {
    if (moments_[j].count == 0) {
      refuse(ErrorCode::kNonFinite, Reason::kColumnMissing, {}, {{}, j});
    }
    finish_column(j);
  }
  moments_ = {};
  cells_ = {};
  derive();
}

void Scaler::derive() {
  rate_.resize(scale_.size());
  constants_.clear();
  for (std::size_t j = 0; j < scale_.size(); j++) {
    // Infinite would make NaN of the column's centre.
    rate_[j] = std::min(1 / scale_[j], std::numeric_limits<double>::max());
    if (constant_[j] != 0) constants_.push_back(j);
  }
}

float Scaler::scaled(std::size_t column, double value) const {
  const double distance = value - center_[column];
  if (constant_[column] == 0) return held(static_cast<float>(distance * rate_[column]));
  // The rounding of a mean of very many equal values; a real departure is far above it.
  if (std::fabs(distance) <= 1e-9 * std::fabs(center_[column])) return 0;
  if (std::isnan(distance)) return static_cast<float>(distance);
  return distance > 0 ? kDeparture : -kDeparture;
}

void Scaler::transform(TableView chunk, std::span<float> out, std::size_t first_row) const {
  const std::size_t columns = center_.size();
  check_width(columns, chunk.columns());
  const auto standardise = [&](const auto* cells) {
    return kernels::Active::standardise(cells, center_.data(), rate_.data(), chunk.rows(), columns, kMost, out.data());
  };
  const bool fine = chunk.floats() != nullptr ? standardise(chunk.floats()) : standardise(chunk.doubles());
  if (!fine || missing_) {
    check_rows(chunk, first_row);
    for (float& z : out) z = held(z);
  }
  if (constants_.empty()) return;
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    for (const std::size_t j : constants_) out[row * columns + j] = scaled(j, chunk(row, j));
  }
}

Scaler Scaler::restored(ScalerKind kind, std::vector<double> center, std::vector<double> scale,
                        std::vector<std::uint8_t> constant, bool missing) {
  if (scale.size() != center.size()) refuse_saved("scaler.scale", Reason::kSavedCount, {center.size(), scale.size()});
  if (constant.size() != center.size()) {
    refuse_saved("scaler.constant", Reason::kSavedCount, {center.size(), constant.size()});
  }
  for (std::size_t j = 0; j < center.size(); j++) {
    if (!std::isfinite(center[j])) refuse_saved("scaler.center", Reason::kSavedNotFinite, {j});
    if (!std::isfinite(scale[j])) refuse_saved("scaler.scale", Reason::kSavedNotFinite, {j});
    if (scale[j] <= 0) refuse_saved("scaler.scale", Reason::kSavedNotPositive, {j});
  }
  Scaler scaler;
  scaler.kind_ = kind;
  scaler.missing_ = missing;
  scaler.center_ = std::move(center);
  scaler.scale_ = std::move(scale);
  scaler.constant_ = std::move(constant);
  scaler.derive();
  return scaler;
}

}  // namespace anomalens
