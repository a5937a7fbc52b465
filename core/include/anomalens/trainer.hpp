// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/table.hpp"
#include "anomalens/threshold.hpp"
#include "anomalens/training.hpp"
#include "anomalens/training_set.hpp"

namespace anomalens {

class Autoencoder;

/// Where a training stands. `loss` is the mean loss of the last whole epoch, before that of the batches so far; the loss
/// is that of the reconstruction (of the rows that were not trimmed), without penalties.
struct Progress {
  int epoch = 0;
  int epochs = 0;
  std::uint64_t step = 0;
  std::uint64_t steps = 0;  ///< in all epochs
  double loss = 0;
  std::optional<double> validation_loss;  ///< of the rows held out to watch, as soon as an epoch has ended
  double elapsed_ms = 0;
  double eta_ms = 0;
  bool done = false;  ///< nothing is left to do: all epochs are done, patience ran out, or the loss diverged
};

enum class Stopped : int { kEpochs = 0, kPatience = 1, kAborted = 2 };

struct TrainReport {
  int epochs = 0;
  /// Mean of the batch losses of every epoch.
  std::vector<double> loss;
  /// Mean loss of the rows held out to watch, after every epoch; empty without them.
  std::vector<double> validation_loss;
  double threshold = 0;
  /// The rule the threshold was taken with, and from how many rows.
  ThresholdRule rule;
  std::size_t calibration_rows = 0;
  /// Default detector: scores of the rows it learned from, by members that did not see them, and which rows these are: all,
  /// or 20,000 evenly chosen ones.
  std::vector<float> scores;
  std::vector<std::uint32_t> scored_rows;
  Stopped stopped = Stopped::kEpochs;
  double rows_per_second = 0;
};

/// How long Trainer::run may work: whole steps, until the given bound would be passed by more than one step.
struct Budget {
  enum class Kind : int { kMilliseconds = 0, kSteps = 1, kEpochs = 2 };
  Kind kind = Kind::kEpochs;
  double amount = 1;

  static Budget milliseconds(double amount) { return {Kind::kMilliseconds, amount}; }
  static Budget steps(double amount) { return {Kind::kSteps, amount}; }
  static Budget epochs(double amount) { return {Kind::kEpochs, amount}; }
};

/// A training that can be paused: a thousand short runs end in the same bits as one long run.
///
/// Until finish() the model works with the weights of the moment (from the first step on; before it, with the initial
/// ones) and with the scaler of these rows, so that a figure can follow it. Destroying an unfinished trainer gives the
/// model back the state it had before. A second trainer of the same model takes it over: the first one is void then, and
/// what would change the model throws kDisposed.
class Trainer {
 public:
  /// `model` must outlive the trainer and stay in its place. Throws kShape for an incomplete set, kBadOption, kNotFitted
  /// for `resume` on a model that has not been trained.
  Trainer(Autoencoder& model, TrainingSet rows, const TrainOptions& options = {});
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Trains on until the budget is spent or all epochs are done; the members of a committee advance together, an epoch
  /// each. Throws kDiverged when a loss is not finite, or would be with the weights at the end of an epoch: the model then
  /// holds the weights of the last good epoch and finish() may still be called.
  Progress run(Budget budget);
  Progress progress() const;
  /// Mean batch loss of every whole epoch so far.
  std::span<const double> losses() const;
  /// Changes take effect with the next step. Throw kBadOption.
  void set_learning_rate(double learning_rate);
  void set_weight_decay(double weight_decay);
  void set_l1(double l1);

  /// Members of a committee depend on nothing but the rows, the options and their own number, so they can be trained apart
  /// (in other workers, in any order) and brought together. train_member() trains one to its end and returns its
  /// parameters; adopt_member() installs what another trainer's train_member() returned. When every member has been
  /// trained or adopted, done() is true. Not for a plateau schedule, patience or validation_split, which watch all members
  /// together, nor after run(). Throw kBadOption naming `member`, kShape for another number of parameters, kDiverged.
  std::vector<float> train_member(int member);
  void adopt_member(int member, std::span<const float> parameters);

  /// Begins to end the training where it stands: does pieces of what finish() has to do until `ms` milliseconds are over,
  /// at least one, and tells whether finish() will be short. After it only settle() and finish() may follow. Pieces change
  /// no bit of the result. finish() alone takes as long as scoring the rows the threshold is taken from; for a committee
  /// also the rows of two million cells at most. Throws as finish().
  bool settle(double ms);
  /// Ends the training where it stands, sets the threshold and marks the model fitted. Whatever it throws, the training is
  /// still open: std::bad_alloc, and it may be run on or finished later; kDiverged for weights that give scores no float
  /// holds, and the last good ones are in their place.
  TrainReport finish();

  struct State;  ///< defined inside the library

 private:
  std::unique_ptr<State> state_;
};

/// Trains `model` on `rows` (at least two), all columns numbers, and sets its threshold: a Trainer run to its end.
TrainReport fit(Autoencoder& model, TableView rows, const TrainOptions& options = {});

}  // namespace anomalens
