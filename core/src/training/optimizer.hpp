// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "anomalens/training.hpp"
#include "math/tensor.hpp"

namespace anomalens {

/// One of the four optimizers with what it remembers between steps.
class Optimizer {
 public:
  Optimizer() = default;
  /// For `count` parameters, a multiple of four.
  Optimizer(OptimizerKind kind, double momentum, std::size_t count);

  /// Penalises, clips and applies `gradient`, which it may change.
  void step(xt::xtensor<float, 1>& parameters, xt::xtensor<float, 1>& gradient, double rate,
            const TrainOptions& options);

 private:
  void adam(xt::xtensor<float, 1>& parameters, const xt::xtensor<float, 1>& gradient, double rate, double decay);

  OptimizerKind kind_ = OptimizerKind::kAdam;
  double momentum_ = 0;
  double power1_ = 1;  ///< beta1^t
  double power2_ = 1;
  xt::xtensor<float, 1> first_;   ///< mean of the gradients, or the momentum buffer
  xt::xtensor<float, 1> second_;  ///< mean of their squares
};

/// The learning rate of every epoch.
class RateSchedule {
 public:
  RateSchedule() = default;
  RateSchedule(Schedule schedule, int epochs) : schedule_(schedule), epochs_(epochs) {}

  /// Rate of epoch `epoch` (from 0) for a base rate.
  double rate(double base, int epoch) const;
  /// Tells the loss of an epoch that has ended.
  void observe(double loss);

 private:
  Schedule schedule_;
  int epochs_ = 1;
  double reduction_ = 1;
  double best_ = 0;
  bool any_ = false;
  int waited_ = 0;
};

}  // namespace anomalens
