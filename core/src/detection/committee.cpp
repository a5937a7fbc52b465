// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/committee.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "math/elementary.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"

namespace anomalens::committee {

namespace {

constexpr int kBins = CommitteeStatistics::kBins;
constexpr double kLeastSpread = 0.05;    // half of the rows may be alike
constexpr double kLeastResidual = 1e-3;  // keeps ln P finite for rows reconstructed exactly, and sigma above 0
constexpr double kLeastRarity = 1e-2;
constexpr double kRarityWeight = 0.5;
constexpr double kOrdinaryShare = 0.9;

/// Bin of a value, kBins when it lies outside; the last edge belongs to the last bin, as in numpy.histogram.
int bin_of(double low, double high, double value) {
  if (value < low || value > high) return kBins;
  const double width = (high - low) / kBins;
  int bin = std::min(kBins - 1, static_cast<int>((value - low) / width));
  while (bin > 0 && value < low + bin * width) bin--;
  while (bin < kBins - 1 && value >= low + (bin + 1) * width) bin++;
  return bin;
}

double rarity_of(const CommitteeStatistics& statistics, std::size_t column, double z) {
  const int bin = bin_of(statistics.low[column], statistics.high[column], z);
  return statistics.rarity[column * (kBins + 1) + static_cast<std::size_t>(bin)];
}

double residual_of(const CommitteeStatistics& statistics, std::size_t column, float q) {
  return std::sqrt(static_cast<double>(q) / statistics.ordinary[column]);
}

/// Mean of the smallest 90 % of a column's squared residuals, summed in the order of the rows.
double trimmed_mean(std::span<const float> z, std::span<const float> q, std::size_t columns, std::size_t column) {
  std::vector<float> present;
  for (std::size_t at = column; at < q.size(); at += columns) {
    if (!std::isnan(z[at])) present.push_back(q[at]);
  }
  if (present.empty()) return 0;
  const auto keep =
      std::max<std::size_t>(1, static_cast<std::size_t>(kOrdinaryShare * static_cast<double>(present.size())));
  const float border = nth_smallest(present, keep - 1);
  double sum = 0;
  std::size_t below = 0;
  for (const float value : present) {
    if (value >= border) continue;
    sum += static_cast<double>(value);
    below++;
  }
  sum += static_cast<double>(keep - below) * static_cast<double>(border);
  return sum / static_cast<double>(keep);
}

/// For a column that no row has a cell in: no value of it is rare.
void no_histogram(CommitteeStatistics& statistics, std::size_t column) {
  statistics.low[column] = -0.5;
  statistics.high[column] = 0.5;
  for (std::size_t bin = 0; bin <= kBins; bin++) statistics.rarity[column * (kBins + 1) + bin] = 0;
}

void fit_histogram(std::span<const float> z, std::size_t columns, std::size_t column, CommitteeStatistics& statistics) {
  double low = 0;
  double high = 0;
  double count = 0;
  for (std::size_t at = column; at < z.size(); at += columns) {
    if (std::isnan(z[at])) continue;
    const auto value = static_cast<double>(z[at]);
    low = count == 0 ? value : std::min(low, value);
    high = count == 0 ? value : std::max(high, value);
    count++;
  }
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  std::array<double, kBins + 1> heights{};
  for (std::size_t at = column; at < z.size(); at += columns) {
    if (!std::isnan(z[at])) heights[static_cast<std::size_t>(bin_of(low, high, static_cast<double>(z[at])))]++;
  }
  const double floor = count / (10.0 * kBins);  // a tenth of a bin's fair share
  const double top = *std::max_element(heights.begin(), heights.end()) + floor;
  if (count == 0) return no_histogram(statistics, column);
  statistics.low[column] = low;
  statistics.high[column] = high;
  for (std::size_t bin = 0; bin <= kBins; bin++) {
    statistics.rarity[column * (kBins + 1) + bin] = -elementary::log((heights[bin] + floor) / top);
  }
}

/// Median and quartile distance.
void center(std::vector<double>& values, double& middle, double& spread) {
  sort_ascending(values);
  const std::span<const double> sorted(values);
  middle = quantile_of_sorted(sorted, 0.5);
  spread = std::max(quantile_of_sorted(sorted, 0.75) - quantile_of_sorted(sorted, 0.25), kLeastSpread);
}

}  // namespace

float squash(float z) {
  const double size = std::fabs(static_cast<double>(z));
  if (!(size > kKnee)) return z;
  return static_cast<float>(std::copysign(kKnee + elementary::log(1 + (size - kKnee)), static_cast<double>(z)));
}

double unsquash(double a) {
  const double size = std::fabs(a);
  if (!(size > kKnee)) return a;
  return std::copysign(kKnee - 1 + elementary::exp(size - kKnee), a);
}

RowParts parts_of(const CommitteeStatistics& statistics, std::span<const float> z, std::span<const float> q) {
  RowParts parts;
  double cells = 0;
  for (std::size_t j = 0; j < z.size(); j++) {
    if (std::isnan(z[j])) continue;
    parts.residual += residual_of(statistics, j, q[j]);
    parts.rarity += rarity_of(statistics, j, static_cast<double>(z[j]));
    cells++;
  }
  parts.residual = parts.residual / cells + kLeastResidual;
  parts.rarity = parts.rarity / cells + kLeastRarity;
  return parts;
}

double score_of(const CommitteeStatistics& statistics, const RowParts& parts) {
  return (elementary::log(parts.residual) - statistics.residual_center) / statistics.residual_spread +
         kRarityWeight * (elementary::log(parts.rarity) - statistics.rarity_center) / statistics.rarity_spread;
}

void shares_of(const CommitteeStatistics& statistics, std::span<const float> z, std::span<const float> q,
               std::span<float> out) {
  const RowParts parts = parts_of(statistics, z, q);
  double sum = 0;
  const auto part = [&](std::size_t j) {
    if (std::isnan(z[j])) return 0.0;
    return residual_of(statistics, j, q[j]) / (parts.residual * statistics.residual_spread) +
           kRarityWeight * rarity_of(statistics, j, static_cast<double>(z[j])) /
               (parts.rarity * statistics.rarity_spread);
  };
  for (std::size_t j = 0; j < z.size(); j++) sum += part(j);
  for (std::size_t j = 0; j < z.size(); j++) out[j] = static_cast<float>(sum > 0 ? part(j) / sum : 0);
}

CommitteeStatistics statistics_for(std::size_t columns) {
  CommitteeStatistics statistics;
  statistics.ordinary.resize(columns);
  statistics.low.resize(columns);
  statistics.high.resize(columns);
  statistics.rarity.resize(columns * (kBins + 1));
  return statistics;
}

void fit_column(const Sample& sample, std::size_t column, CommitteeStatistics& statistics) {
  const std::span<const float> cells(sample.z.data(), sample.z.size());
  const std::span<const float> residuals(sample.q.data(), sample.q.size());
  statistics.ordinary[column] = trimmed_mean(cells, residuals, sample.columns(), column) + kLeastResidual;
  fit_histogram(cells, sample.columns(), column, statistics);
}

void fit_rows(const Sample& sample, CommitteeStatistics& statistics) {
  const std::size_t rows = sample.rows();
  const std::size_t columns = sample.columns();
  std::vector<double> residual(rows);
  std::vector<double> rarity(rows);
  for (std::size_t row = 0; row < rows; row++) {
    const RowParts parts =
        parts_of(statistics, {sample.z.data() + row * columns, columns}, {sample.q.data() + row * columns, columns});
    residual[row] = elementary::log(parts.residual);
    rarity[row] = elementary::log(parts.rarity);
  }
  center(residual, statistics.residual_center, statistics.residual_spread);
  center(rarity, statistics.rarity_center, statistics.rarity_spread);
}

}  // namespace anomalens::committee
