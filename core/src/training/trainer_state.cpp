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
#include "training/clock.hpp"

namespace anomalens {

void Trainer::State::require_charge() const {
  if (!seat.began_last(training)) refuse(ErrorCode::kDisposed, Reason::kReplaced);
}

void Trainer::State::require_learning() const {
  require_charge();
  if (!open() || settling) refuse(ErrorCode::kDisposed, Reason::kFinished);
}

void Trainer::State::prepare() {
  std::unique_ptr<Scorer> next = new_learner();
  const std::size_t count = next->nets.size();
  for (std::size_t net = 0; net < count; net++) nets.push_back(new_net(*next, net));
  complete.assign(count, 0);
  options.epochs = options.epochs.value_or(count == 0 ? 1 : default_epochs(nets[0]->batches()));
  check_warmup(options.schedule, chosen(options.epochs));
  schedule = RateSchedule(options.schedule, chosen(options.epochs));
  validation = validation_rows();
  workspaces = std::vector<Workspace>(count);
  workspace_of.resize(count);
  for (std::size_t net = 0; net < count; net++) {
    std::size_t home = 0;
    while (!next->nets[home].same_shape(next->nets[net])) home++;
    workspace_of[net] = home;
    if (home == net) workspaces[net] = Workspace(next->nets[net].layers(), nets[net]->batch(), true);
  }
  losses.reserve(static_cast<std::size_t>(chosen(options.epochs)));
  next->threshold.reset();
  follow(*next);
  learner = next.get();
  training = seat.begin(std::move(next));  // nothing above touched the model; nothing from here on throws
}

bool Trainer::State::settle(double ms) {
  const double start = now_ms();
  if (!settling) {
    begin_settling();
    settling = true;
    if (!best.empty()) learner->set_parameters(best.data());
  }
  while (!settle_piece()) {
    if (now_ms() - start >= ms) return false;
  }
  return true;
}

void Trainer::State::one_step() {
  const std::uint64_t within = step % epoch_steps();
  const std::size_t member = static_cast<std::size_t>(within) / nets[0]->batches();
  const std::size_t at = static_cast<std::size_t>(within) % nets[0]->batches();
  const int epoch = static_cast<int>(step / epoch_steps());
  if (complete[member] == 0) {
    if (!nets[member]->step(at, rate(epoch), options, workspace(member))) return diverge();
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
    sum += held_out_loss(nets[m]->network(), validation, options.loss, workspace(m));
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

std::vector<float> thinned(std::vector<float> sorted, std::size_t most) {
  if (sorted.size() <= most) return sorted;
  std::vector<float> kept(most);
  for (std::size_t i = 0; i < most; i++) {
    kept[i] = sorted[static_cast<std::size_t>(static_cast<std::uint64_t>(i) * (sorted.size() - 1) / (most - 1))];
  }
  return kept;
}

}  // namespace anomalens
