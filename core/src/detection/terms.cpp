// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "math/elementary.hpp"
#include "math/ordered.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"

namespace anomalens::terms {

namespace {

constexpr double kLeastResidual = 1e-3;  // keeps the logarithm finite for rows rebuilt exactly
constexpr double kLeastRarity = 1e-2;
constexpr double kUnseenSquared = 4;
constexpr double kLeastSpread = 0.05;  // half of the rows may be alike

/// mean_j value(x_j) over the features of every row that count; the others are 0. A loop: as a reduction over an axis it
/// weighs ten times as much.
template <class Value>
Vector row_means(const double* cells, const Vector& counted, std::size_t features, Value value) {
  Vector means(counted.size());
  for (double& mean : means) {
    const double* end = cells + features;
    double sum = 0;
    for (; cells != end; cells++) sum += value(*cells);
    mean = sum / counted[static_cast<std::size_t>(&mean - means.data())];
  }
  return means;
}

/// ln(x + least) of every element.
Vector logarithm(Vector values, double least) {
  for (double& value : values) value = elementary::log(value + least);
  return values;
}

auto centred(const Term& term, const Vector& values) { return (tensor(values) - term.middle) / term.spread; }

}  // namespace

double surprise(const CategoryFeature& feature, double q) { return -elementary::log(std::max(q, 0.5 / feature.rows)); }

Matrix squared_parts(const Encoding& encoding, const ResidualUnits& units, const Matrix& q, const std::int32_t* codes) {
  Matrix p = Matrix::from_shape(q.shape());
  const std::size_t features = encoding.features.size();
  std::vector<double> factors(features);
  constexpr double kLeast = std::numeric_limits<double>::min();  // whose reciprocal is finite
  constexpr double kMost = 1e150;                                // whose square is finite
  for (std::size_t f = 0; f < features; f++) factors[f] = 1 / std::max(units.ordinary[f], kLeast);
  for (std::size_t i = 0, f = 0; i < q.size(); i++, f = f + 1 < features ? f + 1 : 0) {
    const Feature& feature = encoding.features[f];
    double& part = p.data()[i];
    if (codes[i] == EncodedRows::kLeftOut) {
      part = 0;
    } else if (!encoding.categorical(feature)) {
      part = std::min(q.data()[i] * factors[f], kMost);
    } else {
      const double more = surprise(encoding.category(feature), q.data()[i]) - units.surprise[f];
      part = std::max(0.1, 1 + 2 * more);  // nats written as a number of sigmas
    }
  }
  return p;
}

Vector counted(const std::int32_t* codes, std::size_t rows, std::size_t features) {
  Vector counts(rows);
  for (std::size_t row = 0; row < rows; row++) {
    counts[row] = static_cast<double>(EncodedRows::counted({codes + row * features, features}));
  }
  return counts;
}

Vector power_mean(const Matrix& squared, const Vector& counted, int k) {
  Vector means = row_means(squared.data(), counted, squared.shape()[1], [k](double square) {
    return k == 1 ? std::sqrt(square) : k == 2 ? square : square * square;
  });
  for (int power = k; power > 1; power /= 2) {
    for (double& mean : means) mean = std::sqrt(mean);
  }
  return logarithm(std::move(means), kLeastResidual);
}

Vector mean_rarity(const double* rarity, const Vector& counted, std::size_t features) {
  return logarithm(row_means(rarity, counted, features, [](double nats) { return nats; }), kLeastRarity);
}

Vector log_distance(const Vector& d, const Vector& unseen) {
  Vector distances(d.size());
  ordered::assign(distances, xt::sqrt(tensor(d) * tensor(d) + kUnseenSquared * tensor(unseen)));
  return logarithm(std::move(distances), kLeastDistance);
}

Term term_of(Vector values) {
  sort_ascending(values);
  const std::span<const double> sorted(values);
  const double quartiles = quantile_of_sorted(sorted, 0.75) - quantile_of_sorted(sorted, 0.25);
  return {quantile_of_sorted(sorted, 0.5), std::max(quartiles, kLeastSpread)};
}

Vector score(const DetectorModel& model, const Terms& t, bool whole) {
  const double weight = model.clean ? 1 : kExcessWeight;
  Vector beyond(t.excess.size());
  ordered::assign(beyond, centred(model.excess, t.excess));
  if (!whole) {
    for (double& excess : beyond) excess = std::max(excess - kExcessFrom, 0.0);
  }
  Vector score(beyond.size());
  ordered::assign(score, centred(model.residual, t.residual) + kRarityWeight * centred(model.rarity, t.rarity) +
                             weight * tensor(beyond));
  if (t.distance.empty()) return score;
  ordered::assign(score, tensor(score) + centred(model.distance, t.distance));
  return score;
}

}  // namespace anomalens::terms
