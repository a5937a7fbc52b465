// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include "tensor.hpp"

#include "anomalens/architecture.hpp"
#include "random/mt19937.hpp"

namespace anomalens {

/// Activations and deltas of one batch, each a tensor [blocks][features][4] (see kernels.hpp); made once, used every step.
class Workspace {
 public:
  Workspace() = default;
  Workspace(std::span<const LayerShape> layers, std::size_t capacity);

  std::size_t capacity() const { return capacity_; }
  /// values[0] is the input, values[l + 1] the output of layer l.
  std::vector<xt::xtensor<float, 3>> values;
  /// deltas[l + 1] is the derivative of the loss by the output of layer l; deltas[L] holds the residual.
  std::vector<xt::xtensor<float, 3>> deltas;

 private:
  std::size_t capacity_ = 0;
};

/// A chain of dense layers over one flat array of parameters.
class Network {
 public:
  Network() = default;
  explicit Network(std::vector<LayerShape> layers);

  /// Fresh parameters. kPytorch: weights and biases U(+-1/sqrt(inputs)), weights first, layer after layer.
  /// Otherwise He (relu) or Glorot uniform weights and zero biases.
  void initialise(Compatibility compatibility, Mt19937& random);

  /// Outputs of the layers from `first` to `last` (exclusive) for the first `rows` rows of the workspace.
  void forward(Workspace& workspace, int rows, std::size_t first, std::size_t last) const;
  void forward(Workspace& workspace, int rows) const { forward(workspace, rows, 0, layers_.size()); }

  /// Mean over rows and features of (output - input)^2, and its derivative by every parameter into `gradient`.
  double loss_and_gradient(Workspace& workspace, int rows, xt::xtensor<float, 1>& gradient) const;

  /// Leaves output - input in deltas[L].
  void residual(Workspace& workspace, int rows, float scale) const;

  const std::vector<LayerShape>& layers() const { return layers_; }
  /// Layers of the encoder: the first half.
  std::size_t encoder_layers() const { return layers_.size() / 2; }
  std::size_t columns() const { return static_cast<std::size_t>(layers_.front().inputs); }
  std::size_t latent() const { return static_cast<std::size_t>(layers_[encoder_layers() - 1].outputs); }
  std::size_t parameter_count() const { return count_; }
  /// Padded with zeros to a multiple of four.
  xt::xtensor<float, 1>& parameters() { return parameters_; }
  const xt::xtensor<float, 1>& parameters() const { return parameters_; }

 private:
  std::vector<LayerShape> layers_;
  std::size_t count_ = 0;
  xt::xtensor<float, 1> parameters_;
};

}  // namespace anomalens
