// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/model.hpp"
#include "math/tensor.hpp"

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

/// Rows to learn statistics from: scaled cells and, once computed, their mean squared residuals, both rows x columns.
struct Sample {
  xt::xtensor<float, 2> z;
  xt::xtensor<float, 2> q;

  std::size_t rows() const { return z.shape()[0]; }
  std::size_t columns() const { return z.shape()[1]; }
};

/// Statistics with room for so many columns, to be fitted column by column and then as a whole.
CommitteeStatistics statistics_for(std::size_t columns);
/// What one column of the sample says alone.
void fit_column(const Sample& sample, std::size_t column, CommitteeStatistics& statistics);
/// What whole rows say, after all columns have been fitted.
void fit_rows(const Sample& sample, CommitteeStatistics& statistics);

}  // namespace anomalens::committee
