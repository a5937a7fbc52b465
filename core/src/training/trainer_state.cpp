// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/trainer_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "random/mt19937.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

constexpr std::size_t kMemberRows = 256;
constexpr std::size_t kMemberSteps = 400;

/// Streams of random numbers beside that of the members (0, 1, ...).
constexpr std::uint32_t kHoldOutStream = 1U << 16;
constexpr std::uint32_t kNoiseStream = 1U << 17;
constexpr std::uint32_t kResumeStream = 1U << 18;

/// A single net gets about 4,000 steps, at least 30 passes and at most 300; a member of a committee 400 steps.
int default_epochs(bool committee, std::size_t batches) {
  if (committee) return static_cast<int>((kMemberSteps + batches - 1) / batches);
  return static_cast<int>(std::clamp<std::size_t>(4000 / batches, 30, 300));
}

void squash_row(const float* from, float* to, std::size_t columns) {
  for (std::size_t j = 0; j < columns; j++) to[j] = committee::squash(from[j]);
}

}  // namespace

void Trainer::State::require_charge() const {
  if (!seat.began_last(training)) refuse(ErrorCode::kDisposed, Reason::kReplaced);
}

void Trainer::State::require_learning() const {
  require_charge();
  if (!open() || settling) refuse(ErrorCode::kDisposed, Reason::kFinished);
}

void Trainer::State::add_net(Scorer& next, std::size_t member) {
  const ModelOptions& wanted = next.options;
  const bool committee = wanted.committee();
  std::uint32_t seed = committee ? derived_seed(wanted.seed, static_cast<std::uint32_t>(member)) : wanted.seed;
  if (options.resume) seed = derived_seed(seed, kResumeStream + next.trainings);
  Mt19937 random(seed);
  Network& network = next.members[member];
  if (!options.resume) {
    if (committee && !wanted.activation) {
      network.initialise_normal(random);
    } else {
      network.initialise(wanted.compatibility, random);
    }
  }
  SelectedRows learning{rows.scaled().data(), rows.columns(), {}, rows.scaler().missing()};
  if (committee) {
    const auto chosen = sample_rows(roles.learning, kMemberRows, derived_seed(seed, kHoldOutStream));
    samples[member] = std::vector<float>(chosen.size() * rows.columns());
    for (std::size_t i = 0; i < chosen.size(); i++) {
      squash_row(rows.scaled().data() + chosen[i] * rows.columns(), samples[member].data() + i * rows.columns(),
                 rows.columns());
    }
    learning.table = samples[member].data();
    learning.rows.resize(chosen.size());
    std::iota(learning.rows.begin(), learning.rows.end(), 0U);
  } else {
    learning.rows = roles.learning;
  }
  const BatchPlan plan{static_cast<std::size_t>(chosen(options.batch_size)), committee, wanted.compatibility};
  nets[member] = std::make_unique<NetTrainer>(network, std::move(learning), plan, options, random,
                                              derived_seed(seed, kNoiseStream));
}

void Trainer::State::prepare_validation(const Scorer& next) {
  validation = {rows.scaled().data(), rows.columns(), roles.validation, rows.scaler().missing()};
  if (!next.committee() || validation.rows.empty()) return;
  validation_cells.resize(validation.rows.size() * rows.columns());
  for (std::size_t i = 0; i < validation.rows.size(); i++) {
    squash_row(rows.scaled().data() + validation.rows[i] * rows.columns(), validation_cells.data() + i * rows.columns(),
               rows.columns());
    validation.rows[i] = static_cast<std::uint32_t>(i);
  }
  validation.table = validation_cells.data();
}

void Trainer::State::measure_ranges(Scorer& next) const {
  const std::size_t columns = rows.columns();
  constexpr float kNothing = std::numeric_limits<float>::infinity();
  std::vector<float> low(columns, kNothing);
  std::vector<float> high(columns, -kNothing);
  for (const std::uint32_t row : roles.learning) {
    const float* cells = rows.scaled().data() + row * columns;
    for (std::size_t j = 0; j < columns; j++) {  // a missing cell, NaN, is neither below nor above
      if (cells[j] < low[j]) low[j] = cells[j];
      if (cells[j] > high[j]) high[j] = cells[j];
    }
  }
  for (std::size_t j = 0; j < columns; j++) {
    if (low[j] > high[j]) continue;  // not one cell
    next.low[j] = low[j];
    next.high[j] = high[j];
  }
}

std::unique_ptr<Scorer> Trainer::State::new_learner() const {
  const bool sparse = options.sparsity.kind != Sparsity::Kind::kNone;
  const int top_k = options.sparsity.kind == Sparsity::Kind::kTopK ? options.sparsity.k : 0;
  if (!options.resume) return std::make_unique<Scorer>(seat.options(), rows.scaler(), top_k);
  auto next = std::make_unique<Scorer>(seat.trained()->model());
  next->fitted = false;
  next->trainings = seat.trained()->trainings + 1;
  for (Network& member : next->members) {
    if (sparse) member.set_top_k(top_k);
  }
  return next;
}

void Trainer::State::prepare() {
  std::unique_ptr<Scorer> next = new_learner();
  roles = deal_rows(rows.rows(), held_out_rows(options, rows.rows()), derived_seed(next->options.seed, kHoldOutStream));
  measure_ranges(*next);
  nets = std::vector<std::unique_ptr<NetTrainer>>(next->members.size());
  samples = std::vector<std::vector<float>>(next->members.size());
  for (std::size_t m = 0; m < next->members.size(); m++) add_net(*next, m);
  complete.assign(nets.size(), 0);
  options.epochs = options.epochs.value_or(default_epochs(next->committee(), nets[0]->batches()));
  check_warmup(options.schedule, chosen(options.epochs));
  schedule = RateSchedule(options.schedule, chosen(options.epochs));
  prepare_validation(*next);
  workspaces = std::vector<Workspace>(next->members.size());
  for (std::size_t m = 0; m < nets.size(); m++) {
    if (next->workspace_of(m) == m) workspaces[m] = Workspace(next->members[m].layers(), nets[m]->batch(), true);
  }
  losses.reserve(static_cast<std::size_t>(chosen(options.epochs)));
  next->threshold.reset();
  next->learn_from({rows.scaled().data(), roles.learning});
  learner = next.get();
  training = seat.begin(std::move(next));  // nothing above touched the model; nothing from here on throws
}

void Trainer::State::one_step() {
  const std::uint64_t within = step % epoch_steps();
  const std::size_t member = static_cast<std::size_t>(within) / nets[0]->batches();
  const std::size_t at = static_cast<std::size_t>(within) % nets[0]->batches();
  const int epoch = static_cast<int>(step / epoch_steps());
  if (complete[member] == 0) {
    if (!nets[member]->step(at, rate(epoch), options, workspace_of(member))) return diverge();
    open_loss += nets[member]->take_loss();
    open_steps++;
  }
  step++;
  if (step % epoch_steps() == 0) end_epoch();
}

void Trainer::State::end_epoch() {
  for (std::size_t m = 0; m < nets.size(); m++) {
    if (complete[m] == 0 && !nets[m]->end_epoch()) return diverge();
  }
  losses.push_back(open_steps > 0 ? open_loss / static_cast<double>(open_steps) : 0);
  open_loss = 0;
  open_steps = 0;
  if (!validation.rows.empty()) watch_validation();
  schedule.observe(validation.rows.empty() ? losses.back() : validation_losses.back());
}

void Trainer::State::watch_validation() {
  double sum = 0;
  for (std::size_t m = 0; m < nets.size(); m++) {
    sum += held_out_loss(nets[m]->network(), validation, options.loss, workspace_of(m));
  }
  const double loss = sum / static_cast<double>(nets.size());
  validation_losses.push_back(loss);
  const bool improved = loss < best_loss * (1 - 1e-4) || best.empty();
  waited = improved ? 0 : waited + 1;
  if (loss < best_loss || best.empty()) {
    learner->copy_parameters(best);
    best_loss = loss;
  }
  if (options.patience > 0 && waited >= options.patience) out_of_patience = true;
}

void Trainer::State::diverge() {
  for (const auto& net : nets) net->restore_good();
  diverged = true;
}

}  // namespace anomalens
