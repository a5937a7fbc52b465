// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/ordered.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"
#include "math/tensor.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

/// However large, a cell must not overflow to infinity on its way through the layers: inf - inf would be no score at all.
constexpr float kMost = 1e12F;
float held(float z) { return std::clamp(z, -kMost, kMost); }
/// Below, squares of floats vanish.
constexpr double kTiny = 1e-19;
/// A range below which squares of doubles may lose digits, and the power of two that is taken out of such deviations first:
/// it changes no digit of them.
constexpr double kSmallRange = 1e-140;
constexpr double kUnit = 0x1p600;

void check_width(std::size_t expected, std::size_t columns) {
  if (columns == expected) return;
  refuse(ErrorCode::kShape, Reason::kColumns, {expected, columns});
}

[[noreturn]] void refuse_cell(double cell, std::size_t row, std::size_t column) {
  refuse(ErrorCode::kNonFinite, std::isnan(cell) ? Reason::kCellNotANumber : Reason::kCellInfinite, {}, {row, column});
}

/// One element a column.
struct Moments {
  std::span<double> count, mean, squares, unit, least, most;
  explicit Moments(std::span<double> all) {
    const std::size_t columns = all.size() / 6;
    std::size_t first = 0;
    for (auto* part : {&count, &mean, &squares, &unit, &least, &most}) *part = all.subspan(columns * first++, columns);
  }
  double range(std::size_t j) const { return most[j] - least[j]; }
};

}  // namespace

Scaler::Scaler(ScalerKind kind, std::size_t columns, bool missing)
    : kind_(kind),
      missing_(missing),
      center_(columns, 0),
      scale_(columns, 1),
      constant_(columns, 0),
      rate_(columns, 1),
      moments_(6 * columns, 0) {
  for (double& unit : Moments(moments_).unit) unit = kUnit;
}

void Scaler::expect(std::size_t rows) {
  if (kind_ == ScalerKind::kRobust) cells_.reserve(rows * columns());
}

// The first cell that is not fit is looked for, so that the caller learns its place.
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
  const Moments moments(moments_);
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    // Welford 1962, one row after another as they come: the same bits however the rows are cut into chunks.
    const double share = 1 / static_cast<double>(rows_ + row + 1);
    for (std::size_t j = 0; j < center_.size(); j++) {
      const double cell = chunk(row, j);
      if (std::isnan(cell)) continue;
      const double count = ++moments.count[j];
      moments.least[j] = count == 1 ? cell : std::min(moments.least[j], cell);
      moments.most[j] = count == 1 ? cell : std::max(moments.most[j], cell);
      if (moments.unit[j] != 1 && !(moments.range(j) < kSmallRange)) {
        moments.squares[j] = moments.squares[j] / kUnit / kUnit;
        moments.unit[j] = 1;
      }
      const double unit = moments.unit[j];
      const double deviation = cell - moments.mean[j];
      moments.mean[j] += deviation * (missing_ ? 1 / count : share);
      moments.squares[j] += deviation * unit * ((cell - moments.mean[j]) * unit);
    }
    for (std::size_t j = 0; kind_ == ScalerKind::kRobust && j < center_.size(); j++) cells_.push_back(chunk(row, j));
  }
  rows_ += chunk.rows();
}

void Scaler::finish_moments() {
  const Moments moments(moments_);
  for (std::size_t j = 0; j < columns(); j++) {
    if (moments.count[j] == 0) refuse(ErrorCode::kNonFinite, Reason::kColumnMissing, {}, {{}, j});
    const double variance = moments.squares[j] / moments.count[j];
    const double range = moments.range(j);
    if (!std::isfinite(variance) || !std::isfinite(range)) {
      refuse(ErrorCode::kNonFinite, Reason::kSpreadNotFinite, {}, {{}, j});
    }
    if (kind_ == ScalerKind::kNone) continue;
    const bool standard = kind_ == ScalerKind::kStandard;
    constant_[j] = range == 0 ? 1 : 0;
    center_[j] = standard ? moments.mean[j] : moments.least[j];
    scale_[j] = standard ? std::sqrt(variance) / moments.unit[j] : range;
  }
  if (kind_ == ScalerKind::kNone) check_told_apart();
}

/// Without a scaler, nothing brings cells into the reach of floats.
void Scaler::check_told_apart() {
  const Moments moments(moments_);
  bool any = false;
  for (std::size_t j = 0; j < columns(); j++) {
    const float range = held(static_cast<float>(moments.most[j])) - held(static_cast<float>(moments.least[j]));
    if (static_cast<double>(range) > kTiny) return;
    any = any || moments.range(j) != 0;
  }
  if (any) refuse_option("scaler", Reason::kNeedsScaler);
}

void Scaler::finish_robust(std::size_t column) {
  std::vector<double> sorted;
  sorted.reserve(rows_);
  for (std::size_t at = column; at < cells_.size(); at += columns()) {  // a selection
    if (!std::isnan(cells_[at])) sorted.push_back(cells_[at]);
  }
  sort_ascending(sorted);
  const auto quantile = [&](double q) { return quantile_of_sorted(std::span<const double>(sorted), q); };
  center_[column] = quantile(0.5);
  scale_[column] = quantile(0.75) - quantile(0.25);
  const double range = sorted.back() - sorted.front();
  if (scale_[column] == 0 && range < kTiny) scale_[column] = range;  // times 1, floats would lose what differs
}

void Scaler::finish() {
  while (!finish_next()) {
  }
}

bool Scaler::finish_next() {
  if (rows_ == 0) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  if (settled_ == 0) finish_moments();
  if (kind_ == ScalerKind::kRobust) {
    finish_robust(settled_++);
    if (settled_ < columns()) return false;
  }
  for (std::size_t j = 0; j < columns(); j++) {
    if (constant_[j] != 0 || scale_[j] == 0) scale_[j] = 1;
  }
  moments_ = {};
  cells_ = {};
  derive();
  return true;
}

void Scaler::derive() {
  rate_.resize(scale_.size());
  // Infinite would make NaN of the column's centre.
  ordered::assign(rate_, xt::minimum(1 / tensor(scale_), std::numeric_limits<double>::max()));
  constants_.clear();
  for (std::size_t j = 0; j < scale_.size(); j++) {
    if (constant_[j] != 0) constants_.push_back(j);
  }
}

float Scaler::scaled(std::size_t column, double value) const {
  if (constant_[column] == 0) return held(static_cast<float>(deviation(column, value)));
  const double distance = value - center_[column];
  if (distance == 0 || std::isnan(distance)) return static_cast<float>(distance);
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
    for (float& z : out) z = held(z);  // leaves NaN, a missing cell, what it is; xt::clip() in lanes does not
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
