// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/network.hpp"

#include "network/loss.hpp"
#include "network_support.hpp"

namespace anomalens::testing {

namespace {

struct Shape {
  std::size_t columns;
  std::vector<int> hidden;
  int latent;
  std::size_t rows;
};

Network network_of(const Shape& shape, Activation activation, Compatibility compatibility, std::uint32_t seed) {
  return testing::network_of(small_options(activation, shape.hidden, shape.latent), shape.columns, compatibility, seed);
}

/// One step's loss and gradient, without anything special.
double loss_and_gradient(const Network& network, Workspace& workspace, int rows, xt::xtensor<float, 1>& gradient) {
  network.forward(workspace, rows);
  const double loss = loss_of_batch({}, workspace, rows);
  network.backward(workspace, rows, {}, gradient);
  return loss;
}

}  // namespace

TEST_SUITE_BEGIN("network");

TEST_CASE("the derivative of relu at 0 is 0") {
  Network network = testing::network_of(small_options(Activation::kRelu, {3}, 2), 2, Compatibility::kNone, 1);
  network.update([](auto& parameters) { parameters.fill(0.F); });
  Workspace workspace(network.layers(), 4, true);
  load(workspace, {1, 2, 3, 4}, 2);
  xt::xtensor<float, 1> gradient(network.parameters().shape(), 0.F);
  loss_and_gradient(network, workspace, 2, gradient);
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
      Workspace used(network.layers(), 16, true);
      Workspace fresh(network.layers(), rows, true);
      xt::xtensor<float, 1> first(network.parameters().shape(), 0.F);
      xt::xtensor<float, 1> second(network.parameters().shape(), 0.F);
      load(used, many, 16);
      loss_and_gradient(network, used, 16, first);
      load(used, few, rows);
      load(fresh, few, rows);
      const double after = loss_and_gradient(network, used, static_cast<int>(rows), first);
      CHECK(after == loss_and_gradient(network, fresh, static_cast<int>(rows), second));
      CHECK(same_bits({first.data(), first.size()}, {second.data(), second.size()}));
    }
  }
}

TEST_CASE("a row's output does not depend on its neighbours") {
  const Shape shape{5, {6, 3}, 2, 11};
  const Network network = network_of(shape, Activation::kTanh, Compatibility::kNone, 3);
  const std::vector<float> table = normal_table(11 * 5, 9);
  Workspace all(network.layers(), 11, false);
  load(all, table, 11);
  network.forward(all, 11);
  std::vector<float> together(11 * 5);
  kernels::Active::scatter(all.values.back().data(), 11, 5, together.data());
  for (std::size_t row = 0; row < 11; row++) {
    Workspace alone(network.layers(), 1, false);
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
      const bool he = layer.activation != Activation::kLinear && layer.activation != Activation::kTanh &&
                      layer.activation != Activation::kSigmoid;
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

TEST_CASE(
    "a committee's weights are normal with variance 1 / inputs, in the first layer 1 / features; its biases are 0") {
  Network network(layers_for(small_options(Activation::kTanh, {60}, 20), 40), 2);
  Mt19937 random(5);
  network.initialise_normal(random, 10);
  for (const LayerShape& layer : network.layers()) {
    double squares = 0;
    double fourth = 0;
    const auto count = static_cast<double>(layer.bias - layer.weights);
    const int fan = layer.weights == 0 ? 10 : layer.inputs;
    for (std::size_t i = layer.weights; i < layer.bias; i++) {
      const double w = static_cast<double>(network.parameters()[i]);
      squares += w * w * fan / count;
      fourth += w * w * w * w * fan * fan / count;
    }
    CHECK(squares == doctest::Approx(1).epsilon(0.12));
    CHECK(fourth == doctest::Approx(3).epsilon(0.3));
    for (int o = 0; o < layer.outputs; o++) CHECK(network.parameters()[layer.bias + static_cast<std::size_t>(o)] == 0);
  }
}

TEST_CASE("a single net's shape that is not given is chosen from the columns") {
  ModelOptions single;
  single.members = 1;
  for (const std::size_t columns : {1U, 2U, 9U, 30U, 200U, 1000U}) {
    CAPTURE(columns);
    const auto layers = layers_for(single, columns);
    REQUIRE(layers.size() == 4);
    CHECK(layers[1].outputs == std::max(1L, std::lround(std::sqrt(static_cast<double>(columns)))));
    CHECK(layers[0].outputs == layers[3].inputs);
    CHECK(layers[0].outputs >= 16);
    CHECK(layers[0].outputs <= 256);
    CHECK(layers[0].activation == Activation::kRelu);
  }
}

TEST_CASE("a committee is what one gets who names no architecture; its members take three code sizes in turn") {
  const ModelOptions nothing;
  CHECK(nothing.member_count() == 9);
  const int wanted[][4] = {{1, 2, 2, 2}, {4, 2, 2, 2}, {10, 3, 4, 5}, {30, 5, 10, 15}};
  for (const auto& sizes : wanted) {
    for (int member = 0; member < 9; member++) {
      CAPTURE(sizes[0]);
      CAPTURE(member);
      const auto layers = layers_for(nothing, static_cast<std::size_t>(sizes[0]), member);
      REQUIRE(layers.size() == 4);
      CHECK(layers[0].outputs == 16);
      CHECK(layers[1].outputs == sizes[1 + member % 3]);
      CHECK(layers[2].outputs == 16);
      CHECK(layers[0].activation == Activation::kTanh);
      CHECK(layers[1].activation == Activation::kLinear);
      CHECK(layers[2].activation == Activation::kTanh);
      CHECK(layers[3].activation == Activation::kLinear);
    }
  }
  const auto named = [](auto change) {
    ModelOptions options;
    change(options);
    return options.member_count();
  };
  CHECK(named([](ModelOptions& o) { o.hidden = {4}; }) == 1);
  CHECK(named([](ModelOptions& o) { o.decoder = {4}; }) == 1);
  CHECK(named([](ModelOptions& o) { o.latent = 2; }) == 1);
  CHECK(named([](ModelOptions& o) { o.activation = Activation::kRelu; }) == 1);
  CHECK(named([](ModelOptions& o) { o.compatibility = Compatibility::kPytorch; }) == 1);
  CHECK(named([](ModelOptions& o) { o.members = 4; }) == 4);
  CHECK(named([](ModelOptions& o) { o.members = 4, o.latent = 2; }) == 4);
}

TEST_CASE("top-k leaves exactly k codes, the largest ones, of equal ones the first") {
  struct Case {
    int latent;
    int k;
  };
  for (const auto [latent, k] : {Case{7, 1}, Case{7, 3}, Case{7, 7}, Case{50, 32}, Case{50, 33}, Case{50, 49}}) {
    const ModelOptions options = small_options(Activation::kTanh, {8}, latent);
    const Network network = testing::network_of(options, 5, Compatibility::kPytorch, 3, k);
    const Network whole = testing::network_of(options, 5, Compatibility::kPytorch, 3);
    const std::vector<float> table = normal_table(11 * 5, 4);
    Workspace few(network.layers(), 11, false);
    Workspace all(network.layers(), 11, false);
    load(few, table, 11);
    load(all, table, 11);
    network.forward(few, 11, 0, 2);
    whole.forward(all, 11, 0, 2);
    for (std::size_t row = 0; row < 11; row++) {
      int left = 0;
      double least = kInfinity;
      double most_dropped = -kInfinity;
      for (std::size_t j = 0; j < static_cast<std::size_t>(latent); j++) {
        const double before = cell_of(all.values[2], row, j);
        const double after = cell_of(few.values[2], row, j);
        if (after != 0) {
          left++;
          CHECK(after == before);
          least = std::min(least, before);
        } else {
          most_dropped = std::max(most_dropped, before);
        }
      }
      CHECK(left == k);
      CHECK(least > most_dropped);
    }
  }
  const ModelOptions options = small_options(Activation::kTanh, {8}, 7);
  Network equal = testing::network_of(options, 5, Compatibility::kPytorch, 3, 2);
  equal.update([&](auto& parameters) {
    parameters.fill(0.F);
    for (std::size_t j = 0; j < 7; j++) parameters[equal.layers()[1].bias + j] = j == 0 ? 0.5F : 1.F;
  });
  Workspace workspace(equal.layers(), 1, false);
  equal.forward(workspace, 1, 0, 2);
  for (std::size_t j = 0; j < 7; j++) CHECK(cell_of(workspace.values[2], 0, j) == (j == 1 || j == 2 ? 1 : 0));
}

TEST_CASE("dropout leaves out its share of the hidden units, scales the others and spares code and output") {
  const ModelOptions options = small_options(Activation::kSigmoid, {64}, 3);
  const Network network = testing::network_of(options, 5, Compatibility::kPytorch, 3);
  Workspace workspace(network.layers(), 100, true);
  load(workspace, normal_table(500, 4), 100);
  Mt19937 random(8);
  for (const double rate : {0.1, 0.5, 0.8}) {
    const Dropout dropout{rate, random};
    network.forward(workspace, 100, 0, 4, &dropout);
    int gone = 0;
    for (std::size_t row = 0; row < 100; row++) {
      for (std::size_t j = 0; j < 64; j++) {
        const double before = cell_of(workspace.whole[1], row, j);
        const double after = cell_of(workspace.values[1], row, j);
        gone += after == 0 ? 1 : 0;
        if (after != 0) CHECK(after == doctest::Approx(before / (1 - rate)).epsilon(1e-6));
      }
      for (std::size_t j = 0; j < 3; j++) CHECK(cell_of(workspace.values[2], row, j) != 0);
    }
    CHECK(std::fabs(gone / 6400.0 - rate) < 4 * std::sqrt(rate * (1 - rate) / 6400));
    CHECK(workspace.dropped[2].size() == 0);
    CHECK(workspace.dropped[4].size() == 0);
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
