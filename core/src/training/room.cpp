// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "anomalens/training.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

// All in double precision: what is too large must not wrap around.
constexpr double kFloat = 4;
constexpr double kDouble = 8;

double parameters_of(const ModelOptions& model, std::size_t columns, int member) {
  const std::vector<int> widths = widths_for(model, columns, member);
  double count = 0;
  for (std::size_t l = 1; l < widths.size(); l++) {
    count += (static_cast<double>(widths[l - 1]) + 1) * static_cast<double>(widths[l]);
  }
  return count;
}

/// How often the parameters of a net are there: as they are, arranged, their gradient, the last good ones, the best ones, and
/// what the optimizer remembers.
double copies_of(const TrainOptions& options) {
  const bool watched = options.patience > 0 || options.validation_split.value_or(0) > 0;
  return 4 + (watched ? 1 : 0) + (options.optimizer == OptimizerKind::kSgd ? 1 : 2);
}

/// Of a single net: all rows, scaled, and with kRobust as they came.
double bytes_of_rows(const ModelOptions& model, double rows, double columns) {
  return rows * columns * (kFloat + (model.scaler == ScalerKind::kRobust ? kDouble : 0));
}

/// Of the detector: the sample of the rows as it came, encoded, with codes and rarities, and what is learned of each column.
double bytes_of_sample(double rows, double columns) {
  constexpr double kMostSampled = 20'000;
  constexpr double kPercentiles = 101;
  const double cells = std::min(rows, kMostSampled) * columns;
  return cells * (kDouble + kFloat + kFloat + kDouble) + columns * kPercentiles * kDouble;
}

}  // namespace

void TrainOptions::require_room(const ModelOptions& model, std::size_t rows, std::size_t columns, double bytes) const {
  constexpr double kGigabyte = 1024.0 * 1024 * 1024;
  const auto n = static_cast<double>(rows);
  const auto wide = static_cast<double>(columns);
  double needed = model.committee() ? bytes_of_sample(n, wide) : bytes_of_rows(model, n, wide);
  const int nets = model.committee() ? model.net_count(clean, rows) : 1;
  for (int net = 0; net < nets; net++) {
    needed += parameters_of(model, columns, net % model.member_count()) * kFloat * copies_of(*this);
  }
  if (needed <= bytes) return;
  refuse(ErrorCode::kOutOfMemory, Reason::kTooLarge, {rows, columns, std::ceil(needed / kGigabyte * 10) / 10});
}

}  // namespace anomalens
