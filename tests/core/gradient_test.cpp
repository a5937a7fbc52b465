// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <numeric>

#include "network/loss.hpp"
#include "network_support.hpp"

/// Every layer, loss, penalty and way of leaving something out: the gradient of every parameter against finite
/// differences of the objective, computed here from its definition in double precision.
namespace anomalens::testing {

namespace {

using Numbers = std::vector<double>;

double activated(Activation activation, double x) {
  switch (activation) {
    case Activation::kLinear:
      return x;
    case Activation::kRelu:
      return x > 0 ? x : 0;
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::kLeakyRelu:
      return x > 0 ? x : 0.01 * x;
    case Activation::kElu:
      return x > 0 ? x : std::expm1(x);
    case Activation::kGelu:
      return x * std::erfc(-x / std::sqrt(2.0)) / 2;
    case Activation::kSoftplus:
      return std::log1p(std::exp(x));
  }
  return x;
}

double loss_of(LossKind kind, double r) {
  const double size = std::fabs(r);
  if (kind == LossKind::kMae) return size;
  if (kind == LossKind::kHuber) return size <= 1 ? r * r / 2 : size - 0.5;
  return r * r;
}

struct Trial {
  ModelOptions model;
  std::size_t columns = 5;
  std::size_t rows = 7;
  LossOptions loss;
  Sparsity sparsity;
  double dropout = 0;
};

struct Batch {
  std::vector<float> input;  ///< NaN where a cell is missing
  std::vector<float> target;
};

/// The objective by its definition. Dropout's factors are those that the engine drew.
class Definition {
 public:
  Definition(const Trial& trial, const Network& network, const Batch& batch, const Workspace& drawn)
      : trial_(trial), network_(network), batch_(batch), drawn_(drawn) {}

  struct Result {
    double objective = 0;
    double reported = 0;
    double gap = 0;  ///< distance of the nearest two numbers whose order decides (trim, top-k)
  };

  Result operator()(const Numbers& parameters) const {
    const std::size_t columns = trial_.columns;
    std::vector<Numbers> codes;
    Numbers losses;
    Result result;
    result.gap = kInfinity;
    for (std::size_t row = 0; row < trial_.rows; row++) {
      Numbers x;
      for (std::size_t j = 0; j < columns; j++) {
        const float cell = batch_.input[row * columns + j];
        x.push_back(std::isnan(cell) ? 0 : static_cast<double>(cell));
      }
      codes.push_back(forward(parameters, row, x, result.gap));
      double sum = 0;
      double cells = 0;
      for (std::size_t j = 0; j < columns; j++) {
        if (std::isnan(batch_.input[row * columns + j])) continue;
        sum += loss_of(trial_.loss.kind, x[j] - static_cast<double>(batch_.target[row * columns + j]));
        cells++;
      }
      losses.push_back(sum / cells);
    }
    const double trim = trial_.loss.trim;
    const auto rows = static_cast<double>(trial_.rows);
    const auto keep = static_cast<std::size_t>(std::max(1.0, std::nearbyint(rows * (1 - trim))));
    std::sort(losses.begin(), losses.end());
    if (keep < losses.size()) result.gap = std::min(result.gap, losses[keep] - losses[keep - 1]);
    const double sum = std::accumulate(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(keep), 0.0);
    result.reported = sum / static_cast<double>(keep);
    result.objective = sum / (rows * (1 - trim)) + penalty(codes);
    return result;
  }

 private:
  /// Turns `x` into the output; returns the code.
  Numbers forward(const Numbers& parameters, std::size_t row, Numbers& x, double& gap) const {
    Numbers code;
    const auto& layers = network_.layers();
    for (std::size_t l = 0; l < layers.size(); l++) {
      Numbers y;
      for (int o = 0; o < layers[l].outputs; o++) {
        const auto unit = static_cast<std::size_t>(o);
        const auto inputs = static_cast<std::size_t>(layers[l].inputs);
        double total = parameters[layers[l].bias + unit];
        for (std::size_t i = 0; i < inputs; i++) total += parameters[layers[l].weights + unit * inputs + i] * x[i];
        y.push_back(activated(layers[l].activation, total));
        const bool hidden = l + 1 != network_.encoder_layers() && l + 1 != layers.size();
        if (trial_.dropout > 0 && hidden) y.back() *= cell_of(drawn_.dropped[l + 1], row, unit);
      }
      if (l + 1 == network_.encoder_layers()) {
        if (network_.top_k() > 0) keep_largest(y, gap);
        code = y;
      }
      x = y;
    }
    return code;
  }

  void keep_largest(Numbers& code, double& gap) const {
    Numbers sorted = code;
    std::sort(sorted.rbegin(), sorted.rend());
    const auto k = static_cast<std::size_t>(network_.top_k());
    if (k >= code.size()) return;
    gap = std::min(gap, sorted[k - 1] - sorted[k]);
    for (double& z : code) {
      if (z < sorted[k - 1]) z = 0;
    }
  }

  double penalty(const std::vector<Numbers>& codes) const {
    const Sparsity& sparsity = trial_.sparsity;
    const auto rows = static_cast<double>(codes.size());
    const auto latent = static_cast<double>(codes[0].size());
    double sum = 0;
    if (sparsity.kind == Sparsity::Kind::kL1) {
      for (const Numbers& code : codes) {
        for (const double z : code) sum += std::fabs(z) / (rows * latent);
      }
    } else if (sparsity.kind == Sparsity::Kind::kKl) {
      const double rho = sparsity.target;
      for (std::size_t j = 0; j < codes[0].size(); j++) {
        double mean = 0;
        for (const Numbers& code : codes) mean += code[j] / rows;
        sum += rho * std::log(rho / mean) + (1 - rho) * std::log((1 - rho) / (1 - mean));
      }
    }
    return sparsity.weight * sum;
  }

  const Trial& trial_;
  const Network& network_;
  const Batch& batch_;
  const Workspace& drawn_;
};

Batch batch_of(const Trial& trial) {
  Batch batch;
  batch.input = normal_table(trial.rows * trial.columns, 34);
  batch.target = trial.loss.spoiled ? normal_table(trial.rows * trial.columns, 35) : batch.input;
  if (trial.loss.masked) {
    for (std::size_t i = 0; i < batch.input.size(); i += 4) {
      batch.input[i] = kFloatNaN;
      batch.target[i] = 0;
    }
  }
  return batch;
}

void check_gradient(const Trial& trial) {
  const int top_k = trial.sparsity.kind == Sparsity::Kind::kTopK ? trial.sparsity.k : 0;
  // PyTorch's initialisation: its biases are not zero.
  const Network network = network_of(trial.model, trial.columns, Compatibility::kPytorch, 12, top_k);
  const Batch batch = batch_of(trial);
  Workspace workspace(network.layers(), trial.rows + 3, true);
  const int rows = static_cast<int>(trial.rows);
  if (trial.loss.spoiled) {
    load(workspace, batch.target, trial.rows);
    workspace.target = workspace.values[0];
  }
  load(workspace, batch.input, trial.rows);
  if (trial.loss.masked) {
    workspace.mask = workspace.values[0];
    kernels::Active::split_missing(workspace.values[0].data(), workspace.mask.data(), workspace.mask.size());
  }
  Mt19937 random(77);
  const Dropout dropout{trial.dropout, random};
  network.forward(workspace, rows, 0, network.layers().size(), trial.dropout > 0 ? &dropout : nullptr);
  const double loss = loss_of_batch(trial.loss, workspace, rows);
  xt::xtensor<float, 1> gradient(network.parameters().shape(), 0.F);
  network.backward(workspace, rows, trial.sparsity, gradient);

  const Definition definition(trial, network, batch, workspace);
  Numbers parameters(network.parameters().begin(), network.parameters().end());
  const Definition::Result middle = definition(parameters);
  REQUIRE(middle.gap > 1e-4);
  CHECK(loss == doctest::Approx(middle.reported).epsilon(1e-6));
  double largest = 0;
  double worst = 0;
  for (std::size_t i = 0; i < network.parameter_count(); i++) {
    constexpr double kStep = 1e-6;
    const double kept = parameters[i];
    parameters[i] = kept + kStep;
    const double above = definition(parameters).objective;
    parameters[i] = kept - kStep;
    const double below = definition(parameters).objective;
    parameters[i] = kept;
    const double wanted = (above - below) / (2 * kStep);
    largest = std::max(largest, std::fabs(wanted));
    worst = std::max(worst, std::fabs(static_cast<double>(gradient[i]) - wanted));
  }
  CHECK(largest > 1e-4);
  CHECK(worst <= 3e-6 * std::max(largest, 0.1));
}

Trial plain(Activation activation = Activation::kTanh) {
  Trial trial;
  trial.model = small_options(activation, {6}, 3);
  return trial;
}

Sparsity sparsity(Sparsity::Kind kind, double weight, double target = 0.05, int k = 1) {
  Sparsity made;
  made.kind = kind;
  made.weight = weight;
  made.target = target;
  made.k = k;
  return made;
}

}  // namespace

TEST_SUITE_BEGIN("gradient");

TEST_CASE("gradient: every activation in every shape") {
  struct Shape {
    std::size_t columns;
    std::vector<int> hidden;
    int latent;
    std::size_t rows;
  };
  const Shape shapes[] = {{1, {}, 1, 1},      {4, {16}, 2, 32}, {3, {5}, 2, 7},
                          {7, {9, 5}, 3, 13}, {5, {}, 2, 4},    {6, {7, 3, 5}, 1, 9}};
  for (const Shape& shape : shapes) {
    for (const Activation activation : kActivations) {
      CAPTURE(shape.columns);
      CAPTURE(shape.rows);
      CAPTURE(static_cast<int>(activation));
      Trial trial;
      trial.model = small_options(activation, shape.hidden, shape.latent);
      trial.columns = shape.columns;
      trial.rows = shape.rows;
      check_gradient(trial);
    }
  }
}

TEST_CASE("gradient: wide layers, whose weight gradient is packed") {
  for (const int width : {31, 32, 33, 50}) {
    CAPTURE(width);
    Trial trial;
    trial.model = small_options(Activation::kTanh, {width}, 2);
    trial.columns = 3;
    trial.rows = 9;
    check_gradient(trial);
    trial.model = small_options(Activation::kElu, {34}, 2);
    trial.columns = static_cast<std::size_t>(width);
    trial.rows = 5;
    check_gradient(trial);
  }
}

TEST_CASE("gradient: every activation of the bottleneck, and a decoder of its own") {
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    Trial trial = plain();
    trial.model.latent_activation = activation;
    trial.model.decoder = {4, 7};
    check_gradient(trial);
  }
}

TEST_CASE("gradient: every loss, plain, with missing cells, with a spoiled input, trimmed, and all at once") {
  for (const LossKind kind : {LossKind::kMse, LossKind::kMae, LossKind::kHuber}) {
    for (int variant = 0; variant < 16; variant++) {
      CAPTURE(static_cast<int>(kind));
      CAPTURE(variant);
      Trial trial = plain((variant & 8) != 0 ? Activation::kGelu : Activation::kTanh);
      trial.rows = 11;
      trial.loss.kind = kind;
      trial.loss.masked = (variant & 1) != 0;
      trial.loss.spoiled = (variant & 2) != 0;
      trial.loss.trim = (variant & 4) != 0 ? 0.3 : 0;
      check_gradient(trial);
    }
  }
}

TEST_CASE("gradient: penalties on the code") {
  for (const std::size_t rows : {1U, 6U, 8U}) {
    CAPTURE(rows);
    Trial trial = plain();
    trial.rows = rows;
    trial.sparsity = sparsity(Sparsity::Kind::kL1, 0.7);
    check_gradient(trial);
    trial.model.latent_activation = Activation::kSigmoid;
    check_gradient(trial);
    trial.sparsity = sparsity(Sparsity::Kind::kKl, 0.4, 0.1);
    check_gradient(trial);
    trial.model.latent_activation = Activation::kRelu;
    trial.sparsity = sparsity(Sparsity::Kind::kL1, 0.7);
    check_gradient(trial);
  }
}

TEST_CASE("gradient: only the largest codes, with linear and bent ones") {
  for (const Activation activation : {Activation::kLinear, Activation::kTanh, Activation::kGelu}) {
    for (const int k : {1, 2, 5, 6}) {
      CAPTURE(static_cast<int>(activation));
      CAPTURE(k);
      Trial trial = plain();
      trial.model.latent = 6;
      trial.model.latent_activation = activation;
      trial.rows = 5;
      trial.sparsity = sparsity(Sparsity::Kind::kTopK, 0, 0.05, k);
      check_gradient(trial);
    }
  }
}

TEST_CASE("gradient: dropout of hidden units, with every activation") {
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    Trial trial = plain(activation);
    trial.model.hidden = {12, 8};
    trial.dropout = 0.4;
    check_gradient(trial);
    trial.loss = {LossKind::kHuber, 0.2, true, true};
    trial.sparsity = sparsity(Sparsity::Kind::kL1, 0.2);
    check_gradient(trial);
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
