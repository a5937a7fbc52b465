// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/row_network.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::Active;

void RowNetwork::take(const Network& network) {
  layers_ = network.layers();
  std::size_t count = 0;
  std::size_t widest = 0;
  for (LayerShape& layer : layers_) {
    layer.outputs = kernels::blocks_for(static_cast<std::size_t>(layer.outputs)) * kernels::kLanes;
    const auto outputs = static_cast<std::size_t>(layer.outputs);
    layer.weights = count;
    layer.bias = count + static_cast<std::size_t>(layer.inputs) * outputs;
    count = layer.bias + outputs;
    widest = std::max(widest, outputs);
  }
  parameters_.assign(count, 0);
  values_.assign(2 * widest, 0);
  for (std::size_t l = 0; l < layers_.size(); l++) {
    const LayerShape& from = network.layers()[l];
    const float* weights = network.parameters().data() + from.weights;
    const float* bias = network.parameters().data() + from.bias;
    for (std::ptrdiff_t o = 0; o < from.outputs; o++) {
      float* to = parameters_.data() + layers_[l].weights + o;
      for (int i = 0; i < from.inputs; i++, to += layers_[l].outputs) *to = *weights++;
      *to = *bias++;  // the biases follow the last row of weights
    }
  }
}

std::span<const float> RowNetwork::forward(const float* x) {
  float* y = values_.data();
  std::size_t outputs = 0;
  for (std::size_t l = 0; l < layers_.size(); l++) {
    const LayerShape& layer = layers_[l];
    outputs = static_cast<std::size_t>(layer.outputs);
    y = values_.data() + (l % 2) * (values_.size() / 2);
    Active::forward_row(layer.inputs, layer.outputs, parameters_.data() + layer.weights,
                        parameters_.data() + layer.bias, x, y);
    if (layer.activation != Activation::kLinear) Active::activate(layer.activation, y, y, outputs);
    x = y;
  }
  return {y, outputs};
}

}  // namespace anomalens
