// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "anomalens/autoencoder.hpp"
#include "anomalens/error.hpp"
#include "detection/state.hpp"
#include "kernels/kernels.hpp"
#include "range.hpp"
#include "training/training_set.hpp"

namespace anomalens {

using kernels::Active;

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;

double now_ms() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}

/// About 2,000 steps are enough for tables of a few dozen columns; 20 passes at least, so that every row counts.
int default_epochs(std::size_t batches) {
  return static_cast<int>(std::clamp<std::size_t>(2000 / batches, 20, 200));
}

}  // namespace

void TrainOptions::validate() const {
  if (epochs != 0) check_range("epochs", epochs, 1, 1e6);
  check_range("batch_size", batch_size, 1, 65536);
  check_range("learning_rate", learning_rate, 0, 10, true);
  check_range("weight_decay", weight_decay, 0, 10);
  threshold.validate();
}

struct Trainer::State {
  Autoencoder& model;
  TrainingSet rows;
  TrainOptions options;
  Mt19937 random;
  std::unique_ptr<Autoencoder::State> before;  ///< the model as it was, until finish()

  std::vector<std::uint32_t> order;
  std::size_t batch;
  std::size_t batches;
  Workspace workspace;
  xt::xtensor<float, 1> gradient;
  xt::xtensor<float, 1> first;
  xt::xtensor<float, 1> second;
  xt::xtensor<float, 1> good;  ///< parameters after the last whole epoch

  double power1 = 1;  ///< beta1^t
  double power2 = 1;
  std::uint64_t step = 0;
  double epoch_loss = 0;
  std::vector<double> losses;
  double elapsed_ms = 0;
  bool diverged = false;

  State(Autoencoder& trained, TrainingSet set, TrainOptions how)
      : model(trained), rows(std::move(set)), options(std::move(how)), random(trained.options().seed) {}

  Network& network() { return model.state_->network; }
  std::uint64_t steps() const { return static_cast<std::uint64_t>(options.epochs) * batches; }
  bool done() const { return diverged || step == steps(); }

  void prepare();
  void new_order();
  void one_step();
  void end_epoch();
  void diverge();
};

void Trainer::State::prepare() {
  auto next = std::make_unique<Autoencoder::State>();
  next->options = model.state_->options;
  next->build(rows.scaler());
  next->network.initialise(next->options.compatibility, random);

  batch = std::min(static_cast<std::size_t>(options.batch_size), rows.rows());
  batches = (rows.rows() + batch - 1) / batch;
  if (options.epochs == 0) options.epochs = default_epochs(batches);
  order.resize(rows.rows());
  std::iota(order.begin(), order.end(), 0U);
  workspace = Workspace(next->network.layers(), batch);
  const auto shape = next->network.parameters().shape();
  gradient = xt::xtensor<float, 1>(shape, 0.F);
  first = gradient;
  second = gradient;
  good = next->network.parameters();
  losses.reserve(static_cast<std::size_t>(options.epochs));
  before = std::exchange(model.state_, std::move(next));  // nothing above touched the model; nothing from here on throws
}

void Trainer::State::new_order() {
  if (model.options().compatibility == Compatibility::kPytorch) {
    pytorch_epoch_order(order, random);
  } else {
    shuffle(order, random);
  }
}

void Trainer::State::one_step() {
  const std::size_t at = step % batches;
  if (at == 0) new_order();
  const std::size_t begin = at * batch;
  const int count = static_cast<int>(std::min(batch, rows.rows() - begin));
  Active::gather(rows.scaled().data(), order.data() + begin, count, static_cast<int>(rows.columns()),
                 workspace.values[0].data());
  const double loss = network().loss_and_gradient(workspace, count, gradient);
  if (!std::isfinite(loss)) return diverge();
  power1 *= kBeta1;
  power2 *= kBeta2;
  const kernels::AdamFactors factors{static_cast<float>(options.learning_rate / (1 - power1)),
                                     static_cast<float>(1 / std::sqrt(1 - power2)),
                                     static_cast<float>(options.weight_decay)};
  Active::adam(network().parameters().data(), gradient.data(), first.data(), second.data(), gradient.size(), factors);
  epoch_loss += loss;
  step++;
  if (step % batches == 0) end_epoch();
}

void Trainer::State::end_epoch() {
  if (!xt::all(xt::isfinite(network().parameters()))) return diverge();
  losses.push_back(epoch_loss / static_cast<double>(batches));
  epoch_loss = 0;
  std::copy(network().parameters().begin(), network().parameters().end(), good.begin());
}

void Trainer::State::diverge() {
  std::copy(good.begin(), good.end(), network().parameters().begin());
  diverged = true;
}

Trainer::Trainer(Autoencoder& model, TrainingSet rows, TrainOptions options) {
  options.validate();
  if (!rows.complete()) throw Error(ErrorCode::kShape, "The training set is not complete: rows are missing.");
  state_ = std::make_unique<State>(model, std::move(rows), std::move(options));
  state_->prepare();
}

Trainer::~Trainer() {
  if (state_ && state_->before) state_->model.state_ = std::move(state_->before);
}

Progress Trainer::run(Budget budget) {
  if (!(budget.amount > 0)) throw Error(ErrorCode::kBadOption, "A training budget must be above 0.").named("budget");
  State& s = *state_;
  const double start = now_ms();
  const std::uint64_t begun = s.step;
  std::uint64_t last = s.steps();
  if (budget.kind != Budget::Kind::kMilliseconds) {
    const double unit = budget.kind == Budget::Kind::kEpochs ? static_cast<double>(s.batches) : 1;
    const double wanted = static_cast<double>(begun) + std::ceil(budget.amount * unit);
    if (wanted < static_cast<double>(last)) last = static_cast<std::uint64_t>(wanted);
  }
  std::uint64_t look = begun + 1;  // the step after which to look at the clock again
  while (s.step < last && !s.done()) {
    s.one_step();
    if (budget.kind != Budget::Kind::kMilliseconds || s.step < look) continue;
    const double spent = now_ms() - start;
    if (spent >= budget.amount) break;
    // Half of the steps that fit by the present pace: reading the clock costs as much as a small step.
    const double pace = std::max(spent / static_cast<double>(s.step - begun), 1e-6);
    look = s.step + 1 + static_cast<std::uint64_t>(std::min((budget.amount - spent) / pace / 2, 1e6));
  }
  s.elapsed_ms += now_ms() - start;
  if (s.diverged) {
    throw Error(ErrorCode::kDiverged,
                "Training diverged in epoch " + std::to_string(s.losses.size() + 1) +
                    ": the loss is no longer finite. Try a smaller learning_rate; the last good weights were kept.");
  }
  return progress();
}

bool Trainer::done() const { return state_->done(); }

Progress Trainer::progress() const {
  const State& s = *state_;
  Progress p;
  p.epoch = static_cast<int>(s.losses.size());
  p.epochs = s.options.epochs;
  p.step = s.step;
  const std::uint64_t open = s.step % s.batches;
  if (!s.losses.empty()) {
    p.loss = s.losses.back();
  } else {
    p.loss = open == 0 ? std::numeric_limits<double>::quiet_NaN() : s.epoch_loss / static_cast<double>(open);
  }
  p.elapsed_ms = s.elapsed_ms;
  p.eta_ms = s.step == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : s.elapsed_ms / static_cast<double>(s.step) * static_cast<double>(s.steps() - s.step);
  return p;
}

std::span<const double> Trainer::losses() const { return state_->losses; }

void Trainer::set_learning_rate(double learning_rate) {
  TrainOptions changed = state_->options;
  changed.learning_rate = learning_rate;
  changed.validate();
  state_->options = changed;
}

void Trainer::set_weight_decay(double weight_decay) {
  TrainOptions changed = state_->options;
  changed.weight_decay = weight_decay;
  changed.validate();
  state_->options = changed;
}

TrainReport Trainer::finish() {
  State& s = *state_;
  if (s.before) {
    std::vector<float> scores(s.rows.rows());
    s.model.state_->score_scaled(s.rows.scaled(), scores);
    s.model.state_->threshold = threshold_from(s.options.threshold, scores);
    s.model.state_->fitted = true;
    s.before.reset();
  }
  TrainReport report;
  report.epochs = static_cast<int>(s.losses.size());
  report.loss = s.losses;
  report.threshold = s.model.state_->threshold;
  const double seen = static_cast<double>(s.step) / static_cast<double>(s.batches) * static_cast<double>(s.rows.rows());
  report.rows_per_second = s.elapsed_ms > 0 ? seen / s.elapsed_ms * 1000 : 0;
  return report;
}

}  // namespace anomalens
