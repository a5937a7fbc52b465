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
#include "refusal.hpp"
#include "training/net_trainer.hpp"
#include "training/row_roles.hpp"

namespace anomalens {

/// A training under way: one NetTrainer a net, advancing together epoch by epoch. What is particular to a single net and to
/// the default detector is in NetTraining and DetectorTraining.
struct Trainer::State {
  Autoencoder::Seat& seat;
  TrainingSet rows;
  TrainOptions options;  ///< resolved
  RowRoles roles;
  Scorer* learner = nullptr;   ///< what is trained here; the seat owns it, as long as no other training takes over
  std::uint64_t training = 0;  ///< its number among the trainings of this model

  std::vector<std::unique_ptr<NetTrainer>> nets;
  std::vector<Workspace> workspaces;  ///< empty for nets that share an earlier one's
  std::vector<std::size_t> workspace_of;
  std::vector<std::uint8_t> complete;  ///< nets that were trained apart
  SelectedRows validation;
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
  bool settling = false;  ///< settle() has begun

  State(Autoencoder::Seat& taken, TrainingSet set, TrainOptions how)
      : seat(taken), rows(std::move(set)), options(std::move(how)) {}
  virtual ~State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// A scorer with the weights to begin with; deals the roles of the rows.
  virtual std::unique_ptr<Scorer> new_learner() = 0;
  virtual std::unique_ptr<NetTrainer> new_net(Scorer& next, std::size_t net) = 0;
  virtual SelectedRows validation_rows() = 0;
  virtual int default_epochs(std::size_t batches) const = 0;
  /// Lets the learner judge with the weights of the moment until it is concluded.
  virtual void follow(Scorer& next) = 0;
  /// The part of finish() that grows with the rows: begins it, does a piece of it; true when none is left.
  virtual void begin_settling() = 0;
  virtual bool settle_piece() = 0;
  /// Sets the threshold and what p-values are taken from.
  virtual void conclude() = 0;
  /// What the report says of the rows and the rule.
  virtual void describe(TrainReport& report) const = 0;

  bool open() const { return seat.open(training); }
  /// Throws kDisposed when another training has taken the model over since.
  void require_charge() const;
  /// Throws kDisposed unless the nets may still be trained.
  void require_learning() const;
  std::uint64_t epoch_steps() const { return nets.empty() ? 1 : nets.size() * nets[0]->batches(); }
  std::uint64_t steps() const {
    return nets.empty() ? 0 : static_cast<std::uint64_t>(chosen(options.epochs)) * epoch_steps();
  }
  bool done() const { return diverged || out_of_patience || step == steps() || all_complete(); }
  bool all_complete() const {
    return std::ranges::all_of(complete, [](std::uint8_t yes) { return yes != 0; });
  }
  Progress progress() const;

  void prepare();
  Workspace& workspace(std::size_t net) { return workspaces[workspace_of[net]]; }
  double rate(int epoch) const { return schedule.rate(chosen(options.learning_rate), epoch); }
  void one_step();
  void end_epoch();
  void watch_validation();
  void diverge();
  /// Does pieces until `ms` have passed; true when none is left.
  bool settle(double ms);
};

/// Where the random numbers of a training come from, beside the streams of the members (0, 1, ...).
constexpr std::uint32_t kHoldOutStream = 1U << 16;
constexpr std::uint32_t kNoiseStream = 1U << 17;
constexpr std::uint32_t kResumeStream = 1U << 18;
constexpr std::uint32_t kFoldStream = 1U << 19;
constexpr std::uint32_t kPoolStream = 1U << 20;

/// Scores kept for p-values: at most `most`, evenly spaced in the sorted list.
std::vector<float> thinned(std::vector<float> sorted, std::size_t most);

}  // namespace anomalens
