// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>
#include <vector>

#include "sorting.hpp"
#include "training/trainer_state.hpp"

namespace anomalens {

namespace {

/// Cells whose residuals are kept at once to learn a committee's statistics; larger tables are sampled evenly.
constexpr std::size_t kStatisticsCells = 2'000'000;
/// Scores kept for p-values; more are thinned to evenly spaced ones of the sorted list.
constexpr std::size_t kMostCalibration = 10'000;

std::vector<float> thinned(std::vector<float> sorted) {
  if (sorted.size() <= kMostCalibration) return sorted;
  std::vector<float> kept(kMostCalibration);
  for (std::size_t i = 0; i < kMostCalibration; i++) {
    kept[i] =
        sorted[static_cast<std::size_t>(static_cast<std::uint64_t>(i) * (sorted.size() - 1) / (kMostCalibration - 1))];
  }
  return kept;
}

}  // namespace

void Trainer::State::refresh_statistics() {
  Autoencoder::State& state = trained();
  if (!state.committee()) return;
  const std::size_t columns = rows.columns();
  const std::size_t all = roles.learning.size();
  const std::size_t count = std::min(all, std::max<std::size_t>(1000, kStatisticsCells / columns));
  auto z = xt::xtensor<float, 2>::from_shape({count, columns});
  auto q = xt::xtensor<float, 2>::from_shape({count, columns});
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t row = roles.learning[static_cast<std::size_t>(static_cast<std::uint64_t>(i) * all / count)];
    std::copy_n(rows.scaled().data() + row * columns, columns, z.data() + i * columns);
  }
  for_groups(count, [&](std::size_t first, std::size_t n) {
    state.errors_group({z.data() + first * columns, n * columns}, {q.data() + first * columns, n * columns});
  });
  state.statistics = committee::fit(z, q);
}

std::vector<float> Trainer::State::scores_of(const std::vector<std::uint32_t>& which) {
  Autoencoder::State& state = trained();
  const std::size_t columns = rows.columns();
  std::vector<float> scores(which.size());
  for_groups(which.size(), [&](std::size_t first, std::size_t n) {
    for (std::size_t i = 0; i < n; i++) {
      std::copy_n(rows.scaled().data() + which[first + i] * columns, columns, state.scaled.data() + i * columns);
    }
    state.score_group({state.scaled.data(), n * columns}, {scores.data() + first, n});
  });
  return scores;
}

void Trainer::State::set_threshold() {
  Autoencoder::State& state = trained();
  const ThresholdRule& rule = options.threshold;
  std::vector<std::uint32_t> which = rule.needs_held_out() ? roles.calibration : roles.learning;
  if (rule.needs_labels()) {
    which.resize(rows.rows());
    std::iota(which.begin(), which.end(), 0U);
  }
  std::vector<float> scores = scores_of(which);
  state.threshold = threshold_from(rule, scores);
  if (rule.needs_labels()) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < scores.size(); i++) {
      if (rule.labels[i] == 0) scores[kept++] = scores[i];
    }
    scores.resize(kept);
  }
  sort_ascending(scores);
  state.calibration = thinned(std::move(scores));
  state.held_out = rule.needs_held_out();
}

}  // namespace anomalens
