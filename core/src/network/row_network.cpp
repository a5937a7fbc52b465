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
    float* to = parameters_.data() + layers_[l].weights;
    for (int first = 0; first < layers_[l].outputs;) {
      const int tile = kernels::row_tile(layers_[l].outputs - first);
      for (int i = 0; i < from.inputs; i++) {
        for (int o = first; o < first + tile; o++) {
          *to++ = o < from.outputs ? weights[static_cast<std::ptrdiff_t>(o) * from.inputs + i] : 0.F;
        }
      }
      first += tile;
    }
    std::copy_n(bias, from.outputs, to);
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
