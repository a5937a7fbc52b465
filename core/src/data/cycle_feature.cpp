// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "anomalens/features.hpp"
#include "math/elementary.hpp"

namespace anomalens {

namespace {

/// Into [0, period).
double wrapped(double value, double period) {
  const double rest = value - period * std::floor(value / period);
  return rest >= 0 && rest < period ? rest : 0;  // of huge values nothing is left
}

/// (sin, cos) of the angle 2 pi v / period.
std::array<double, 2> on_circle(double value, double period) {
  const double turn = wrapped(value, period) / period;
  return {elementary::sin_turn(turn), elementary::cos_turn(turn)};
}

}  // namespace

CycleFeature CycleFeature::of(std::span<const double> cells, double period) {
  CycleFeature feature;
  feature.period = period;
  feature.counts.assign(static_cast<std::size_t>(period), 0);
  std::vector<double> sums(feature.counts.size(), 0);
  for (const double cell : cells) {
    if (std::isnan(cell)) continue;
    const std::array<double, 2> point = on_circle(cell, period);
    feature.center[0] += point[0];
    feature.center[1] += point[1];
    const std::size_t bin = feature.bin_of(cell);
    feature.counts[bin]++;
    sums[bin] += wrapped(cell, period);
    feature.rows++;
  }
  for (double& mean : feature.center) mean /= feature.rows;
  double squares = 0;
  for (const double cell : cells) {
    if (std::isnan(cell)) continue;
    const std::array<double, 2> point = on_circle(cell, period);
    squares += (point[0] - feature.center[0]) * (point[0] - feature.center[0]) +
               (point[1] - feature.center[1]) * (point[1] - feature.center[1]);
  }
  feature.spread = std::sqrt(squares / feature.rows);
  if (!(feature.spread > 0)) feature.spread = 1;
  const auto fullest = static_cast<std::size_t>(std::ranges::max_element(feature.counts) - feature.counts.begin());
  feature.commonest = sums[fullest] / feature.counts[fullest];
  return feature;
}

std::size_t CycleFeature::bin_of(double value) const {
  return std::min(static_cast<std::size_t>(wrapped(value, period)), counts.size() - 1);
}

std::array<double, 2> CycleFeature::encode(double value) const {
  if (std::isnan(value)) return {0, 0};
  const std::array<double, 2> point = on_circle(value, period);
  return {squash((point[0] - center[0]) / spread), squash((point[1] - center[1]) / spread)};
}

double CycleFeature::decode(std::array<double, 2> cells) const {
  const double sine = unsquash(cells[0]) * spread + center[0];
  const double cosine = unsquash(cells[1]) * spread + center[1];
  if (sine == 0 && cosine == 0) return 0;
  return wrapped(elementary::turn_of(sine, cosine) * period, period);
}

double CycleFeature::rarity(double value, double own) const {
  if (std::isnan(value)) return 0;
  const double floor = rows / 100;
  return -elementary::log((std::max(height(value) - own, 0.0) + floor) / (*std::ranges::max_element(counts) + floor));
}

}  // namespace anomalens
