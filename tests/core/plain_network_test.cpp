// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "plain_network.hpp"

#include "network/loss.hpp"
#include "network/row_network.hpp"

/// Blocks, lanes and kernels against formulas: they must differ by no more than float32 rounds.
namespace anomalens::testing {

namespace {

struct Case {
  ModelOptions model;
  std::size_t columns = 5;
  std::size_t rows = 7;
  LossKind loss = LossKind::kMse;
  Sparsity sparsity{};
};

/// Largest |got - wanted| in units of the largest |wanted|, at least 0.1.
template <class Got, class Wanted>
double gap(const Got& got, const Wanted& wanted) {
  const double largest = xt::amax(xt::abs(wanted))();
  return xt::amax(xt::abs(got - wanted))() / std::max(largest, 0.1);
}

void check(const Case& c) {
  CAPTURE(c.columns);
  CAPTURE(c.rows);
  CAPTURE(static_cast<int>(c.model.activation.value()));
  const int top_k = c.sparsity.kind == Sparsity::Kind::kTopK ? c.sparsity.k : 0;
  // PyTorch's initialisation: its biases are not zero.
  const Network network = network_of(c.model, c.columns, Compatibility::kPytorch, 21, top_k);
  const std::vector<float> table = normal_table(c.rows * c.columns, 22);
  const std::array<std::size_t, 2> shape{c.rows, c.columns};
  const plain::Matrix x = xt::cast<double>(xt::adapt(table, shape));
  const plain::Result wanted = plain::step(network, x, c.loss, c.sparsity);

  const int rows = static_cast<int>(c.rows);
  Workspace workspace(network.layers(), c.rows + 5, true);
  load(workspace, table, c.rows);
  network.forward(workspace, rows);
  std::vector<float> output(table.size());
  kernels::Active::scatter(workspace.values.back().data(), rows, static_cast<int>(c.columns), output.data());
  CHECK(gap(xt::adapt(output, shape), wanted.output) < 2e-6);
  CHECK(loss_of_batch({c.loss, 0, false, false}, workspace, rows) == doctest::Approx(wanted.loss).epsilon(1e-6));
  xt::xtensor<float, 1> gradient(network.parameters().shape(), 0.F);
  network.backward(workspace, rows, c.sparsity, gradient);
  CHECK(gap(xt::view(gradient, xt::range(0, network.parameter_count())), wanted.gradient) < 2e-6);
  if (top_k > 0) return;
  RowNetwork one;
  one.take(network);
  const std::span<const float> last = one.forward(table.data() + (c.rows - 1) * c.columns);
  xt::xtensor<float, 1> got({c.columns}, 0.F);
  std::copy_n(last.data(), c.columns, got.begin());
  CHECK(gap(got, plain::Vector(xt::row(wanted.output, static_cast<std::ptrdiff_t>(c.rows - 1)))) < 2e-6);
}

}  // namespace

TEST_SUITE_BEGIN("plain network");

TEST_CASE("the kernels agree with plain expressions: every activation, narrow and wide layers, any number of rows") {
  struct Shape {
    std::size_t columns;
    std::vector<int> hidden;
    int latent;
  };
  for (const Shape& shape : {Shape{1, {}, 1}, Shape{4, {16}, 2}, Shape{7, {9, 5}, 3}, Shape{13, {33}, 4},
                             Shape{6, {7, 3, 5}, 1}, Shape{35, {34, 8}, 6}}) {
    for (const Activation activation : kActivations) {
      for (const std::size_t rows : {1U, 4U, 13U, 32U})
        check({small_options(activation, shape.hidden, shape.latent), shape.columns, rows});
    }
  }
}

TEST_CASE("the kernels agree with plain expressions: every loss and penalty") {
  using Kind = Sparsity::Kind;
  for (const LossKind loss : {LossKind::kMse, LossKind::kMae, LossKind::kHuber}) {
    for (const Kind kind : {Kind::kNone, Kind::kL1, Kind::kKl, Kind::kTopK}) {
      for (const std::size_t rows : {1U, 6U, 8U}) {
        CAPTURE(static_cast<int>(loss));
        CAPTURE(static_cast<int>(kind));
        Case c{small_options(Activation::kTanh, {9}, 5), 6, rows, loss};
        c.model.latent_activation = kind == Kind::kKl ? Activation::kSigmoid : Activation::kTanh;
        c.sparsity.kind = kind;
        c.sparsity.weight = 0.3;
        c.sparsity.target = 0.1;
        c.sparsity.k = 2;
        check(c);
      }
    }
  }
}

TEST_SUITE_END();

}  // namespace anomalens::testing
