// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/net_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/finite.hpp"
#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kMostCalibration = 10'000;

}  // namespace

std::unique_ptr<Scorer> NetTraining::new_learner() {
  const bool sparse = options.sparsity.kind != Sparsity::Kind::kNone;
  const int top_k = options.sparsity.kind == Sparsity::Kind::kTopK ? options.sparsity.k : 0;
  std::unique_ptr<NetScorer> next;
  if (options.resume) {
    next = std::make_unique<NetScorer>(seat.trained()->model());
    next->fitted = false;
    next->trainings = seat.trained()->trainings + 1;
    if (sparse) next->net().set_top_k(top_k);
  } else {
    next = std::make_unique<NetScorer>(seat.options(), rows.scaler(), top_k);
  }
  roles = deal_rows(rows.rows(), held_out_rows(options, rows.rows()), derived_seed(next->options.seed, kHoldOutStream));
  measure_ranges(*next);
  return next;
}

SelectedRows NetTraining::rows_of(std::vector<std::uint32_t> chosen) const {
  SelectedRows learning;
  learning.table = rows.scaled().data();
  learning.columns = rows.columns();
  learning.rows = std::move(chosen);
  learning.masked = rows.scaler().missing();
  return learning;
}

std::unique_ptr<NetTrainer> NetTraining::new_net(Scorer& next, std::size_t net) {
  const ModelOptions& wanted = next.options;
  const std::uint32_t seed = options.resume ? derived_seed(wanted.seed, kResumeStream + next.trainings) : wanted.seed;
  Mt19937 random(seed);
  Network& network = next.nets[net];
  if (!options.resume) network.initialise(wanted.compatibility, random);
  const BatchPlan plan{static_cast<std::size_t>(chosen(options.batch_size)), false, wanted.compatibility};
  return std::make_unique<NetTrainer>(network, rows_of(roles.learning), plan, options, random,
                                      derived_seed(seed, kNoiseStream));
}

SelectedRows NetTraining::validation_rows() { return rows_of(roles.validation); }

/// About 4,000 steps, at least 30 passes and at most 300.
int NetTraining::default_epochs(std::size_t batches) const {
  return static_cast<int>(std::clamp<std::size_t>(4000 / batches, 30, 300));
}

void NetTraining::measure_ranges(NetScorer& next) const {
  const std::size_t columns = rows.columns();
  constexpr float kNothing = std::numeric_limits<float>::infinity();
  std::vector<float> low(columns, kNothing);
  std::vector<float> high(columns, -kNothing);
  kernels::Active::widen(rows.scaled().data(), roles.learning.data(), roles.learning.size(), columns, low.data(),
                         high.data());
  for (std::size_t j = 0; j < columns; j++) {
    if (low[j] > high[j]) continue;  // not one cell
    next.low[j] = low[j];
    next.high[j] = high[j];
  }
}

void NetTraining::follow(Scorer& next) { scorer_ = next.as_net(); }

void NetTraining::begin_settling() {
  const ThresholdRule& rule = chosen(options.threshold);
  judged_ = rule.needs_held_out() ? roles.calibration : roles.learning;
  if (rule.needs_labels()) {
    judged_.resize(rows.rows());
    std::iota(judged_.begin(), judged_.end(), 0U);
  }
  scores_ = std::vector<float>(judged_.size());
  scored_ = 0;
}

bool NetTraining::settle_piece() {
  const std::size_t columns = rows.columns();
  const std::size_t n = std::min(kGroup, judged_.size() - scored_);
  const std::span<float> group = scorer_->scaled_room(n);
  for (std::size_t i = 0; i < n; i++) {
    std::copy_n(rows.scaled().data() + judged_[scored_ + i] * columns, columns, group.data() + i * columns);
  }
  const std::span<float> scores(scores_.data() + scored_, n);
  if (n > 0) scorer_->score_group(group, scores);
  if (!std::ranges::all_of(scores, [](float score) { return score < finite::kLargest; })) refuse_weights();
  scored_ += n;
  return scored_ == judged_.size();
}

Trainer::State::Outcome NetTraining::conclude() {
  const ThresholdRule& rule = chosen(options.threshold);
  Outcome outcome;
  outcome.threshold = threshold_from(rule, scores_);
  outcome.calibration = std::move(scores_);  // should something fail, all is scored again
  outcome.held_out = rule.needs_held_out();
  if (!std::isfinite(outcome.threshold)) refuse_weights();
  std::vector<float>& scores = outcome.calibration;
  if (rule.needs_labels()) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < scores.size(); i++) {
      if (rule.labels[i] == 0) scores[kept++] = scores[i];
    }
    scores.resize(kept);
  }
  sort_ascending(scores);
  scores = thinned(std::move(scores), kMostCalibration);
  return outcome;
}

void NetTraining::describe(TrainReport& report) const {
  report.rule = chosen(options.threshold);
  report.calibration_rows = roles.calibration.size();
}

}  // namespace anomalens
