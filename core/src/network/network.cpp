// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/network.hpp"

#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::Active;
using kernels::Dense;
using kernels::kLanes;

Workspace::Workspace(std::span<const LayerShape> layers, std::size_t capacity) : capacity_(capacity) {
  const auto blocks = static_cast<std::size_t>(kernels::blocks_for(capacity));
  const auto tensor = [&](int features) {
    return xt::xtensor<float, 3>({blocks, static_cast<std::size_t>(features), std::size_t{kLanes}}, 0.F);
  };
  values.push_back(tensor(layers.front().inputs));
  deltas.emplace_back();  // nobody asks for the derivative by the input
  for (const LayerShape& layer : layers) {
    values.push_back(tensor(layer.outputs));
    deltas.push_back(tensor(layer.outputs));
  }
}

Network::Network(std::vector<LayerShape> layers) : layers_(std::move(layers)) {
  for (const LayerShape& layer : layers_) count_ = layer.bias + static_cast<std::size_t>(layer.outputs);
  parameters_ = xt::xtensor<float, 1>({(count_ + kLanes - 1) / kLanes * kLanes}, 0.F);
}

void Network::initialise(Compatibility compatibility, Mt19937& random) {
  parameters_.fill(0.F);
  for (const LayerShape& layer : layers_) {
    const std::size_t weights = static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs);
    double bound = 1 / std::sqrt(static_cast<double>(layer.inputs));
    std::size_t drawn = weights;
    if (compatibility == Compatibility::kPytorch) {
      drawn += static_cast<std::size_t>(layer.outputs);
    } else if (layer.activation == Activation::kRelu) {
      bound = std::sqrt(6.0 / layer.inputs);
    } else {
      bound = std::sqrt(6.0 / (layer.inputs + layer.outputs));
    }
    const auto limit = static_cast<float>(bound);
    for (std::size_t i = 0; i < drawn; i++) parameters_[layer.weights + i] = random.uniform(-limit, limit);
  }
}

void Network::forward(Workspace& workspace, int rows, std::size_t first, std::size_t last) const {
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  for (std::size_t l = first; l < last; l++) {
    const LayerShape& layer = layers_[l];
    const bool relu = layer.activation == Activation::kRelu;
    float* y = workspace.values[l + 1].data();
    Active::forward({blocks, layer.inputs, layer.outputs}, parameters_.data() + layer.weights,
                    parameters_.data() + layer.bias, workspace.values[l].data(), y, relu);
    if (relu || layer.activation == Activation::kLinear) continue;
    Active::activate(layer.activation, y, y,
                     static_cast<std::size_t>(blocks) * static_cast<std::size_t>(layer.outputs) * kLanes);
  }
}

void Network::residual(Workspace& workspace, int rows, float scale) const {
  const std::size_t last = layers_.size();
  Active::residual(workspace.values[last].data(), workspace.values[0].data(), workspace.deltas[last].data(), rows,
                   layers_.back().outputs, scale);
}

double Network::loss_and_gradient(Workspace& workspace, int rows, xt::xtensor<float, 1>& gradient) const {
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  const double cells = static_cast<double>(rows) * layers_.back().outputs;
  forward(workspace, rows);
  const auto scale = static_cast<float>(2 / cells);
  residual(workspace, rows, scale);
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const LayerShape& layer = layers_[l];
    const Dense size{blocks, layer.inputs, layer.outputs};
    const float* delta = workspace.deltas[l + 1].data();
    if (l > 0) {
      const LayerShape& below = layers_[l - 1];
      const bool relu = below.activation == Activation::kRelu;
      float* dx = workspace.deltas[l].data();
      Active::input_gradient(size, parameters_.data() + layer.weights, delta,
                             relu ? workspace.values[l].data() : nullptr, dx);
      if (!relu) {
        Active::activation_gradient(below.activation, workspace.values[l].data(), dx,
                                    static_cast<std::size_t>(blocks) * static_cast<std::size_t>(below.outputs) * kLanes);
      }
    }
    Active::weight_gradient(size, delta, workspace.values[l].data(), gradient.data() + layer.weights,
                            gradient.data() + layer.bias);
  }
  const std::size_t count = static_cast<std::size_t>(blocks) * static_cast<std::size_t>(layers_.back().outputs) * kLanes;
  return Active::sum_of_squares(workspace.deltas.back().data(), count) / (static_cast<double>(scale) * scale) / cells;
}

}  // namespace anomalens
