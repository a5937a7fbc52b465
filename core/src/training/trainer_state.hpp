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
  /// How far the held-out rows have been looked at, net by net, at the end of an epoch.
  struct Watch {
    bool open = false;
    std::size_t net = 0;
    std::size_t row = 0;
    double of_net = 0;
    double sum = 0;
  };
  Watch watch;
  double elapsed_ms = 0;
  bool diverged = false;
  bool out_of_patience = false;
  bool settling = false;  ///< settle() has begun
  bool swapped = false;   ///< while settling: the nets have the best weights, and `best` those of the moment
  double threshold = 0;   ///< when finished

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
  /// Gives up what begin_settling() began; the training is open again.
  virtual void drop_settling() noexcept = 0;
  /// What the learner judges with once the training is finished.
  struct Outcome {
    double threshold = 0;
    std::vector<float> calibration;
    bool held_out = false;
  };
  virtual Outcome conclude() = 0;
  /// The training is finished.
  virtual void close() noexcept {}
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
  bool done() const { return diverged || out_of_patience || (!watch.open && (step == steps() || all_complete())); }
  bool all_complete() const {
    return std::ranges::all_of(complete, [](std::uint8_t yes) { return yes != 0; });
  }
  Progress progress() const;

  void prepare();
  Workspace& workspace(std::size_t net) { return workspaces[workspace_of[net]]; }
  double rate(int epoch) const { return schedule.rate(chosen(options.learning_rate), epoch); }
  void one_step();
  void end_epoch();
  /// Looks at some of the held-out rows; ends the epoch behind the last one.
  void watch_piece();
  void close_epoch();
  /// Takes in the held-out loss of an epoch, which is finite.
  void note_validation(double loss);
  void diverge();
  /// The last weights give scores that are not finite: throws kDiverged, with the last good ones in their place.
  [[noreturn]] void refuse_weights();
  /// Undoes what settle() began: the training goes on as if nobody had wanted to end it.
  void reopen() noexcept;
  TrainReport report() const;
  TrainReport finish();
  /// Does pieces until `ms` have passed; true when none is left.
  bool settle(double ms);
};

/// Reopens a training unless what ends it gets to its own end.
class Reopening {
 public:
  explicit Reopening(Trainer::State& state) : state_(&state) {}
  ~Reopening() {
    if (state_ != nullptr) state_->reopen();
  }
  Reopening(const Reopening&) = delete;
  Reopening& operator=(const Reopening&) = delete;
  void ended() { state_ = nullptr; }

 private:
  Trainer::State* state_;
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
