// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>

#include "anomalens/features.hpp"
#include "math/elementary.hpp"
#include "math/sorting.hpp"

namespace anomalens {

namespace {

constexpr double kEven = 0.5;

}  // namespace

CategoryFeature CategoryFeature::of(std::vector<double> values, std::vector<double> counts) {
  CategoryFeature feature;
  feature.values = std::move(values);
  feature.counts = std::move(counts);
  const std::size_t known = feature.values.size();
  const auto count_of = [&](std::int32_t value) { return feature.counts[static_cast<std::size_t>(value)]; };
  const std::vector<std::uint32_t> order = descending_order(std::span<const double>(feature.counts));
  // Where the first value that is left out is about as frequent as the first level, chance would choose the levels.
  const bool even = known > kMostLevels && feature.counts[order[kMostLevels]] > kEven * feature.counts[order[0]];
  for (const std::uint32_t value : order) {
    if (even || feature.levels.size() == kMostLevels || feature.counts[value] < 2) break;
    feature.levels.push_back(static_cast<std::int32_t>(value));
  }
  feature.rows = std::accumulate(feature.counts.begin(), feature.counts.end(), 0.0);
  feature.level_of.assign(known, static_cast<std::int32_t>(feature.levels.size()));
  double rest = feature.rows;
  for (std::size_t level = 0; level < feature.levels.size(); level++) {
    feature.level_of[static_cast<std::size_t>(feature.levels[level])] = static_cast<std::int32_t>(level);
    feature.shares.push_back(count_of(feature.levels[level]) / feature.rows);
    rest -= count_of(feature.levels[level]);
  }
  feature.shares.push_back(rest / feature.rows);
  for (const double count : feature.counts) {
    feature.entropy -= count / feature.rows * elementary::log(count / feature.rows);
  }
  return feature;
}

int CategoryFeature::find(double cell) const {
  if (std::isnan(cell)) {
    const bool known = !values.empty() && std::isnan(values.back());
    return known ? static_cast<int>(values.size()) - 1 : kUnseen;
  }
  const auto end = values.end() - (!values.empty() && std::isnan(values.back()) ? 1 : 0);
  const auto at = std::lower_bound(values.begin(), end, cell);
  return at != end && *at == cell ? static_cast<int>(at - values.begin()) : kUnseen;
}

double CategoryFeature::nats(double count) const {
  return std::max(0.0, -elementary::log((std::max(count, 0.0) + 0.5) / (rows + 0.5)) - entropy);
}

double CategoryFeature::rarity(int value, double own) const {
  return nats(value < 0 ? 0 : counts[static_cast<std::size_t>(value)] - own);
}

double CategoryFeature::level_rarity(int level) const {
  if (static_cast<std::size_t>(level) < levels.size()) return rarity(levels[static_cast<std::size_t>(level)]);
  const std::size_t others = values.size() - levels.size();
  return nats(others == 0 ? 0 : shares.back() * rows / static_cast<double>(others));
}

void CategoryFeature::probabilities(std::span<double> outputs) const {
  double sum = 0;
  for (std::size_t k = 0; k < outputs.size(); k++) {
    outputs[k] = std::clamp(outputs[k] + shares[k], 0.5 / rows, 1.0);
    sum += outputs[k];
  }
  for (double& output : outputs) output /= sum;
}

}  // namespace anomalens
