// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "math/sorting.hpp"
#include "training/clock.hpp"
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

Trainer::State::Statistics Trainer::State::sampled() {
  const std::size_t columns = rows.columns();
  const std::size_t all = roles.learning.size();
  const std::size_t count = std::min(all, std::max<std::size_t>(1000, kStatisticsCells / columns));
  Statistics statistics;
  committee::Sample& sample = statistics.sample;
  sample.z = xt::xtensor<float, 2>::from_shape({count, columns});
  sample.q = xt::xtensor<float, 2>::from_shape({count, columns});
  for (std::size_t i = 0; i < count; i++) {
    const std::size_t row = roles.learning[static_cast<std::size_t>(static_cast<std::uint64_t>(i) * all / count)];
    std::copy_n(rows.scaled().data() + row * columns, columns, sample.z.data() + i * columns);
  }
  statistics.found = committee::statistics_for(columns);
  return statistics;
}

void Trainer::State::advance(Statistics& statistics) {
  Autoencoder::State& state = trained();
  committee::Sample& sample = statistics.sample;
  const std::size_t columns = sample.columns();
  if (statistics.rows < sample.rows()) {
    const std::size_t n = std::min(kGroup, sample.rows() - statistics.rows);
    const std::size_t first = statistics.rows * columns;
    state.errors_group({sample.z.data() + first, n * columns}, {sample.q.data() + first, n * columns});
    statistics.rows += n;
  } else if (statistics.columns < columns) {
    committee::fit_column(sample, statistics.columns++, statistics.found);
  } else {
    committee::fit_rows(sample, statistics.found);
    state.statistics = std::move(statistics.found);
    statistics = {};
    statistics.complete = true;
  }
}

void Trainer::State::refresh_statistics() {
  if (!trained().committee()) return;
  Statistics statistics = sampled();
  while (!statistics.complete) advance(statistics);
}

Trainer::State::Settling Trainer::State::begun() {
  const ThresholdRule& rule = *options.threshold;
  Settling work;
  if (trained().committee()) {
    work.statistics = sampled();
  } else {
    work.statistics.complete = true;
  }
  work.rows = rule.needs_held_out() ? roles.calibration : roles.learning;
  if (rule.needs_labels()) {
    work.rows.resize(rows.rows());
    std::iota(work.rows.begin(), work.rows.end(), 0U);
  }
  work.scores = std::vector<float>(work.rows.size());
  return work;
}

bool Trainer::State::settle(double ms) {
  const double start = now_ms();
  if (!settling) {
    settling = std::make_unique<Settling>(begun());
    if (!best.empty()) trained().set_parameters(best.data());
  }
  Settling& work = *settling;
  while (!work.statistics.complete || work.scored < work.rows.size()) {
    if (!work.statistics.complete) {
      advance(work.statistics);
    } else {
      score_group(work);
    }
    if (now_ms() - start >= ms) break;
  }
  return work.statistics.complete && work.scored == work.rows.size();
}

void Trainer::State::score_group(Settling& work) {
  Autoencoder::State& state = trained();
  const std::size_t columns = rows.columns();
  const std::size_t n = std::min(kGroup, work.rows.size() - work.scored);
  for (std::size_t i = 0; i < n; i++) {
    std::copy_n(rows.scaled().data() + work.rows[work.scored + i] * columns, columns,
                state.scaled.data() + i * columns);
  }
  state.score_group({state.scaled.data(), n * columns}, {work.scores.data() + work.scored, n});
  work.scored += n;
}

void Trainer::State::set_threshold() {
  Autoencoder::State& state = trained();
  const ThresholdRule& rule = *options.threshold;
  std::vector<float> scores = std::move(settling->scores);
  settling.reset();  // from here on: should the memory not suffice, all is scored again
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
