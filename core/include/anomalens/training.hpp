// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "anomalens/scaler.hpp"
#include "anomalens/table.hpp"
#include "anomalens/threshold.hpp"

namespace anomalens {

class Autoencoder;

/// How a model learns. Adam with beta1 .9, beta2 .999, epsilon 1e-8 (Kingma & Ba 2015, as in PyTorch).
struct TrainOptions {
  /// Passes over the rows, 1 to 1,000,000; 0 chooses enough for about 2,000 steps, between 20 and 200 passes.
  int epochs = 0;
  /// Rows a step, 1 to 65,536; the last batch of an epoch may be shorter. More than there are rows means all rows.
  int batch_size = 32;
  /// Above 0, at most 10.
  double learning_rate = 1e-3;
  /// L2 penalty added to the gradient, biases included, as PyTorch's Adam: g += weight_decay * w. 0 to 10.
  double weight_decay = 0;
  /// Applied to the scores of the training rows when training ends.
  ThresholdRule threshold;

  /// Throws kBadOption naming the first option out of range.
  void validate() const;
};

/// Where a training stands. `loss` is the mean loss of the last whole epoch, before that of the batches so far.
struct Progress {
  int epoch = 0;
  int epochs = 0;
  std::uint64_t step = 0;
  double loss = 0;
  double elapsed_ms = 0;
  double eta_ms = 0;
};

struct TrainReport {
  int epochs = 0;
  /// Mean of the batch losses of every epoch.
  std::vector<double> loss;
  double threshold = 0;
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

/// Rows on their way into a training: observed once, then appended once, in chunks of any size and in the same order.
/// Holds rows x columns floats, already scaled; the caller's own table is not needed afterwards.
class TrainingSet {
 public:
  TrainingSet(ScalerKind scaler, std::size_t rows, std::size_t columns);
  /// A whole table at once.
  TrainingSet(ScalerKind scaler, TableView rows);
  ~TrainingSet();
  TrainingSet(TrainingSet&&) noexcept;
  TrainingSet& operator=(TrainingSet&&) noexcept;

  /// Throws kNonFinite naming row and column, kShape for another width or too many rows.
  void observe(TableView chunk);
  /// Throws as observe().
  void append(TableView chunk);

  std::size_t rows() const;
  std::size_t columns() const;
  /// True when every announced row has been appended.
  bool complete() const;
  const Scaler& scaler() const;
  /// Scaled cells, row-major.
  std::span<const float> scaled() const;

 private:
  friend class Trainer;
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// A training that can be paused: a thousand short runs end in the same bits as one long run.
///
/// Until finish() the model works with the weights of the moment (from the first step on; before it, with the initial
/// ones) and with the scaler of these rows, so that a figure can follow it. Destroying an unfinished trainer gives the
/// model back the state it had before.
class Trainer {
 public:
  /// Starts over: new weights from the model's seed. `model` must outlive the trainer and stay in its place.
  /// Throws kShape for fewer than two rows or no column, kBadOption.
  Trainer(Autoencoder& model, TrainingSet rows, TrainOptions options = {});
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Trains on until the budget is spent or all epochs are done. Throws kDiverged when a loss is not finite: the model
  /// then holds the weights of the last whole epoch and finish() may still be called.
  Progress run(Budget budget);
  bool done() const;
  Progress progress() const;
  /// Mean batch loss of every whole epoch so far.
  std::span<const double> losses() const;
  /// Changes take effect with the next step. Throws kBadOption.
  void set_learning_rate(double learning_rate);
  void set_weight_decay(double weight_decay);

  /// Ends the training where it stands, sets the threshold and marks the model fitted.
  TrainReport finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anomalens
