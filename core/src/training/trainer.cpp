// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "refusal.hpp"
#include "training/clock.hpp"
#include "training/detector_training.hpp"
#include "training/net_training.hpp"

namespace anomalens {

namespace {

void check_scaler(Scorer* trained, const TrainingSet& rows) {
  const Scaler& own = trained->as_net()->scaler;
  const Scaler& theirs = rows.scaler();
  if (!std::equal(own.center().begin(), own.center().end(), theirs.center().begin(), theirs.center().end()) ||
      !std::equal(own.scale().begin(), own.scale().end(), theirs.scale().begin(), theirs.scale().end())) {
    refuse(ErrorCode::kShape, Reason::kOtherScaler);
  }
}

}  // namespace

Trainer::Trainer(Autoencoder& model, TrainingSet rows, const TrainOptions& options) {
  options.validate(model.options(), rows.rows(), rows.columns());
  if (!rows.complete()) refuse(ErrorCode::kShape, Reason::kRowsIncomplete);
  const bool detector = model.options().committee();
  if (rows.encodes() != detector) refuse(ErrorCode::kShape, Reason::kOtherScaler);
  if (detector && rows.missing() != model.options().missing_cells()) refuse_option("missing", Reason::kOtherScaler);
  TrainOptions wanted = options;
  if (options.resume) {
    Scorer* trained = model.seat_->trained();
    if (trained == nullptr) refuse_untrained();
    if (detector) {
      const DetectorModel& known = trained->as_detector()->detector().model;
      rows.encode_with(known.encoding);
      wanted.clean = known.clean;  // there are as many committees as there were
    } else {
      check_scaler(trained, rows);
    }
  }
  TrainOptions resolved = wanted.resolved(model.options(), rows.rows());
  if (detector) {
    state_ = std::make_unique<DetectorTraining>(*model.seat_, std::move(rows), std::move(resolved));
  } else {
    state_ = std::make_unique<NetTraining>(*model.seat_, std::move(rows), std::move(resolved));
  }
  state_->prepare();
}

Trainer::~Trainer() {
  if (state_ && state_->open()) state_->seat.abandon();
}

Progress Trainer::run(Budget budget) {
  if (!(budget.amount > 0)) refuse_option("budget", Reason::kNotAbove, {0, budget.amount});
  State& s = *state_;
  s.require_learning();
  const double start = now_ms();
  const std::uint64_t begun = s.step;
  std::uint64_t last = s.steps();
  if (budget.kind != Budget::Kind::kMilliseconds) {
    const double unit = budget.kind == Budget::Kind::kEpochs ? static_cast<double>(s.epoch_steps()) : 1;
    const double wanted = static_cast<double>(begun) + std::ceil(budget.amount * unit);
    if (wanted < static_cast<double>(last)) last = static_cast<std::uint64_t>(wanted);
  }
  std::uint64_t look = begun + 1;  // the step after which to look at the clock again
  while ((s.watch.open || s.step < last) && !s.done()) {
    s.one_step();
    if (budget.kind != Budget::Kind::kMilliseconds || (s.step < look && !s.watch.open)) continue;
    const double spent = now_ms() - start;
    if (spent >= budget.amount) break;
    if (s.step == begun) continue;
    // Half of the steps that fit by the present pace: reading the clock costs as much as a small step.
    const double pace = std::max(spent / static_cast<double>(s.step - begun), 1e-6);
    look = s.step + 1 + static_cast<std::uint64_t>(std::min((budget.amount - spent) / pace / 2, 1e6));
  }
  s.elapsed_ms += now_ms() - start;
  s.learner->weights_moved();
  if (s.diverged) {
    refuse(ErrorCode::kDiverged, Reason::kDiverged, {s.losses.size() + 1});
  }
  return s.progress();
}

Progress Trainer::State::progress() const {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  Progress p;
  p.epoch = static_cast<int>(losses.size());
  p.epochs = chosen(options.epochs);
  p.step = step;
  p.steps = steps();
  p.loss = kUnknown;
  if (!losses.empty()) {
    p.loss = losses.back();
  } else if (open_steps > 0) {
    p.loss = open_loss / static_cast<double>(open_steps);
  }
  if (!validation_losses.empty()) p.validation_loss = validation_losses.back();
  p.elapsed_ms = elapsed_ms;
  p.eta_ms = kUnknown;
  if (done()) {
    p.eta_ms = 0;
  } else if (step > 0) {
    p.eta_ms = elapsed_ms / static_cast<double>(step) * static_cast<double>(steps() - step);
  }
  p.done = done();
  return p;
}

Progress Trainer::progress() const { return state_->progress(); }

std::span<const double> Trainer::losses() const { return state_->losses; }

namespace {

/// Sets one option and keeps it only if the whole stays valid.
template <class Value>
void change(TrainOptions& options, Value TrainOptions::* option, Value value, const ModelOptions& model,
            const TrainingSet& rows) {
  TrainOptions changed = options;
  changed.*option = value;
  changed.validate(model, rows.rows(), rows.columns());
  options = std::move(changed);
}

}  // namespace

void Trainer::set_learning_rate(double learning_rate) {
  change(state_->options, &TrainOptions::learning_rate, std::optional(learning_rate), state_->seat.options(),
         state_->rows);
}

void Trainer::set_weight_decay(double weight_decay) {
  change(state_->options, &TrainOptions::weight_decay, weight_decay, state_->seat.options(), state_->rows);
}

void Trainer::set_l1(double l1) {
  change(state_->options, &TrainOptions::l1, l1, state_->seat.options(), state_->rows);
}

namespace {

std::size_t checked_member(int member, std::size_t members) {
  if (member >= 0 && static_cast<std::size_t>(member) < members) return static_cast<std::size_t>(member);
  refuse_option("member", Reason::kNotFromTo, {0, members - 1, member});
}

}  // namespace

std::vector<float> Trainer::train_member(int member) {
  State& s = *state_;
  s.require_learning();
  const std::size_t m = checked_member(member, s.nets.size());
  const bool together = s.options.schedule.kind == Schedule::Kind::kPlateau || chosen(s.options.validation_split) > 0;
  if (together || s.step > 0) {
    refuse_option("member", together ? Reason::kMembersWatched : Reason::kMembersRunning, {member});
  }
  NetTrainer& net = *s.nets[m];
  const double start = now_ms();
  for (int epoch = 0; s.complete[m] == 0 && epoch < chosen(s.options.epochs); epoch++) {
    for (std::size_t at = 0; at < net.batches(); at++) {
      if (!net.step(at, s.rate(epoch), s.options, s.workspace(m))) s.diverge();
    }
    if (!s.diverged && !net.sound(s.workspace(m))) s.diverge();
    if (s.diverged) refuse(ErrorCode::kDiverged, Reason::kMemberDiverged, {member});
    net.keep();
  }
  s.elapsed_ms += now_ms() - start;
  s.learner->weights_moved();
  s.complete[m] = 1;
  const Network& network = net.network();
  return {network.parameters().begin(),
          network.parameters().begin() + static_cast<std::ptrdiff_t>(network.parameter_count())};
}

void Trainer::adopt_member(int member, std::span<const float> parameters) {
  State& s = *state_;
  s.require_learning();
  const std::size_t m = checked_member(member, s.nets.size());
  Network& network = s.nets[m]->network();
  if (parameters.size() != network.parameter_count()) {
    refuse(ErrorCode::kShape, Reason::kParameters, {member, network.parameter_count(), parameters.size()});
  }
  network.set_parameters(parameters.data());
  if (!s.nets[m]->sound(s.workspace(m))) {
    s.nets[m]->restore_good();
    refuse(ErrorCode::kDiverged, Reason::kMemberDiverged, {member});
  }
  s.nets[m]->keep();  // what a divergence of another member restores
  s.learner->weights_moved();
  s.complete[m] = 1;
}

bool Trainer::settle(double ms) {
  State& s = *state_;
  s.require_charge();
  return !s.open() || s.settle(ms);
}

TrainReport Trainer::finish() {
  State& s = *state_;
  s.require_charge();
  return s.open() ? s.finish() : s.report();
}

TrainReport fit(Autoencoder& model, TableView rows, const TrainOptions& options) {
  const ModelOptions& wanted = model.options();
  const Missing missing = wanted.missing_cells();
  TrainingSet set = wanted.committee() ? TrainingSet(std::vector<Column>(rows.columns()), rows, missing)
                                       : TrainingSet(wanted.scaler, rows, missing == Missing::kMask);
  Trainer trainer(model, std::move(set), options);
  trainer.run(Budget::epochs(trainer.progress().epochs));
  return trainer.finish();
}

}  // namespace anomalens
