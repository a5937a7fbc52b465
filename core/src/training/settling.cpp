// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "math/sorting.hpp"
#include "refusal.hpp"
#include "training/clock.hpp"
#include "training/trainer_state.hpp"

namespace anomalens {

namespace {

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

Trainer::State::Settling Trainer::State::begun() {
  const ThresholdRule& rule = chosen(options.threshold);
  Settling work{StatisticsFit(*learner, rows.scaled().data(), roles.learning), {}, {}, 0};
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
    if (!best.empty()) learner->set_parameters(best.data());
  }
  Settling& work = *settling;
  while (!work.statistics.complete() || work.scored < work.rows.size()) {
    if (!work.statistics.complete()) {
      work.statistics.advance();
    } else {
      score_group(work);
    }
    if (now_ms() - start >= ms) break;
  }
  return work.statistics.complete() && work.scored == work.rows.size();
}

void Trainer::State::score_group(Settling& work) {
  const std::size_t columns = rows.columns();
  const std::size_t n = std::min(kGroup, work.rows.size() - work.scored);
  const std::span<float> group = learner->scaled_room(n);
  for (std::size_t i = 0; i < n; i++) {
    std::copy_n(rows.scaled().data() + work.rows[work.scored + i] * columns, columns, group.data() + i * columns);
  }
  learner->score_group(group, {work.scores.data() + work.scored, n});
  work.scored += n;
}

void Trainer::State::set_threshold() {
  const ThresholdRule& rule = chosen(options.threshold);
  std::vector<float> scores = std::move(settling->scores);
  settling.reset();  // from here on: should the memory not suffice, all is scored again
  learner->threshold = threshold_from(rule, scores);
  if (rule.needs_labels()) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < scores.size(); i++) {
      if (rule.labels[i] == 0) scores[kept++] = scores[i];
    }
    scores.resize(kept);
  }
  sort_ascending(scores);
  learner->calibration = thinned(std::move(scores));
  learner->held_out = rule.needs_held_out();
}

}  // namespace anomalens
