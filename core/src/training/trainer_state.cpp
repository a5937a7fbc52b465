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
  if (!validation.rows.empty()) validation_losses.reserve(losses.capacity());
  next->threshold.reset();
  follow(*next);
  learner = next.get();
  training = seat.begin(std::move(next));  // nothing above touched the model; nothing from here on throws
}

bool Trainer::State::settle(double ms) {
  const double start = now_ms();
  const auto late = [&] { return now_ms() - start >= ms; };
  Reopening reopening(*this);
  while (watch.open) {  // the epoch that has just been trained counts
    watch_piece();
    if (diverged) refuse(ErrorCode::kDiverged, Reason::kDiverged, {losses.size() + 1});
    if (late()) return false;
  }
  if (!settling) {
    begin_settling();
    settling = true;
    if (!best.empty()) {
      learner->swap_parameters(best);
      swapped = true;
    }
  }
  bool settled = settle_piece();
  while (!settled && !late()) settled = settle_piece();
  reopening.ended();
  return settled;
}

void Trainer::State::reopen() noexcept {
  if (!settling) return;
  settling = false;
  drop_settling();
  if (std::exchange(swapped, false)) learner->swap_parameters(best);
  learner->weights_moved();
}

void Trainer::State::refuse_weights() {
  const bool best_ones = swapped;
  reopen();
  if (best_ones) best.clear();
  diverge();
  learner->weights_moved();
  refuse(ErrorCode::kDiverged, Reason::kScoresDiverged);
}

TrainReport Trainer::State::report() const {
  TrainReport report;
  report.epochs = static_cast<int>(losses.size());
  report.loss = losses;
  report.validation_loss = validation_losses;
  report.threshold = threshold;
  describe(report);
  report.stopped = out_of_patience ? Stopped::kPatience : done() ? Stopped::kEpochs : Stopped::kAborted;
  const double seen =
      static_cast<double>(step) / static_cast<double>(epoch_steps()) * static_cast<double>(roles.learning.size());
  report.rows_per_second = elapsed_ms > 0 ? seen / elapsed_ms * 1000 : 0;
  return report;
}

TrainReport Trainer::State::finish() {
  settle(std::numeric_limits<double>::infinity());
  Reopening reopening(*this);
  if (!learner->sound()) refuse_weights();
  Outcome outcome = conclude();
  threshold = outcome.threshold;
  TrainReport made = report();
  // Nothing from here on throws.
  learner->threshold = outcome.threshold;
  learner->calibration = std::move(outcome.calibration);
  learner->held_out = outcome.held_out;
  close();
  seat.finish();
  reopening.ended();
  return made;
}

void Trainer::State::one_step() {
  const std::uint64_t within = step % epoch_steps();
  const std::size_t member = static_cast<std::size_t>(within) / nets[0]->batches();
  const std::size_t at = static_cast<std::size_t>(within) % nets[0]->batches();
  const int epoch = static_cast<int>(step / epoch_steps());
  if (watch.open) return watch_piece();
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
    if (complete[m] == 0 && !nets[m]->sound(workspace(m))) return diverge();
  }
  if (validation.rows.empty()) return close_epoch();
  watch = {};
  watch.open = true;
}

void Trainer::State::watch_piece() {
  // About a millisecond's work: the whole of a large table would keep an event loop waiting.
  constexpr double kMultiplications = 4e6;
  const std::size_t all = validation.rows.size();
  for (double spent = 0; watch.net < nets.size() && spent < kMultiplications;) {
    const Network& network = nets[watch.net]->network();
    Workspace& room = workspace(watch.net);
    watch.of_net += held_out_loss(network, validation, watch.row, options.loss, room);
    watch.row += room.capacity;
    spent += static_cast<double>(room.capacity) * static_cast<double>(network.parameter_count());
    if (watch.row < all) continue;
    watch.sum += std::exchange(watch.of_net, 0.0) / static_cast<double>(all);
    watch.row = 0;
    watch.net++;
  }
  if (watch.net < nets.size()) return;
  const double loss = watch.sum / static_cast<double>(nets.size());
  if (std::isfinite(loss)) note_validation(loss);  // should the memory not suffice, nothing has changed
  watch.open = false;
  if (!std::isfinite(loss)) return diverge();
  close_epoch();
  schedule.observe(loss);
}

void Trainer::State::close_epoch() {
  for (std::size_t m = 0; m < nets.size(); m++) {
    if (complete[m] == 0) nets[m]->keep();
  }
  losses.push_back(open_steps > 0 ? open_loss / static_cast<double>(open_steps) : 0);
  open_loss = 0;
  open_steps = 0;
  if (validation.rows.empty()) schedule.observe(losses.back());
}

void Trainer::State::note_validation(double loss) {
  const bool first = best.empty();
  if (loss < best_loss || first) learner->copy_parameters(best);
  waited = loss < best_loss * (1 - 1e-4) || first ? 0 : waited + 1;
  best_loss = std::min(loss, best_loss);
  validation_losses.push_back(loss);
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
