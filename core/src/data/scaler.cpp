// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/scaler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/finite.hpp"
#include "math/ordered.hpp"
#include "math/quantile.hpp"
#include "math/rank_search.hpp"
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

}  // namespace

/// What is known of the columns while they are observed.
struct Scaler::Learning {
  struct Moments {
    double count = 0;
    double mean = 0;
    double squares = 0;   ///< sum of squared deviations, each times `unit`
    double unit = kUnit;  ///< 1 as soon as the range is not small
    double least = 0;
    double most = 0;
    double range() const { return most - least; }
    double variance() const { return squares / count; }
    void add(double cell, double share);
  };
  explicit Learning(std::size_t columns) : moments(columns), cells(columns) {}

  std::size_t rows = 0;
  std::vector<Moments> moments;
  std::vector<std::vector<double>> cells;  ///< of every column, with kRobust
  bool measured = false;                   ///< finish() has begun
  std::size_t settled = 0;                 ///< columns whose quartiles are known
  std::optional<RankSearch> search;        ///< of the column after them
};

/// Welford 1962, one row after another as they come: the same bits however the rows are cut into chunks.
void Scaler::Learning::Moments::add(double cell, double share) {
  least = count == 0 ? cell : std::min(least, cell);
  most = count == 0 ? cell : std::max(most, cell);
  if (unit != 1 && !(range() < kSmallRange)) {
    squares = squares / kUnit / kUnit;
    unit = 1;
  }
  count++;
  const double deviation = cell - mean;
  mean += deviation * share;
  squares += (deviation * unit) * ((cell - mean) * unit);
}

Scaler::Scaler(ScalerKind kind, std::size_t columns, bool missing)
    : kind_(kind),
      missing_(missing),
      center_(columns, 0),
      scale_(columns, 1),
      constant_(columns, 0),
      rate_(columns, 1),
      learning_(std::make_shared<Learning>(columns)) {}

void Scaler::expect(std::size_t rows) {
  if (kind_ != ScalerKind::kRobust) return;
  for (std::vector<double>& column : learning_->cells) column.reserve(rows);
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
  Learning& learning = *learning_;
  check_rows(chunk, learning.rows);
  for (std::size_t row = 0; row < chunk.rows(); row++) {
    const double share = 1 / static_cast<double>(learning.rows + row + 1);
    for (std::size_t j = 0; j < columns(); j++) {
      const double cell = chunk(row, j);
      if (std::isnan(cell)) continue;
      Learning::Moments& moments = learning.moments[j];
      moments.add(cell, missing_ ? 1 / (moments.count + 1) : share);
      if (kind_ == ScalerKind::kRobust) learning.cells[j].push_back(cell);
    }
  }
  learning.rows += chunk.rows();
}

void Scaler::finish_moments() {
  for (std::size_t j = 0; j < columns(); j++) {
    const Learning::Moments& moments = learning_->moments[j];
    if (moments.count == 0) refuse(ErrorCode::kNonFinite, Reason::kColumnMissing, {}, {{}, j});
    if (std::isfinite(moments.variance()) && std::isfinite(moments.range())) continue;
    refuse(ErrorCode::kNonFinite, Reason::kSpreadNotFinite, {}, {{}, j});
  }
  if (kind_ == ScalerKind::kNone) return check_told_apart();
  for (std::size_t j = 0; j < columns(); j++) {
    const Learning::Moments& moments = learning_->moments[j];
    const bool standard = kind_ == ScalerKind::kStandard;
    constant_[j] = moments.range() == 0 ? 1 : 0;
    center_[j] = standard ? moments.mean : moments.least;
    scale_[j] = standard ? std::sqrt(moments.variance()) / moments.unit : moments.range();
  }
}

/// Without a scaler, nothing brings cells into the reach of floats.
void Scaler::check_told_apart() const {
  const auto differs = [](const Learning::Moments& moments) { return moments.range() != 0; };
  const auto told_apart = [](const Learning::Moments& moments) {
    const float least = held(static_cast<float>(moments.least));
    return static_cast<double>(held(static_cast<float>(moments.most)) - least) > kTiny;
  };
  const std::vector<Learning::Moments>& moments = learning_->moments;
  if (std::ranges::none_of(moments, differs) || std::ranges::any_of(moments, told_apart)) return;
  refuse_option("scaler", Reason::kNeedsScaler);
}

bool Scaler::finish_robust(std::size_t cells) {
  Learning& learning = *learning_;
  constexpr double kQuartiles[] = {0.25, 0.5, 0.75};
  while (learning.settled < columns()) {
    const std::size_t j = learning.settled;
    std::vector<double>& column = learning.cells[j];
    std::vector<std::size_t> places;
    for (const double q : kQuartiles) {
      const QuantilePlace place(column.size(), q);
      places.insert(places.end(), {place.at, place.next});
    }
    std::ranges::sort(places);
    if (!learning.search) learning.search.emplace(column, places);
    while (!learning.search->complete()) {
      if (cells == 0) return false;
      cells -= learning.search->advance(cells);
    }
    const auto number = [&](std::size_t place) {
      return learning.search->found(static_cast<std::size_t>(std::ranges::find(places, place) - places.begin()));
    };
    const auto quantile = [&](double q) {
      const QuantilePlace place(column.size(), q);
      return place.between(number(place.at), number(place.next));
    };
    center_[j] = quantile(0.5);
    scale_[j] = quantile(0.75) - quantile(0.25);
    const double range = learning.moments[j].range();
    if (scale_[j] == 0 && range < kTiny) scale_[j] = range;  // times 1, floats would lose what differs
    learning.search.reset();
    column = {};
    learning.settled++;
  }
  return true;
}

void Scaler::finish() {
  while (!finish(std::numeric_limits<std::size_t>::max())) {
  }
}

bool Scaler::finish(std::size_t cells) {
  if (!learning_ || learning_->rows == 0) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  if (!std::exchange(learning_->measured, true)) finish_moments();
  if (kind_ == ScalerKind::kRobust && !finish_robust(cells)) return false;
  for (std::size_t j = 0; j < columns(); j++) {
    if (constant_[j] != 0 || scale_[j] == 0) scale_[j] = 1;
  }
  learning_.reset();
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
  const double distance = value - center_[column];
  if (constant_[column] == 0) return held(static_cast<float>(distance * rate_[column]));
  if (distance == 0 || std::isnan(distance)) return static_cast<float>(distance);
  return distance > 0 ? kDeparture : -kDeparture;
}

double Scaler::distance(std::size_t column, double value, double from) const {
  const float z = scaled(column, value);
  const float origin = scaled(column, from);
  const bool near = std::fabs(z) < kMost && std::fabs(origin) < kMost;
  if (near || constant_[column] != 0) return static_cast<double>(z) - static_cast<double>(origin);
  return finite::held(finite::held(value - from) * rate_[column]);
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
