// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "data/training_set.hpp"
#include "detection/committee.hpp"
#include "detection/state.hpp"
#include "training/net_trainer.hpp"
#include "training/row_roles.hpp"

namespace anomalens {

/// A training under way: one NetTrainer a member, advancing together epoch by epoch.
struct Trainer::State {
  Autoencoder& model;
  TrainingSet rows;
  TrainOptions options;  ///< resolved
  RowRoles roles;
  std::unique_ptr<Autoencoder::State> before;  ///< the model as it was, until finish()
  Autoencoder::State* installed = nullptr;
  std::uint64_t lease = 0;  ///< a number of its own among the trainings of this process

  std::vector<std::unique_ptr<NetTrainer>> nets;
  std::vector<std::vector<float>> samples;  ///< of a committee: every member's own rows, squashed
  std::vector<Workspace> workspaces;        ///< by workspace_of, as in the model's state
  std::vector<std::uint8_t> complete;       ///< members that were trained apart
  LearningRows validation;
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

  State(Autoencoder& trained, TrainingSet set, TrainOptions how);

  /// The model's state while this training is open.
  Autoencoder::State& trained() { return *installed; }
  /// False when another training has taken the model over since.
  bool in_charge() const { return model.state_->lease == lease; }
  std::uint64_t epoch_steps() const { return nets.size() * nets[0]->batches(); }
  std::uint64_t steps() const { return static_cast<std::uint64_t>(*options.epochs) * epoch_steps(); }
  bool done() const { return diverged || out_of_patience || step == steps(); }

  void prepare();
  void add_net(Autoencoder::State& next, std::size_t member);
  void prepare_validation(const Autoencoder::State& next);
  void measure_ranges(Autoencoder::State& next) const;

  Workspace& workspace_of(std::size_t member) { return workspaces[trained().workspace_of[member]]; }
  double rate(int epoch) const { return schedule.rate(*options.learning_rate, epoch); }
  void one_step();
  void end_epoch();
  void watch_validation();
  void diverge();

  /// A committee's statistics on their way: residuals group by group, then column by column, then whole rows.
  struct Statistics {
    committee::Sample sample;
    CommitteeStatistics found;
    std::size_t rows = 0;     ///< whose residuals are known
    std::size_t columns = 0;  ///< that are fitted
    bool complete = false;
  };
  /// The part of finish() that grows with the rows, on its way.
  struct Settling {
    Statistics statistics;            ///< complete from the start for a single net, which has none
    std::vector<std::uint32_t> rows;  ///< those the threshold is taken from
    std::vector<float> scores;        ///< theirs; the first `scored` are known
    std::size_t scored = 0;
  };
  std::unique_ptr<Settling> settling;

  Statistics sampled();
  void advance(Statistics& statistics);
  /// Statistics of a committee with the weights of the moment.
  void refresh_statistics();
  Settling begun();
  /// Does pieces of a few rows until `ms` have passed; true when none is left.
  bool settle(double ms);
  void score_group(Settling& work);
  void set_threshold();
};

}  // namespace anomalens
