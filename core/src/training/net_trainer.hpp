// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/corruption.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"
#include "training/optimizer.hpp"

namespace anomalens {

/// How the batches of one net are drawn.
struct BatchPlan {
  std::size_t batch = 32;
  bool drop_last = false;  ///< an incomplete last batch is left out
  Compatibility compatibility = Compatibility::kNone;
};

/// The training of one net, step by step; everything random comes from its own two generators.
class NetTrainer {
 public:
  /// `network` has its initial parameters; `random` is the generator they were drawn from.
  NetTrainer(Network& network, SelectedRows rows, BatchPlan plan, const TrainOptions& options, Mt19937 random,
             std::uint32_t noise_seed);

  /// Rows a workspace must hold.
  std::size_t batch() const { return plan_.batch; }
  std::size_t batches() const { return batches_; }
  /// One optimizer step on batch number `at` of an epoch (0 draws a new order). False when loss is not finite; the
  /// parameters are then as before.
  bool step(std::size_t at, double rate, const TrainOptions& options, Workspace& workspace);
  /// A step on rows of the table that are given.
  bool step_on(std::span<const std::uint32_t> batch, double rate, const TrainOptions& options, Workspace& workspace);
  /// Whether the parameters are finite, and not so large that what they make of the rows is not.
  bool sound(Workspace& workspace) const;
  /// Keeps the parameters as good ones.
  void keep();
  /// Sum of the batch losses since the last call.
  double take_loss();
  /// Back to the parameters that were kept last, those at the beginning if none.
  void restore_good();

  Network& network() { return *network_; }

 private:
  void load(std::span<const std::uint32_t> batch, Workspace& workspace);

  Network* network_;
  SelectedRows rows_;
  BatchPlan plan_;
  std::size_t batches_;
  Mt19937 random_;
  Mt19937 noise_;
  Corruptor corruptor_;
  Optimizer optimizer_;
  LossOptions loss_options_;
  std::vector<std::uint32_t> order_;     ///< rows of the table; with PyTorch's order, positions in rows_.rows
  std::vector<std::uint32_t> selected_;  ///< with PyTorch's order, rows of the table of one batch
  xt::xtensor<float, 1> gradient_;
  xt::xtensor<float, 1> good_;
  double loss_ = 0;
};

/// Sum of the losses of rows number `first` and following of `rows`, as many as the workspace holds, without corruption and
/// dropout.
double held_out_loss(const Network& network, const SelectedRows& rows, std::size_t first, LossKind kind,
                     Workspace& workspace);

}  // namespace anomalens
