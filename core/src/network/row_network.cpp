// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/row_network.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::Active;

void RowNetwork::take(const Network& network) {
  layers_.clear();
  std::size_t count = 0;
  std::size_t widest = 0;
  for (const LayerShape& shape : network.layers()) {
    const int outputs = kernels::blocks_for(static_cast<std::size_t>(shape.outputs)) * kernels::kLanes;
    layers_.push_back({shape.inputs, outputs, shape.activation});
    count += static_cast<std::size_t>(shape.inputs + 1) * static_cast<std::size_t>(outputs);
    widest = std::max(widest, static_cast<std::size_t>(outputs));
  }
  parameters_.assign(count, 0);
  values_.assign(2 * widest, 0);
  float* to = parameters_.data();
  for (std::size_t l = 0; l < layers_.size(); l++) {
    const LayerShape& shape = network.layers()[l];
    const std::ptrdiff_t outputs = layers_[l].outputs;
    const float* from = network.parameters().data();
    for (std::ptrdiff_t o = 0; o < shape.outputs; o++) {
      for (std::ptrdiff_t i = 0; i < shape.inputs; i++) {
        to[i * outputs + o] = from[shape.weights + static_cast<std::size_t>(o * shape.inputs + i)];
      }
      to[shape.inputs * outputs + o] = from[shape.bias + static_cast<std::size_t>(o)];
    }
    to += (shape.inputs + 1) * outputs;
  }
}

std::span<const float> RowNetwork::forward(const float* x) {
  const float* weights = parameters_.data();
  const std::size_t half = values_.size() / 2;
  float* y = values_.data();
  std::size_t outputs = 0;
  for (std::size_t l = 0; l < layers_.size(); l++) {
    const Layer& layer = layers_[l];
    outputs = static_cast<std::size_t>(layer.outputs);
    const float* bias = weights + static_cast<std::size_t>(layer.inputs) * outputs;
    y = values_.data() + (l % 2) * half;
    Active::forward_row(layer.inputs, layer.outputs, weights, bias, x, y);
    if (layer.activation != Activation::kLinear) Active::activate(layer.activation, y, y, outputs);
    weights = bias + outputs;
    x = y;
  }
  return {y, outputs};
}

}  // namespace anomalens
