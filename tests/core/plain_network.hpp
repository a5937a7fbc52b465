// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "network_support.hpp"

/// The network once more in plain xtensor expressions and double precision: rows x features instead of blocks, a formula
/// instead of a kernel. Derivatives are written down by hand as in the paper, layer after layer.
namespace anomalens::testing::plain {

using Matrix = xt::xtensor<double, 2>;
using Vector = xt::xtensor<double, 1>;

/// (a b^T)_ij = sum_k a_ik b_jk.
inline Matrix product(const Matrix& a, const Matrix& b) {
  return xt::sum(xt::view(a, xt::all(), xt::newaxis(), xt::all()) * xt::view(b, xt::newaxis(), xt::all(), xt::all()),
                 {2});
}

inline Matrix transposed(const Matrix& a) { return xt::transpose(a); }

/// P(N(0, 1) <= x).
inline Matrix normal_distribution(const Matrix& x) { return xt::erfc(-x / std::sqrt(2.0)) / 2; }

inline Matrix activated(Activation f, const Matrix& x) {
  switch (f) {
    case Activation::kLinear:
      return x;
    case Activation::kRelu:
      return xt::maximum(x, 0.0);
    case Activation::kTanh:
      return xt::tanh(x);
    case Activation::kSigmoid:
      return 1 / (1 + xt::exp(-x));
    case Activation::kLeakyRelu:
      return xt::where(x > 0, x, 0.01 * x);
    case Activation::kElu:
      return xt::where(x > 0, x, xt::expm1(x));
    case Activation::kGelu:
      return x * normal_distribution(x);
    case Activation::kSoftplus:
      return xt::log1p(xt::exp(x));
  }
  return x;
}

inline Matrix slope(Activation f, const Matrix& x) {
  constexpr double kPi = 3.141592653589793;
  switch (f) {
    case Activation::kLinear:
      return xt::ones_like(x);
    case Activation::kRelu:
      return xt::where(x > 0, xt::ones_like(x), xt::zeros_like(x));
    case Activation::kTanh:
      return 1 - xt::square(xt::tanh(x));
    case Activation::kSigmoid:
    case Activation::kSoftplus: {
      const Matrix s = 1 / (1 + xt::exp(-x));
      return f == Activation::kSoftplus ? s : Matrix(s * (1 - s));
    }
    case Activation::kLeakyRelu:
      return xt::where(x > 0, xt::ones_like(x), 0.01 * xt::ones_like(x));
    case Activation::kElu:
      return xt::where(x > 0, xt::ones_like(x), xt::exp(x));
    case Activation::kGelu:
      return normal_distribution(x) + x * xt::exp(-x * x / 2) / std::sqrt(2 * kPi);
  }
  return x;
}

/// 1 for the k largest of each row (there are no equal ones), 0 for the others.
inline Matrix largest(const Matrix& codes, int k) {
  const Matrix higher = xt::sum(xt::cast<double>(xt::view(codes, xt::all(), xt::newaxis(), xt::all()) >
                                                 xt::view(codes, xt::all(), xt::all(), xt::newaxis())),
                                {2});
  return xt::cast<double>(higher < k);
}

struct Result {
  Matrix output;
  double loss = 0;
  Vector gradient;  ///< by all parameters, in their order in the network
};

/// Loss and derivative of one residual.
inline Matrix loss_of(LossKind kind, const Matrix& r) {
  if (kind == LossKind::kMae) return xt::abs(r);
  if (kind == LossKind::kHuber) return xt::where(xt::abs(r) < 1.0, xt::square(r) / 2, xt::abs(r) - 0.5);
  return xt::square(r);
}
inline Matrix loss_slope(LossKind kind, const Matrix& r) {
  if (kind == LossKind::kMae) return xt::sign(r);
  if (kind == LossKind::kHuber) return xt::clip(r, -1.0, 1.0);
  return 2 * r;
}

/// Derivative by the codes of weight * mean |z| or weight * sum_j KL(rho || mean of z_j).
inline Matrix penalty_slope(const Sparsity& sparsity, const Matrix& z) {
  if (sparsity.kind == Sparsity::Kind::kL1) return sparsity.weight * xt::sign(z) / static_cast<double>(z.size());
  if (sparsity.kind != Sparsity::Kind::kKl) return xt::zeros_like(z);
  const Vector mean = xt::mean(z, {0});
  const double rho = sparsity.target;
  const Vector by_mean = sparsity.weight * ((1 - rho) / (1 - mean) - rho / mean);
  return xt::broadcast(by_mean, z.shape()) / static_cast<double>(z.shape(0));
}

/// A step of `network` on the rows of `x`, all cells there: mean over rows of the mean over cells of the loss, and penalty.
inline Result step(const Network& network, const Matrix& x, LossKind kind = LossKind::kMse,
                   const Sparsity& sparsity = {}) {
  const auto& layers = network.layers();
  const xt::xtensor<double, 1> parameters = xt::cast<double>(network.parameters());
  const auto weights_of = [&](const LayerShape& layer) -> Matrix {
    const std::array<std::size_t, 2> shape{static_cast<std::size_t>(layer.outputs),
                                           static_cast<std::size_t>(layer.inputs)};
    return xt::adapt(parameters.data() + layer.weights, shape[0] * shape[1], xt::no_ownership(), shape);
  };
  std::vector<Matrix> values{x};  // values[l + 1]: the output of layer l
  std::vector<Matrix> sums;
  Matrix kept;
  for (std::size_t l = 0; l < layers.size(); l++) {
    const auto bias = xt::view(parameters, xt::range(layers[l].bias, layers[l].bias + std::size_t(layers[l].outputs)));
    sums.emplace_back(product(values[l], weights_of(layers[l])) + bias);
    values.push_back(activated(layers[l].activation, sums[l]));
    if (l + 1 != network.encoder_layers() || network.top_k() == 0) continue;
    kept = largest(values.back(), network.top_k());
    values.back() *= kept;
  }
  Result result;
  result.output = values.back();
  const Matrix r = result.output - x;
  result.loss = xt::mean(loss_of(kind, r))();
  result.gradient = xt::zeros<double>({network.parameter_count()});
  Matrix delta = loss_slope(kind, r) / static_cast<double>(r.size());
  for (std::size_t l = layers.size(); l-- > 0;) {
    const LayerShape& layer = layers[l];
    if (l + 1 == network.encoder_layers()) {
      if (network.top_k() > 0) delta *= kept;
      delta += penalty_slope(sparsity, values[l + 1]);
    }
    delta *= slope(layer.activation, sums[l]);
    const Matrix by_weights = product(transposed(delta), transposed(values[l]));
    xt::view(result.gradient, xt::range(layer.weights, layer.bias)) = xt::flatten(by_weights);
    xt::view(result.gradient, xt::range(layer.bias, layer.bias + std::size_t(layer.outputs))) = xt::sum(delta, {0});
    delta = product(delta, transposed(weights_of(layer)));
  }
  return result;
}

}  // namespace anomalens::testing::plain
