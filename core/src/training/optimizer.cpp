// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/optimizer.hpp"

#include <cmath>

#include "kernels/kernels.hpp"
#include "math/elementary.hpp"

namespace anomalens {

using kernels::Active;

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kSmoothing = 0.99;

}  // namespace

Optimizer::Optimizer(OptimizerKind kind, double momentum, std::size_t count) : kind_(kind), momentum_(momentum) {
  first_ = xt::xtensor<float, 1>({count}, 0.F);
  if (kind != OptimizerKind::kSgd) second_ = first_;
}

void Optimizer::step(xt::xtensor<float, 1>& parameters, xt::xtensor<float, 1>& gradient, double rate,
                     const TrainOptions& options) {
  const std::size_t count = parameters.size();
  if (options.l1 > 0) Active::add_sign(gradient.data(), parameters.data(), static_cast<float>(options.l1), count);
  if (options.clip_norm > 0) {
    const double norm = std::sqrt(Active::sum_of_squares(gradient.data(), count));
    // The millionth keeps a gradient of zeros from dividing by zero, as in PyTorch.
    const double factor = options.clip_norm / (norm + 1e-6);
    if (factor < 1) Active::multiply(gradient.data(), static_cast<float>(factor), count);
  }
  if (kind_ == OptimizerKind::kAdam || kind_ == OptimizerKind::kAdamW) {
    return adam(parameters, gradient, rate, options.weight_decay);
  }
  const kernels::DescentFactors factors{static_cast<float>(rate), static_cast<float>(options.weight_decay),
                                        static_cast<float>(momentum_), static_cast<float>(kSmoothing),
                                        static_cast<float>(1 - kSmoothing)};
  if (kind_ == OptimizerKind::kSgd) {
    Active::sgd(parameters.data(), gradient.data(), first_.data(), count, factors);
  } else {
    Active::rmsprop(parameters.data(), gradient.data(), first_.data(), second_.data(), count, factors);
  }
}

void Optimizer::adam(xt::xtensor<float, 1>& parameters, const xt::xtensor<float, 1>& gradient, double rate,
                     double decay) {
  power1_ *= kBeta1;
  power2_ *= kBeta2;
  const bool decoupled = kind_ == OptimizerKind::kAdamW;
  const kernels::AdamFactors factors{
      static_cast<float>(rate / (1 - power1_)), static_cast<float>(1 / std::sqrt(1 - power2_)),
      decoupled ? 0.F : static_cast<float>(decay), decoupled ? static_cast<float>(1 - rate * decay) : 1.F};
  Active::adam(parameters.data(), gradient.data(), first_.data(), second_.data(), parameters.size(), factors);
}

double RateSchedule::rate(double base, int epoch) const {
  switch (schedule_.kind) {
    case Schedule::Kind::kConstant:
      return base;
    case Schedule::Kind::kCosine:
      if (epoch < schedule_.warmup) return base * (epoch + 1) / schedule_.warmup;
      return base *
             (1 + elementary::cos_pi(static_cast<double>(epoch - schedule_.warmup) / (epochs_ - schedule_.warmup))) / 2;
    case Schedule::Kind::kStep: {
      double rate = base;
      for (int e = schedule_.every; e <= epoch; e += schedule_.every) rate *= schedule_.factor;
      return rate;
    }
    case Schedule::Kind::kPlateau:
      return base * reduction_;
  }
  return base;
}

void RateSchedule::observe(double loss) {
  if (schedule_.kind != Schedule::Kind::kPlateau) return;
  if (!any_ || loss < best_ * (1 - 1e-4)) {
    best_ = loss;
    any_ = true;
    waited_ = 0;
  } else if (++waited_ > schedule_.patience) {
    reduction_ *= schedule_.factor;
    waited_ = 0;
  }
}

}  // namespace anomalens
