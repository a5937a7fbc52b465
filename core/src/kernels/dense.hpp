// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "kernels/kernels.hpp"
#include "kernels/narrow.hpp"
#include "kernels/vector.hpp"

/// Matrix products of a dense layer: forward and input gradient side by side.
namespace anomalens::kernels {

// Eight accumulators (4 outputs x 2 blocks): with twelve, V8 keeps one of them in memory on some processors.
constexpr int kTileOutputs = 4;
constexpr int kTileBlocks = 2;

/// Floats of an operand that stay in the first-level cache (32 KB or more) beside a group's weights and results.
constexpr int kCachedFloats = 5120;

/// How far one block is from the next; 0 where a lone last block takes the part of both of a pair. It is then computed
/// twice, which costs less than a second copy of every loop.
struct Strides {
  std::ptrdiff_t in;
  std::ptrdiff_t out;
};

constexpr Strides strides_of(int in, int out, bool lone) {
  if (lone) return {0, 0};
  return {static_cast<std::ptrdiff_t>(in) * kLanes, static_cast<std::ptrdiff_t>(out) * kLanes};
}

/// y[o + i] for i < Outputs and a pair of blocks; y and x are blocks of `outputs` and `inputs` features. `weights` are those
/// of this group of outputs, arranged.
template <class V, int Outputs>
ANOMALENS_INLINE void forward_tile(Dense size, Strides block, const float* weights, const float* bias, const float* x,
                                   float* y, bool relu) {
  V sum[Outputs][kTileBlocks];
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) sum[i][q] = V(bias[i]);
  }
  const std::ptrdiff_t next = bytes_of(block.in);
  const std::ptrdiff_t next_weights = Outputs == kTileOutputs ? sizeof(float) : bytes_of(size.inputs);
  for (const float* end = x + static_cast<std::ptrdiff_t>(size.inputs) * kLanes; x != end; x += kLanes) {
    V input[kTileBlocks];
    ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) input[q] = V::load(bytes_on(x, q * next));
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      const V w(*bytes_on(weights, i * next_weights));
      ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) sum[i][q] = sum[i][q] + w * input[q];
    }
    weights += Outputs == kTileOutputs ? kTileOutputs : 1;
  }
  ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) {
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      const V v = relu ? positive_part(sum[i][q]) : sum[i][q];
      v.store(y + q * block.out + static_cast<std::ptrdiff_t>(i) * kLanes);
    }
  }
}

/// All blocks of one group of outputs: meanwhile the group's weights stay in the first-level cache.
template <class V, int Outputs>
ANOMALENS_INLINE void forward_outputs(Dense size, const float* weights, const float* bias, const float* x, float* y,
                                      bool relu) {
  for (int p = 0; p < size.blocks; p += kTileBlocks) {
    const Strides block = strides_of(size.inputs, size.outputs, p + 1 == size.blocks);
    forward_tile<V, Outputs>(size, block, weights, bias, x, y, relu);
    x += kTileBlocks * block.in;
    y += kTileBlocks * block.out;
  }
}

/// dx[i + j] for j < Inputs and a pair of blocks.
template <class V, int Inputs>
ANOMALENS_INLINE void input_gradient_tile(Dense size, Strides block, const float* weights, const float* dy,
                                          const float* gate, float* dx) {
  V sum[Inputs][kTileBlocks];
  ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
    ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) sum[j][q] = V(0.F);
  }
  const std::ptrdiff_t next = bytes_of(block.in);
  const std::ptrdiff_t next_weights = bytes_of(size.inputs);
  for (const float* end = dy + static_cast<std::ptrdiff_t>(size.outputs) * kLanes; dy != end; dy += kLanes) {
    V delta[kTileBlocks];
    ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) delta[q] = V::load(bytes_on(dy, q * next));
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const V w(weights[j]);
      ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) sum[j][q] = sum[j][q] + w * delta[q];
    }
    weights = bytes_on(weights, next_weights);
  }
  ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) {
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const std::ptrdiff_t at = q * block.out + static_cast<std::ptrdiff_t>(j) * kLanes;
      const V v = gate != nullptr ? where_positive(V::load(gate + at), sum[j][q]) : sum[j][q];
      v.store(dx + at);
    }
  }
}

/// All inputs of a pair of blocks.
template <class V>
ANOMALENS_INLINE void input_gradient_pair(Dense size, Strides block, const float* weights, const float* dy,
                                          const float* gate, float* dx) {
  int i = 0;
  const auto tile = [&]<int Inputs>() {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) * kLanes;
    input_gradient_tile<V, Inputs>(size, block, weights + i, dy, gate != nullptr ? gate + at : nullptr, dx + at);
    i += Inputs;
  };
  while (i + kTileOutputs <= size.inputs) tile.template operator()<kTileOutputs>();
  if (i + 2 <= size.inputs) tile.template operator()<2>();
  if (i < size.inputs) tile.template operator()<1>();
}

template <class V>
void Kernels<V>::forward(Dense size, const float* weights, const float* bias, const float* x, float* y,
                         bool relu) noexcept {
  if (is_narrow(size.inputs)) {
    return narrow<V>(size.inputs, {size.blocks, size.outputs, weights, 1, size.inputs, bias, x, y, nullptr, relu});
  }
  // As many blocks at a time as the first-level cache keeps while one group of outputs after another reads them.
  const int most = std::max(kTileBlocks, kCachedFloats / (size.inputs * kLanes) / kTileBlocks * kTileBlocks);
  for (int left = size.blocks; left > 0; left -= most) {
    const Dense part{std::min(left, most), size.inputs, size.outputs};
    int o = 0;
    const auto group = [&]<int Outputs>() {
      forward_outputs<V, Outputs>(part, weights + static_cast<std::ptrdiff_t>(o) * size.inputs, bias + o, x,
                                  y + static_cast<std::ptrdiff_t>(o) * kLanes, relu);
      o += Outputs;
    };
    while (o + kTileOutputs <= size.outputs) group.template operator()<kTileOutputs>();
    if (o + 2 <= size.outputs) group.template operator()<2>();
    if (o < size.outputs) group.template operator()<1>();
    x += static_cast<std::ptrdiff_t>(most) * size.inputs * kLanes;
    y += static_cast<std::ptrdiff_t>(most) * size.outputs * kLanes;
  }
}

/// Four outputs of `inputs` weights each become `inputs` fours.
template <class V>
ANOMALENS_INLINE void arrange_four(int inputs, const float* weights, float* out) {
  const auto four = [&](int k) {
    V a = V::load(weights + k);
    V b = V::load(weights + inputs + k);
    V c = V::load(weights + 2 * inputs + k);
    V d = V::load(weights + 3 * inputs + k);
    V::transpose(a, b, c, d);
    float* to = out + static_cast<std::ptrdiff_t>(k) * 4;
    a.store(to);
    b.store(to + 4);
    c.store(to + 8);
    d.store(to + 12);
  };
  int k = 0;
  for (; k + 4 <= inputs; k += 4) four(k);
  if (k < inputs) four(inputs - 4);  // the last four once more, as far as they are done already
}

template <class V>
void Kernels<V>::arrange(int inputs, int outputs, const float* weights, float* out) noexcept {
  static_assert(!is_narrow(kLanes + 1), "narrow() reads weights that are not arranged");
  if (inputs > kLanes) {
    const std::ptrdiff_t four = static_cast<std::ptrdiff_t>(kTileOutputs) * inputs;
    for (; outputs >= kTileOutputs; outputs -= kTileOutputs, weights += four, out += four) {
      arrange_four<V>(inputs, weights, out);
    }
  }
  std::copy_n(weights, static_cast<std::ptrdiff_t>(inputs) * outputs, out);
}

/// y[o..o + 4 Vectors): the lanes are outputs here, so that one row fills them.
template <class V, int Vectors>
ANOMALENS_INLINE void forward_row_tile(int inputs, const float* weights, const float* bias, const float* x, float* y) {
  V sum[Vectors];
  ANOMALENS_UNROLL for (int v = 0; v < Vectors; v++) sum[v] = V::load(bias + static_cast<std::ptrdiff_t>(v) * kLanes);
  for (int k = 0; k < inputs; k++, weights += Vectors * kLanes) {
    const V input(x[k]);
    ANOMALENS_UNROLL for (int v = 0; v < Vectors; v++) {
      sum[v] = sum[v] + V::load(weights + static_cast<std::ptrdiff_t>(v) * kLanes) * input;
    }
  }
  ANOMALENS_UNROLL for (int v = 0; v < Vectors; v++) sum[v].store(y + static_cast<std::ptrdiff_t>(v) * kLanes);
}

template <class V>
void Kernels<V>::forward_row(int inputs, int outputs, const float* weights, const float* bias, const float* x,
                             float* y) noexcept {
  int o = 0;
  const auto tile = [&]<int Vectors>() {
    forward_row_tile<V, Vectors>(inputs, weights + static_cast<std::ptrdiff_t>(o) * inputs, bias + o, x, y + o);
    o += Vectors * kLanes;
  };
  while (row_tile(outputs - o) == 8 * kLanes) tile.template operator()<8>();
  while (row_tile(outputs - o) == 2 * kLanes) tile.template operator()<2>();
  if (o < outputs) tile.template operator()<1>();
}

template <class V>
void Kernels<V>::input_gradient(Dense size, const float* weights, const float* dy, const float* gate,
                                float* dx) noexcept {
  if (is_narrow(size.outputs)) {
    return narrow<V>(size.outputs, {size.blocks, size.inputs, weights, size.inputs, 1, nullptr, dy, dx, gate, false});
  }
  for (int p = 0; p < size.blocks; p += kTileBlocks) {
    const Strides block = strides_of(size.outputs, size.inputs, p + 1 == size.blocks);
    input_gradient_pair<V>(size, block, weights, dy, gate, dx);
    dy += kTileBlocks * block.in;
    dx += kTileBlocks * block.out;
    if (gate != nullptr) gate += kTileBlocks * block.out;
  }
}

}  // namespace anomalens::kernels
