// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/sorting.hpp"
#include "network/loss.hpp"

namespace anomalens {

using kernels::Active;
using kernels::Dense;
using kernels::kLanes;

namespace {

Blocks blocks_of(std::size_t capacity, int features) {
  const auto blocks = static_cast<std::size_t>(kernels::blocks_for(capacity));
  return Blocks({blocks, static_cast<std::size_t>(features), std::size_t{kLanes}}, 0.F);
}

/// Floats in `blocks` blocks of `features` features.
std::size_t floats(int blocks, int features) {
  return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(features) * kLanes;
}

bool relu_family(Activation activation) {
  return activation == Activation::kRelu || activation == Activation::kLeakyRelu || activation == Activation::kElu ||
         activation == Activation::kGelu || activation == Activation::kSoftplus;
}

}  // namespace

Workspace::Workspace(std::span<const LayerShape> layers, std::size_t room, bool training) : capacity(room) {
  for (auto* list : {&values, &sums, &deltas, &dropped, &whole}) *list = std::vector<Blocks>(layers.size() + 1);
  values[0] = blocks_of(room, layers.front().inputs);
  // deltas[0] stays empty, too: nobody asks for the derivative by the input.
  for (std::size_t l = 0; l < layers.size(); l++) {
    const int outputs = layers[l].outputs;
    values[l + 1] = blocks_of(room, outputs);
    if (layers[l].activation == Activation::kGelu) sums[l + 1] = blocks_of(room, outputs);
    if (training && l + 1 < layers.size()) deltas[l + 1] = blocks_of(room, outputs);
  }
  const std::size_t rows = static_cast<std::size_t>(kernels::blocks_for(room)) * kLanes;
  std::size_t scratch_size = 0;
  if (training) {
    for (const LayerShape& layer : layers) {
      scratch_size =
          std::max(scratch_size, kernels::packed_floats({kernels::blocks_for(room), layer.inputs, layer.outputs}));
    }
  }
  scratch = xt::xtensor<float, 1>({scratch_size}, 0.F);
  row_losses = xt::xtensor<float, 1>({rows}, 0.F);
  row_cells = row_losses;
  row_factors = row_losses;
}

Network::Network(std::vector<LayerShape> layers, std::size_t encoder_layers, int top_k)
    : layers_(std::move(layers)), encoder_layers_(encoder_layers), top_k_(top_k) {
  count_ = layers_.back().bias + static_cast<std::size_t>(layers_.back().outputs);
  parameters_ = xt::xtensor<float, 1>({(count_ + kLanes - 1) / kLanes * kLanes}, 0.F);
  arranged_ = parameters_;
}

void Network::arrange() {
  for (const LayerShape& layer : layers_) {
    Active::arrange(layer.inputs, layer.outputs, parameters_.data() + layer.weights, arranged_.data() + layer.weights);
  }
}

void Network::set_parameters(const float* parameters) {
  std::copy_n(parameters, count_, parameters_.begin());
  arrange();
}

void Network::swap_parameters(float* parameters) {
  std::swap_ranges(parameters, parameters + count_, parameters_.begin());
  arrange();
}

void Network::initialise(Compatibility compatibility, Mt19937& random) {
  parameters_.fill(0.F);
  for (const LayerShape& layer : layers_) {
    std::size_t drawn = static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs);
    double bound = 1 / std::sqrt(static_cast<double>(layer.inputs));
    if (compatibility == Compatibility::kPytorch) {
      drawn += static_cast<std::size_t>(layer.outputs);
    } else if (relu_family(layer.activation)) {
      bound = std::sqrt(6.0 / layer.inputs);
    } else {
      bound = std::sqrt(6.0 / (layer.inputs + layer.outputs));
    }
    const auto limit = static_cast<float>(bound);
    std::generate_n(parameters_.data() + layer.weights, drawn, [&] { return random.uniform(-limit, limit); });
  }
  arrange();
}

void Network::initialise_normal(Mt19937& random, double parts) {
  parameters_.fill(0.F);
  for (const LayerShape& layer : layers_) {
    const std::size_t drawn = static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs);
    const double deviation = 1 / std::sqrt(layer.weights == 0 ? parts : static_cast<double>(layer.inputs));
    std::generate_n(parameters_.data() + layer.weights, drawn,
                    [&] { return static_cast<float>(random.normal() * deviation); });
  }
  arrange();
}

void Network::forward(Workspace& workspace, int rows, std::size_t first, std::size_t last,
                      const Dropout* dropout) const {
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  for (std::size_t l = first; l < last; l++) {
    const LayerShape& layer = layers_[l];
    const bool relu = layer.activation == Activation::kRelu;
    float* y = workspace.values[l + 1].data();
    float* sum = layer.activation == Activation::kGelu ? workspace.sums[l + 1].data() : y;
    Active::forward({blocks, layer.inputs, layer.outputs}, arranged_.data() + layer.weights,
                    parameters_.data() + layer.bias, workspace.values[l].data(), sum, relu);
    const std::size_t count = floats(blocks, layer.outputs);
    if (layer.quick && layer.activation == Activation::kTanh) {
      Active::quick_tanh(sum, y, count);
    } else if (!relu && layer.activation != Activation::kLinear) {
      Active::activate(layer.activation, sum, y, count);
    }
    if (l + 1 == encoder_layers_ && top_k_ > 0) keep_largest(workspace, rows);
    if (dropout == nullptr || l + 1 == encoder_layers_ || l + 1 == layers_.size()) continue;
    Blocks& factors = workspace.dropped[l + 1];
    if (factors.size() != workspace.values[l + 1].size()) factors = workspace.values[l + 1];
    workspace.whole[l + 1] = workspace.values[l + 1];
    const auto scale = static_cast<float>(1 / (1 - dropout->rate));
    std::generate_n(factors.data(), count, [&] { return dropout->random.uniform() < dropout->rate ? 0.F : scale; });
    Active::multiply(y, factors.data(), count);
  }
}

// A selection: loops, and one row at a time.
void Network::keep_largest(Workspace& workspace, int rows) const {
  constexpr std::size_t kFew = 32;  // up to here a sorted list costs less than looking for the border
  Blocks& codes = workspace.values[encoder_layers_];
  if (workspace.kept.size() != codes.size()) workspace.kept = codes;
  const std::size_t latent = this->latent();
  const std::size_t keep = std::min(static_cast<std::size_t>(top_k_), latent);
  std::vector<float>& negated = workspace.negated;  // the smallest are the largest codes
  negated.resize(latent + kFew + 1);
  const std::span<float> all(negated.data(), latent);
  for (int row = 0; row < rows; row++) {
    const auto block = static_cast<std::size_t>(row / kLanes);
    const auto lane = static_cast<std::size_t>(row % kLanes);
    for (std::size_t j = 0; j < latent; j++) all[j] = -codes(block, j, lane);
    float border = 0;
    if (keep > kFew) {
      border = nth_smallest(all, keep - 1);
    } else {
      float* smallest = negated.data() + latent;  // ascending
      for (std::size_t j = 0; j < latent; j++) {
        std::size_t at = std::min(j, keep);
        for (; at > 0 && smallest[at - 1] > all[j]; at--) smallest[at] = smallest[at - 1];
        smallest[at] = all[j];
      }
      border = smallest[keep - 1];
    }
    // Of equal codes the first ones stay.
    std::size_t room =
        keep - static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](float x) { return x < border; }));
    for (std::size_t j = 0; j < latent; j++) {
      const bool stays = all[j] < border || (all[j] == border && room > 0);
      if (all[j] == border && room > 0) room--;
      workspace.kept(block, j, lane) = stays ? 1.F : 0.F;
      if (!stays) codes(block, j, lane) = 0.F;
    }
  }
}

void Network::residual(Workspace& workspace, int rows, float scale) const {
  const std::size_t last = layers_.size();
  float* output = workspace.values[last].data();
  Active::residual(output, workspace.values[0].data(), output, rows, layers_.back().outputs, scale);
}

/// From the derivative by the output of layer `l` to that by its weighted sums, in place.
void Network::layer_backward(Workspace& workspace, int blocks, std::size_t l, bool gated) const {
  const LayerShape& layer = layers_[l];
  const std::size_t count = floats(blocks, layer.outputs);
  float* delta = workspace.deltas[l + 1].data();
  const bool dropped = workspace.dropped[l + 1].size() != 0;
  if (dropped) Active::multiply(delta, workspace.dropped[l + 1].data(), count);
  if (gated || layer.activation == Activation::kLinear) return;
  const float* y = dropped ? workspace.whole[l + 1].data() : workspace.values[l + 1].data();
  const float* x = layer.activation == Activation::kGelu ? workspace.sums[l + 1].data() : nullptr;
  Active::activation_gradient(layer.activation, x, y, delta, count);
}

void Network::backward(Workspace& workspace, int rows, const Sparsity& sparsity,
                       xt::xtensor<float, 1>& gradient) const {
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const LayerShape& layer = layers_[l];
    const Dense size{blocks, layer.inputs, layer.outputs};
    const float* delta = (l + 1 == layers_.size() ? workspace.values : workspace.deltas)[l + 1].data();
    if (l > 0) {
      const bool code = l == encoder_layers_;  // the output of layer l - 1 is the code
      const bool gated = layers_[l - 1].activation == Activation::kRelu && !code;
      Active::input_gradient(size, parameters_.data() + layer.weights, delta,
                             gated ? workspace.values[l].data() : nullptr, workspace.deltas[l].data());
      if (code && top_k_ > 0) {
        Active::multiply(workspace.deltas[l].data(), workspace.kept.data(), floats(blocks, layer.inputs));
      }
      if (code) add_code_penalty(sparsity, workspace.values[l], rows, workspace.deltas[l]);
      layer_backward(workspace, blocks, l - 1, gated);
    }
    Active::weight_gradient(size, delta, workspace.values[l].data(), gradient.data() + layer.weights,
                            gradient.data() + layer.bias, workspace.scratch.data());
  }
}

}  // namespace anomalens
