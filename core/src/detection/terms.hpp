// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "anomalens/detector_model.hpp"
#include "math/tensor.hpp"

/// From residuals to a score. Matrices are rows x features.
namespace anomalens::terms {

constexpr double kRarityWeight = 0.5;
constexpr double kExcessFrom = 3;    // below it, E says nothing that P does not say
constexpr double kExcessWeight = 3;  // where the rows are not clean
constexpr double kLeastDistance = 1e-3;

using Matrix = xt::xtensor<double, 2>;
using Vector = std::vector<double>;  ///< for expressions: tensor(vector), ordered::assign()

/// p^2, where p is how strange a cell is, as a number of sigmas. Number, cycle: p^2 = q / ordinary. Category: s = -ln max(q,
/// .5 / n) nats more than usual, p^2 = max(.1, 1 + 2 (s - surprise)). 0 where `codes` say that a feature is left out.
Matrix squared_parts(const Encoding& encoding, const ResidualUnits& units, const Matrix& q, const std::int32_t* codes);

/// How many features of every row count: the means below are taken over them.
Vector counted(const std::int32_t* codes, std::size_t rows, std::size_t features);

/// The surprise of a probability: -ln max(q, .5 / n).
double surprise(const CategoryFeature& feature, double q);

/// L_k = ln((mean_j p_j^k)^(1/k) + .001) of every row, k = 1, 2 or 4, of p^2.
Vector power_mean(const Matrix& squared, const Vector& counted, int k);
/// ln(mean_j H_j + .01); `rarity` is rows x features.
Vector mean_rarity(const double* rarity, const Vector& counted, std::size_t features);
/// ln(sqrt(d^2 + 4 u) + .001), u the values of each row that training never saw: without indicators of their own they would
/// lie nearer to every known row than another known value does.
Vector log_distance(const Vector& d, const Vector& unseen);

/// Median and quartile distance of a term over the training rows.
Term term_of(Vector values);

/// The terms of some rows.
struct Terms {
  Vector residual;
  Vector rarity;
  Vector excess;
  Vector distance;  ///< empty unless the detector has a pool
};

/// Clean: P + H / 2 + N + max(0, E - 3). Else: P + H / 2 + 3 max(0, E - 3). Each term centred and scaled. With `whole`, E
/// counts in full, as reasons need it: without it, repairs of a row that is wrong twice would show nothing.
Vector score(const DetectorModel& model, const Terms& terms, bool whole = false);

}  // namespace anomalens::terms
