// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "anomalens/training.hpp"
#include "refusal.hpp"
#include "training/row_roles.hpp"

namespace anomalens {

namespace {

constexpr double kMostWeight = 1e6;

void check_schedule(const Schedule& schedule, std::optional<int> epochs) {
  switch (schedule.kind) {
    case Schedule::Kind::kConstant:
      return;
    case Schedule::Kind::kCosine:
      check_range("schedule.warmup", schedule.warmup, 0, 1e6);
      if (epochs) check_warmup(schedule, *epochs);
      return;
    case Schedule::Kind::kStep:
      check_range("schedule.every", schedule.every, 1, 1e6);
      break;
    case Schedule::Kind::kPlateau:
      check_range("schedule.patience", schedule.patience, 0, 1e6);
      break;
  }
  check_range("schedule.factor", schedule.factor, 0, 1, Ends::kNeither);
}

void check_corruption(const std::vector<Corruption>& corruption) {
  constexpr std::size_t kMostCorruptions = 8;
  if (corruption.size() > kMostCorruptions) {
    refuse_option("corruption", Reason::kTooManyCorruptions, {kMostCorruptions, corruption.size()});
  }
  for (const Corruption& one : corruption) {
    const bool noise = one.kind == Corruption::Kind::kGaussian || one.kind == Corruption::Kind::kScale;
    check_range("corruption.amount", one.amount, 0, noise ? 100 : 1);
  }
}

void check_sparsity(const Sparsity& sparsity, const ModelOptions& model, std::size_t columns) {
  if (sparsity.kind == Sparsity::Kind::kNone) return;
  if (sparsity.kind == Sparsity::Kind::kTopK) {
    int latent = 4096;
    for (int m = 0; m < model.member_count(); m++) {
      latent = std::min(latent, layers_for(model, columns, m)[encoder_layers_for(model) - 1].outputs);
    }
    if (sparsity.k < 1 || sparsity.k > latent) {
      refuse_option("sparsity.k", Reason::kTopKAboveLatent, {latent, sparsity.k});
    }
    return;
  }
  check_range("sparsity.weight", sparsity.weight, 0, kMostWeight);
  if (sparsity.kind != Sparsity::Kind::kKl) return;
  check_range("sparsity.target", sparsity.target, 0, 1, Ends::kNeither);
  if (model.latent_activation != Activation::kSigmoid) {
    refuse_option("sparsity", Reason::kKlNeedsSigmoid);
  }
}

}  // namespace

void TrainOptions::validate(const ModelOptions& model, std::size_t rows, std::size_t columns) const {
  check_range("epochs", epochs, 1, 1e6);
  check_range("batch_size", batch_size, 1, 65536);
  check_range("learning_rate", learning_rate, 0, 10, Ends::kHigh);
  check_range("momentum", momentum, 0, 1, Ends::kLow);
  if (momentum > 0 && (optimizer == OptimizerKind::kAdam || optimizer == OptimizerKind::kAdamW)) {
    refuse_option("momentum", Reason::kMomentumOfAdam);
  }
  check_schedule(schedule, epochs);
  check_range("weight_decay", weight_decay, 0, 10);
  check_range("l1", l1, 0, 10);
  check_range("dropout", dropout, 0, 1, Ends::kLow);
  check_range("clip_norm", clip_norm, 0, kMostWeight);
  check_corruption(corruption);
  check_sparsity(sparsity, model, columns);
  check_range("trim", trim, 0, 0.9);
  check_range("validation_split", validation_split, 0, 0.5, patience > 0 ? Ends::kHigh : Ends::kBoth);
  check_range("patience", patience, 0, 1e6);
  check_range("neighbours", neighbours, 0, 4096);
  if (threshold) threshold->validate(rows);
  // The default rule is one that the rows allow; the caller's own may need more than there are.
  held_out_rows(resolved(model, rows), rows, model.committee());
  if (model.committee() && threshold && rows < threshold->fewest_scores()) {
    refuse_option("threshold", Reason::kTooFewScores, {threshold->fewest_scores(), rows});
  }
}

namespace {

ThresholdRule default_rule(bool clean, Compatibility compatibility, std::size_t rows) {
  constexpr std::size_t kConformalRows = 150;
  ThresholdRule rule;
  if (!clean) {
    rule.kind = ThresholdRule::Kind::kMad;
    rule.value = 3.5;
  } else if (compatibility == Compatibility::kNone && rows >= kConformalRows) {
    rule.kind = ThresholdRule::Kind::kConformal;
    rule.value = 0.05;
  }
  return rule;
}

}  // namespace

TrainOptions TrainOptions::resolved(const ModelOptions& model, std::size_t rows) const {
  const bool committee = model.committee();
  TrainOptions options = *this;
  options.batch_size = batch_size.value_or(committee ? 64 : 32);
  options.learning_rate = learning_rate.value_or(committee ? 0.01 : 0.001);
  options.trim = trim.value_or(clean ? 0 : 0.3);
  options.validation_split = validation_split.value_or(patience > 0 ? 0.1 : 0);
  if (!committee) options.threshold = threshold.value_or(default_rule(clean, model.compatibility, rows));
  return options;
}

void check_warmup(const Schedule& schedule, int epochs) {
  if (schedule.kind != Schedule::Kind::kCosine || schedule.warmup < epochs) return;
  refuse_option("schedule.warmup", Reason::kWarmupAboveEpochs, {epochs, schedule.warmup});
}

HeldOut held_out_rows(const TrainOptions& options, std::size_t rows, bool committee) {
  HeldOut held;
  held.validation =
      static_cast<std::size_t>(std::ceil(options.validation_split.value_or(0) * static_cast<double>(rows)));
  if (!committee && options.threshold && options.threshold->needs_held_out()) {
    constexpr std::size_t kFewest = 50;
    constexpr std::size_t kMost = 10000;
    const std::size_t fewest = options.threshold->fewest_scores();
    held.calibration = std::max({std::min(rows / 10, kMost), std::min(kFewest, rows / 2), fewest});
    if (held.calibration > rows / 2) {
      refuse_option("threshold", Reason::kTooFewRowsToHoldOut, {held.calibration, rows});
    }
  }
  if (rows >= 2 && held.validation + held.calibration + 2 > rows) {
    refuse_option("validation_split", Reason::kTooFewRowsToLearn, {rows});
  }
  return held;
}

}  // namespace anomalens
