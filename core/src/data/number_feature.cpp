// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>

#include "anomalens/features.hpp"
#include "math/elementary.hpp"
#include "math/ordered.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"
#include "math/tensor.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr double kKnee = 5;
constexpr double kFence = 20;  // sturdy deviations from the median up to which a cell counts in full
constexpr double kSkew = 0.4;  // from which on a column is skewed, and up to which its logarithm is not
constexpr double kSymmetric = 0.2;
constexpr std::size_t kFewForLogarithm = 10;
constexpr double kReach = 6;      // of the histogram, encoded
constexpr double kOnEdge = 1e-6;  // keeps cells on the edge of a bin from falling by the last bit of the center
constexpr double kMost = 1e300;   // no quotient becomes infinite

/// How lopsided the distances of two quantiles from the median are, -1 to 1.
double skewness(double low, double middle, double high) { return ((high - middle) - (middle - low)) / (high - low); }

double transformed(const NumberFeature& feature, double x) {
  if (!feature.logarithmic) return x;
  if (x >= feature.least) return elementary::log(x);
  return elementary::log(feature.least) + (x - feature.least) / feature.least;
}

std::size_t distinct_values(std::span<const double> sorted) {
  std::size_t count = sorted.empty() ? 0 : 1;
  for (std::size_t i = 1; i < sorted.size(); i++) count += sorted[i] != sorted[i - 1] ? 1 : 0;
  return count;
}

/// Decides about the logarithm.
void choose_transform(NumberFeature& feature, std::span<const double> sorted) {
  const double q10 = quantile_of_sorted(sorted, 0.1);
  const double q50 = quantile_of_sorted(sorted, 0.5);
  const double q90 = quantile_of_sorted(sorted, 0.9);
  if (!(sorted.front() > 0) || distinct_values(sorted) <= kFewForLogarithm || !(q10 < q90)) return;
  if (!(skewness(q10, q50, q90) > kSkew)) return;
  const double least = 0.3 * quantile_of_sorted(sorted, 0.01);
  if (!(least >= std::numeric_limits<double>::min())) return;
  const double skew = skewness(elementary::log(q10), elementary::log(q50), elementary::log(q90));
  if (!(std::fabs(skew) < kSymmetric)) return;
  feature.logarithmic = true;
  feature.least = least;
}

/// A deviation that single wild cells do not move; of cells most of which are equal, that of the others.
double sturdy_deviation(std::span<const double> sorted) {
  const double quartiles = quantile_of_sorted(sorted, 0.75) - quantile_of_sorted(sorted, 0.25);
  const double deciles = quantile_of_sorted(sorted, 0.9) - quantile_of_sorted(sorted, 0.1);
  const double deviation = std::max(quartiles / 1.349, deciles / 2.563);
  if (deviation > 0) return deviation;
  std::vector<double> others;
  for (const double e : sorted) {
    if (e != 0) others.push_back(std::fabs(e));
  }
  if (others.empty()) return 0;
  sort_ascending(others);
  return quantile_of_sorted(std::span<const double>(others), 0.5);
}

}  // namespace

double squash(double z) {
  const double size = std::fabs(z);
  return size <= kKnee ? z : std::copysign(kKnee + elementary::log(1 + (size - kKnee)), z);
}

double unsquash(double a) {
  const double size = std::fabs(a);
  return size <= kKnee ? a : std::copysign(kKnee + (elementary::exp(std::min(size - kKnee, 700.0)) - 1), a);
}

NumberFeature NumberFeature::of(std::vector<double> cells, std::size_t column) {
  NumberFeature feature;
  sort_ascending(cells);
  const std::span<const double> sorted(cells);
  feature.percentiles.resize(101);
  for (std::size_t q = 0; q <= 100; q++)
    feature.percentiles[q] = quantile_of_sorted(sorted, static_cast<double>(q) / 100);
  choose_transform(feature, sorted);
  for (double& x : cells) x = transformed(feature, x);  // monotonous: still sorted
  const double middle = quantile_of_sorted(sorted, 0.5);
  const auto e = tensor(cells);
  ordered::assign(cells, e - middle);  // before anything is squared: 1e15 +- 10 keeps its digits
  if (!std::isfinite(cells.front()) || !std::isfinite(cells.back())) {
    refuse(ErrorCode::kNonFinite, Reason::kSpreadNotFinite, {}, {std::nullopt, column});
  }
  const double deviation = sturdy_deviation(sorted);
  ordered::assign(cells, xt::clip(e, -kFence * deviation, kFence * deviation));
  double largest = std::max(std::fabs(cells.front()), std::fabs(cells.back()));
  if (largest == 0) largest = 1;  // the sampled cells are all equal
  ordered::assign(cells, e / largest);
  const auto n = static_cast<double>(cells.size());
  const double mean = ordered::sum(e) / n;
  const double variance = ordered::sum((e - mean) * (e - mean)) / n;
  feature.center = middle + largest * mean;
  feature.spread = largest * std::sqrt(variance);
  if (feature.spread == 0) feature.spread = deviation > 0 ? deviation : largest;
  return feature;
}

double NumberFeature::encode(double value) const {
  if (std::isnan(value)) return 0;
  return squash(std::clamp((transformed(*this, value) - center) / spread, -kMost, kMost));
}

double NumberFeature::decode(double cell) const {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const double g = std::clamp(unsquash(cell) * spread + center, -kLargest, kLargest);
  if (!logarithmic) return g;
  const double start = elementary::log(least);
  return g >= start ? elementary::exp(std::min(g, 709.0)) : std::max(least + least * (g - start), -kLargest);
}

void NumberFeature::count(std::span<const double> encoded) {
  const auto [least_cell, most_cell] = std::ranges::minmax(encoded);
  low = std::max(least_cell, -kReach);
  high = std::min(most_cell, kReach);
  if (!(high > low)) high = low + 1;
  rows = static_cast<double>(encoded.size());
  counts.fill(0);
  for (const double a : encoded) {
    if (!outside(a)) counts[bin_of(a)]++;
  }
  weigh();
}

std::size_t NumberFeature::bin_of(double cell) const {
  if (!(cell >= low - kOnEdge && cell <= high + kOnEdge)) return kBins;  // not a number lies in no bin either
  const double at = std::max(cell - low, 0.0) * kBins / (high - low) + kOnEdge;
  return std::min(static_cast<std::size_t>(static_cast<int>(at)), kBins - 1);
}

std::size_t NumberFeature::place_of(double cell) const {
  if (cell < low && low > -kReach) return 0;
  if (cell > high && high < kReach) return kBins - 1;
  return bin_of(cell);
}

double NumberFeature::height(double cell) const {
  const std::size_t bin = bin_of(cell);
  return bin == kBins ? 0 : counts[bin];
}

void NumberFeature::weigh() {
  const double floor = rows / 100;
  const double top = *std::ranges::max_element(counts) + floor;
  const auto rarity = [&](double height) { return -elementary::log((std::max(height, 0.0) + floor) / top); };
  for (std::size_t bin = 0; bin <= kBins; bin++) {
    const double height = bin == kBins ? 0 : counts[bin];
    rarities_[bin] = rarity(height);
    own_rarities_[bin] = rarity(height - 1);
  }
}

double NumberFeature::percentile(double value) const {
  const auto left = std::ranges::lower_bound(percentiles, value) - percentiles.begin();
  const auto right = std::ranges::upper_bound(percentiles, value) - percentiles.begin();
  if (right > left) return static_cast<double>(left + right - 1) / 2;
  if (left == 0) return 0;
  if (left == std::ssize(percentiles)) return 100;
  const double below = percentiles[static_cast<std::size_t>(left - 1)];
  const double above = percentiles[static_cast<std::size_t>(left)];
  return static_cast<double>(left - 1) + (value - below) / (above - below);
}

}  // namespace anomalens
