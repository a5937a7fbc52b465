// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/network.hpp"

#include "kernels/kernels.hpp"
#include "support.hpp"

namespace anomalens::testing {

namespace {

double activated(Activation activation, double x) {
  switch (activation) {
    case Activation::kRelu:
      return x > 0 ? x : 0;
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kSigmoid:
      return 1 / (1 + std::exp(-x));
    default:
      return x;
  }
}

/// The network's loss as its definition says it, row by row in double precision.
double plain_loss(const std::vector<LayerShape>& layers, const std::vector<double>& parameters,
                  const std::vector<float>& table, std::size_t rows) {
  const std::size_t columns = table.size() / rows;
  double sum = 0;
  for (std::size_t row = 0; row < rows; row++) {
    const std::vector<double> target(table.begin() + static_cast<std::ptrdiff_t>(row * columns),
                                     table.begin() + static_cast<std::ptrdiff_t>((row + 1) * columns));
    std::vector<double> x = target;
    for (const LayerShape& layer : layers) {
      std::vector<double> y;
      for (int o = 0; o < layer.outputs; o++) {
        double total = parameters[layer.bias + static_cast<std::size_t>(o)];
        for (int i = 0; i < layer.inputs; i++) {
          total += parameters[layer.weights + static_cast<std::size_t>(o * layer.inputs + i)] *
                   x[static_cast<std::size_t>(i)];
        }
        y.push_back(activated(layer.activation, total));
      }
      x = y;
    }
    for (std::size_t j = 0; j < columns; j++) sum += (x[j] - target[j]) * (x[j] - target[j]);
  }
  return sum / static_cast<double>(rows * columns);
}

struct Shape {
  std::size_t columns;
  std::vector<int> hidden;
  int latent;
  std::size_t rows;
};

Network network_of(const Shape& shape, Activation activation, Compatibility compatibility, std::uint32_t seed) {
  Network network(layers_for(small_options(activation, shape.hidden, shape.latent), shape.columns));
  Mt19937 random(seed);
  network.initialise(compatibility, random);
  return network;
}

std::vector<float> normal_table(std::size_t cells, std::uint32_t seed) {
  Mt19937 random(seed);
  std::vector<float> table(cells);
  for (float& cell : table) cell = static_cast<float>(random.normal());
  return table;
}

void load(Workspace& workspace, const std::vector<float>& table, std::size_t rows) {
  kernels::Active::gather(table.data(), nullptr, static_cast<int>(rows), static_cast<int>(table.size() / rows),
                          workspace.values[0].data());
}

}  // namespace

TEST_SUITE_BEGIN("network");

TEST_CASE("the gradient of every parameter agrees with finite differences of the loss") {
  const Shape shapes[] = {{1, {}, 1, 1},      {4, {16}, 2, 32}, {3, {5}, 2, 7},
                          {7, {9, 5}, 3, 13}, {5, {}, 2, 4},    {6, {7, 3, 5}, 1, 9}};
  for (const Shape& shape : shapes) {
    for (const Activation activation : kActivations) {
      CAPTURE(shape.columns);
      CAPTURE(shape.rows);
      CAPTURE(static_cast<int>(activation));
      // PyTorch's initialisation: its biases are not zero.
      Network network = network_of(shape, activation, Compatibility::kPytorch, 12);
      const std::vector<float> table = normal_table(shape.rows * shape.columns, 34);
      Workspace workspace(network.layers(), shape.rows);
      load(workspace, table, shape.rows);
      xt::xtensor<float, 1> gradient(network.parameters().shape(), 0.F);
      const double loss = network.loss_and_gradient(workspace, static_cast<int>(shape.rows), gradient);

      std::vector<double> parameters(network.parameters().begin(), network.parameters().end());
      CHECK(loss == doctest::Approx(plain_loss(network.layers(), parameters, table, shape.rows)).epsilon(1e-6));
      double largest = 0;
      double worst = 0;
      for (std::size_t i = 0; i < network.parameter_count(); i++) {
        constexpr double kStep = 1e-6;
        const double kept = parameters[i];
        parameters[i] = kept + kStep;
        const double above = plain_loss(network.layers(), parameters, table, shape.rows);
        parameters[i] = kept - kStep;
        const double below = plain_loss(network.layers(), parameters, table, shape.rows);
        parameters[i] = kept;
        const double wanted = (above - below) / (2 * kStep);
        largest = std::max(largest, std::fabs(wanted));
        worst = std::max(worst, std::fabs(static_cast<double>(gradient[i]) - wanted));
      }
      CHECK(largest > 1e-4);
      CHECK(worst <= 2e-6 * std::max(largest, 0.1));
    }
  }
}

TEST_CASE("the derivative of relu at 0 is 0") {
  Network network(layers_for(small_options(Activation::kRelu, {3}, 2), 2));
  network.parameters().fill(0.F);
  Workspace workspace(network.layers(), 4);
  load(workspace, {1, 2, 3, 4}, 2);
  xt::xtensor<float, 1> gradient(network.parameters().shape(), 0.F);
  network.loss_and_gradient(workspace, 2, gradient);
  const LayerShape& last = network.layers().back();
  for (std::size_t i = 0; i < last.bias; i++) CHECK(gradient[i] == 0);
  CHECK(gradient[last.bias] == -2);  // 2 / (rows columns) * sum over rows of (0 - x)
  CHECK(gradient[last.bias + 1] == -3);
}

TEST_CASE("a short batch leaves no trace of the long one before it") {
  const Shape shape{5, {6}, 2, 16};
  for (const Activation activation : kActivations) {
    const Network network = network_of(shape, activation, Compatibility::kPytorch, 3);
    const std::vector<float> many = normal_table(16 * 5, 1);
    for (std::size_t rows = 1; rows <= 9; rows++) {
      CAPTURE(rows);
      const std::vector<float> few = normal_table(rows * 5, 2);
      Workspace used(network.layers(), 16);
      Workspace fresh(network.layers(), rows);
      xt::xtensor<float, 1> first(network.parameters().shape(), 0.F);
      xt::xtensor<float, 1> second(network.parameters().shape(), 0.F);
      load(used, many, 16);
      network.loss_and_gradient(used, 16, first);
      load(used, few, rows);
      load(fresh, few, rows);
      const double after = network.loss_and_gradient(used, static_cast<int>(rows), first);
      CHECK(after == network.loss_and_gradient(fresh, static_cast<int>(rows), second));
      CHECK(same_bits({first.data(), first.size()}, {second.data(), second.size()}));
    }
  }
}

TEST_CASE("a row's output does not depend on its neighbours") {
  const Shape shape{5, {6, 3}, 2, 11};
  const Network network = network_of(shape, Activation::kTanh, Compatibility::kNone, 3);
  const std::vector<float> table = normal_table(11 * 5, 9);
  Workspace all(network.layers(), 11);
  load(all, table, 11);
  network.forward(all, 11);
  std::vector<float> together(11 * 5);
  kernels::Active::scatter(all.values.back().data(), 11, 5, together.data());
  for (std::size_t row = 0; row < 11; row++) {
    Workspace alone(network.layers(), 1);
    load(alone,
         {table.begin() + static_cast<std::ptrdiff_t>(row * 5),
          table.begin() + static_cast<std::ptrdiff_t>(row * 5 + 5)},
         1);
    network.forward(alone, 1);
    std::vector<float> single(5);
    kernels::Active::scatter(alone.values.back().data(), 1, 5, single.data());
    CHECK(same_bits(single, std::span<const float>(together).subspan(row * 5, 5)));
  }
}

TEST_CASE("native weights fill the range of He or Glorot evenly, native biases are 0") {
  const Shape shape{40, {60}, 20, 1};
  for (const Activation activation : kActivations) {
    const Network network = network_of(shape, activation, Compatibility::kNone, 21);
    for (const LayerShape& layer : network.layers()) {
      const bool he = layer.activation == Activation::kRelu;
      const double bound = std::sqrt(6.0 / (he ? layer.inputs : layer.inputs + layer.outputs));
      double largest = 0;
      double squares = 0;
      for (std::size_t i = layer.weights; i < layer.bias; i++) {
        const double w = network.parameters()[i];
        largest = std::max(largest, std::fabs(w));
        squares += w * w;
      }
      const auto count = static_cast<double>(layer.bias - layer.weights);
      CHECK(largest <= bound * (1 + 1e-6));
      CHECK(largest > 0.98 * bound);
      CHECK(squares / count == doctest::Approx(bound * bound / 3).epsilon(0.1));
      for (int o = 0; o < layer.outputs; o++)
        CHECK(network.parameters()[layer.bias + static_cast<std::size_t>(o)] == 0);
    }
  }
}

TEST_CASE("layers are mirrored, and latent and output layers are linear") {
  const auto layers = layers_for(small_options(Activation::kSigmoid, {9, 5}, 3), 7);
  const std::vector<int> widths = {7, 9, 5, 3, 5, 9, 7};
  REQUIRE(layers.size() == 6);
  std::size_t offset = 0;
  for (std::size_t l = 0; l < layers.size(); l++) {
    CAPTURE(l);
    CHECK(layers[l].inputs == widths[l]);
    CHECK(layers[l].outputs == widths[l + 1]);
    CHECK(layers[l].activation == (l == 2 || l == 5 ? Activation::kLinear : Activation::kSigmoid));
    CHECK(layers[l].weights == offset);
    CHECK(layers[l].bias == offset + static_cast<std::size_t>(widths[l] * widths[l + 1]));
    offset = layers[l].bias + static_cast<std::size_t>(widths[l + 1]);
  }
}

TEST_CASE("a shape that is not given is chosen from the columns") {
  for (const std::size_t columns : {1U, 2U, 9U, 30U, 200U, 1000U}) {
    CAPTURE(columns);
    const auto layers = layers_for(ModelOptions{}, columns);
    REQUIRE(layers.size() == 4);
    CHECK(layers[1].outputs == std::max(1L, std::lround(std::sqrt(static_cast<double>(columns)))));
    CHECK(layers[0].outputs == layers[3].inputs);
    CHECK(layers[3].outputs == static_cast<int>(columns));
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
