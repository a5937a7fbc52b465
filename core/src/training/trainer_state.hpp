// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "anomalens/trainer.hpp"
#include "detection/seat.hpp"
#include "detection/statistics_fit.hpp"
#include "refusal.hpp"
#include "training/net_trainer.hpp"
#include "training/row_roles.hpp"

namespace anomalens {

/// A training under way: one NetTrainer a member, advancing together epoch by epoch.
struct Trainer::State {
  Autoencoder::Seat& seat;
  TrainingSet rows;
  TrainOptions options;  ///< resolved
  RowRoles roles;
  Scorer* learner = nullptr;   ///< what is trained here; the seat owns it, as long as no other training takes over
  std::uint64_t training = 0;  ///< its number among the trainings of this model

  std::vector<std::unique_ptr<NetTrainer>> nets;
  std::vector<std::vector<float>> samples;  ///< of a committee: every member's own rows, squashed
  std::vector<Workspace> workspaces;        ///< by workspace_of, as in the scorer
  std::vector<std::uint8_t> complete;       ///< members that were trained apart
  SelectedRows validation;
  std::vector<float> validation_cells;
  RateSchedule schedule;

  std::uint64_t step = 0;
  double open_loss = 0;  ///< sum of the batch losses of the epoch that is under way
  std::uint64_t open_steps = 0;
  std::vector<double> losses;
  std::vector<double> validation_losses;
  double best_loss = std::numeric_limits<double>::infinity();
  int waited = 0;
  std::vector<float> best;  ///< parameters of all nets, one after another; empty as long as no held-out loss was taken
  double elapsed_ms = 0;
  bool diverged = false;
  bool out_of_patience = false;

  State(Autoencoder::Seat& taken, TrainingSet set, TrainOptions how)
      : seat(taken), rows(std::move(set)), options(std::move(how)) {}

  bool open() const { return seat.open(training); }
  /// Throws kDisposed when another training has taken the model over since.
  void require_charge() const;
  /// Throws kDisposed unless the nets may still be trained.
  void require_learning() const;
  std::uint64_t epoch_steps() const { return nets.size() * nets[0]->batches(); }
  std::uint64_t steps() const { return static_cast<std::uint64_t>(chosen(options.epochs)) * epoch_steps(); }
  bool done() const { return diverged || out_of_patience || step == steps() || all_complete(); }
  bool all_complete() const {
    return std::ranges::all_of(complete, [](std::uint8_t yes) { return yes != 0; });
  }
  Progress progress() const;

  void prepare();
  std::unique_ptr<Scorer> new_learner() const;
  void add_net(Scorer& next, std::size_t member);
  void prepare_validation(const Scorer& next);
  void measure_ranges(Scorer& next) const;

  Workspace& workspace_of(std::size_t member) { return workspaces[learner->workspace_of(member)]; }
  double rate(int epoch) const { return schedule.rate(chosen(options.learning_rate), epoch); }
  void one_step();
  void end_epoch();
  void watch_validation();
  void diverge();

  /// The part of finish() that grows with the rows, on its way.
  struct Settling {
    StatisticsFit statistics;
    std::vector<std::uint32_t> rows;  ///< those the threshold is taken from
    std::vector<float> scores;        ///< theirs; the first `scored` are known
    std::size_t scored = 0;
  };
  std::unique_ptr<Settling> settling;

  Settling begun();
  /// Does pieces of a few rows until `ms` have passed; true when none is left.
  bool settle(double ms);
  void score_group(Settling& work);
  void set_threshold();
};

}  // namespace anomalens
