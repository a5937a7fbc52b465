// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "tensor.hpp"

namespace anomalens::committee {

/// Beyond five deviations the nets see only the logarithm of the excess: one wild cell must not drown the others.
constexpr double kKnee = 5;

float squash(float z);
double unsquash(double a);

/// The two ways in which a row of `z` (scaled cells, NaN where missing) with mean squared residuals `q` is strange.
struct RowParts {
  double residual = 0;  ///< P
  double rarity = 0;    ///< H
};
RowParts parts_of(const CommitteeStatistics& statistics, std::span<const float> z, std::span<const float> q);

double score_of(const CommitteeStatistics& statistics, const RowParts& parts);

/// Shares of the columns in the score, into `out`.
void shares_of(const CommitteeStatistics& statistics, std::span<const float> z, std::span<const float> q,
               std::span<float> out);

/// Statistics of rows `z` whose mean squared residuals are `q`, both rows x columns.
CommitteeStatistics fit(const xt::xtensor<float, 2>& z, const xt::xtensor<float, 2>& q);

}  // namespace anomalens::committee
