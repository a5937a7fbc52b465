// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

// Small arrays of vectors must end up in registers; without full unrolling they can stay in memory.
#ifdef __clang__
#define ANOMALENS_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ANOMALENS_UNROLL _Pragma("GCC unroll 16")
#endif

/// Matrix products of a dense layer: forward and input gradient side by side, then the weight gradient.
namespace anomalens::kernels {

// Eight accumulators (4 outputs x 2 blocks): with twelve, V8 keeps one of them in memory on some processors.
constexpr int kTileOutputs = 4;
constexpr int kTileBlocks = 2;

/// y[o + i] for i < Outputs and q < Blocks blocks; y and x are blocks of `outputs` and `inputs` features.
template <class V, int Outputs, int Blocks>
ANOMALENS_INLINE void forward_tile(Dense size, const float* weights, const float* bias, const float* x, float* y,
                                   bool relu) {
  V sum[Outputs][Blocks];
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) sum[i][q] = V(bias[i]);
  }
  const float* row[Outputs];
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) row[i] = weights + static_cast<std::ptrdiff_t>(i) * size.inputs;
  const std::ptrdiff_t block = static_cast<std::ptrdiff_t>(size.inputs) * kLanes;
  for (int k = 0; k < size.inputs; k++, x += kLanes) {
    V input[Blocks];
    ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) input[q] = V::load(x + q * block);
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      const V w(*row[i]++);
      ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) sum[i][q] = sum[i][q] + w * input[q];
    }
  }
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(size.outputs) * kLanes;
  ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) {
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      const V v = relu ? positive_part(sum[i][q], sum[i][q]) : sum[i][q];
      v.store(y + q * stride + static_cast<std::ptrdiff_t>(i) * kLanes);
    }
  }
}

/// dx[i + j] for j < Inputs and q < Blocks blocks.
template <class V, int Inputs, int Blocks>
ANOMALENS_INLINE void input_gradient_tile(Dense size, const float* weights, const float* dy, const float* gate,
                                          float* dx) {
  V sum[Inputs][Blocks];
  ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
    ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) sum[j][q] = V(0.F);
  }
  const std::ptrdiff_t block = static_cast<std::ptrdiff_t>(size.outputs) * kLanes;
  for (int o = 0; o < size.outputs; o++, dy += kLanes, weights += size.inputs) {
    V delta[Blocks];
    ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) delta[q] = V::load(dy + q * block);
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const V w(weights[j]);
      ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) sum[j][q] = sum[j][q] + w * delta[q];
    }
  }
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(size.inputs) * kLanes;
  ANOMALENS_UNROLL for (int q = 0; q < Blocks; q++) {
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const std::ptrdiff_t at = q * stride + static_cast<std::ptrdiff_t>(j) * kLanes;
      const V v = gate != nullptr ? positive_part(V::load(gate + at), sum[j][q]) : sum[j][q];
      v.store(dx + at);
    }
  }
}

template <class V, int Blocks>
ANOMALENS_INLINE void forward_blocks(Dense size, const float* weights, const float* bias, const float* x, float* y,
                                     bool relu) {
  int o = 0;
  const auto tile = [&]<int Outputs>() {
    forward_tile<V, Outputs, Blocks>(size, weights + static_cast<std::ptrdiff_t>(o) * size.inputs, bias + o, x,
                                     y + static_cast<std::ptrdiff_t>(o) * kLanes, relu);
    o += Outputs;
  };
  while (o + kTileOutputs <= size.outputs) tile.template operator()<kTileOutputs>();
  if (o + 2 <= size.outputs) tile.template operator()<2>();
  if (o < size.outputs) tile.template operator()<1>();
}

template <class V, int Blocks>
ANOMALENS_INLINE void input_gradient_blocks(Dense size, const float* weights, const float* dy, const float* gate,
                                            float* dx) {
  int i = 0;
  const auto tile = [&]<int Inputs>() {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) * kLanes;
    input_gradient_tile<V, Inputs, Blocks>(size, weights + i, dy, gate != nullptr ? gate + at : nullptr, dx + at);
    i += Inputs;
  };
  while (i + kTileOutputs <= size.inputs) tile.template operator()<kTileOutputs>();
  if (i + 2 <= size.inputs) tile.template operator()<2>();
  if (i < size.inputs) tile.template operator()<1>();
}

/// Panels of dy or x: how far one block is from the next.
struct Panel {
  const float* data;
  std::ptrdiff_t stride;
};

/// dw[i][j] for i < Outputs and j < Inputs, summed over all blocks in order; rows of dw are `inputs` apart.
template <class V, int Outputs, int Inputs>
ANOMALENS_INLINE void weight_gradient_tile(int blocks, Panel dy, Panel x, float* dw, int inputs) {
  V sum[Outputs][4];
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    ANOMALENS_UNROLL for (int j = 0; j < 4; j++) sum[i][j] = V(0.F);
  }
  for (int p = 0; p < blocks; p++) {
    V delta[Outputs];
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      delta[i] = V::load(dy.data + static_cast<std::ptrdiff_t>(i) * kLanes);
    }
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const V input = V::load(x.data + static_cast<std::ptrdiff_t>(j) * kLanes);
      ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) sum[i][j] = sum[i][j] + delta[i] * input;
    }
    dy.data += dy.stride;
    x.data += x.stride;
  }
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    const V sums = lane_sums(sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
    float* out = dw + static_cast<std::ptrdiff_t>(i) * inputs;
    if constexpr (Inputs == 4) {
      sums.store(out);
    } else {
      float lanes[4];
      sums.store(lanes);
      for (int j = 0; j < Inputs; j++) out[j] = lanes[j];
    }
  }
}

template <class V, int Outputs>
ANOMALENS_INLINE void weight_gradient_row(int blocks, Panel dy, Panel x, float* dw, int inputs, int count) {
  int j = 0;
  const auto tile = [&]<int Inputs>() {
    const Panel part{x.data + static_cast<std::ptrdiff_t>(j) * kLanes, x.stride};
    weight_gradient_tile<V, Outputs, Inputs>(blocks, dy, part, dw + j, inputs);
    j += Inputs;
  };
  while (j + 4 <= count) tile.template operator()<4>();
  if (j + 2 <= count) tile.template operator()<2>();
  if (j < count) tile.template operator()<1>();
}

/// Copies `count` of the features of every block, so that they lie one block after another without gaps.
template <class V>
ANOMALENS_INLINE void pack(int blocks, Panel from, int count, float* to) {
  for (int p = 0; p < blocks; p++, from.data += from.stride) {
    for (int i = 0; i < count; i++, to += kLanes)
      V::load(from.data + static_cast<std::ptrdiff_t>(i) * kLanes).store(to);
  }
}

template <class V>
ANOMALENS_INLINE void bias_gradient(Dense size, const float* dy, float* db) {
  for (int o = 0; o < size.outputs; o += kLanes) {
    const int count = size.outputs - o < kLanes ? size.outputs - o : kLanes;
    V sum[kLanes] = {V(0.F), V(0.F), V(0.F), V(0.F)};
    const float* delta = dy + static_cast<std::ptrdiff_t>(o) * kLanes;
    for (int p = 0; p < size.blocks; p++, delta += static_cast<std::ptrdiff_t>(size.outputs) * kLanes) {
      for (int i = 0; i < count; i++) sum[i] = sum[i] + V::load(delta + static_cast<std::ptrdiff_t>(i) * kLanes);
    }
    float lanes[kLanes];
    lane_sums(sum[0], sum[1], sum[2], sum[3]).store(lanes);
    for (int i = 0; i < count; i++) db[o + i] = lanes[i];
  }
}

template <class V>
void Kernels<V>::forward(Dense size, const float* weights, const float* bias, const float* x, float* y, bool relu) {
  int p = 0;
  for (; p + kTileBlocks <= size.blocks; p += kTileBlocks) {
    forward_blocks<V, kTileBlocks>(size, weights, bias, x, y, relu);
    x += static_cast<std::ptrdiff_t>(kTileBlocks) * size.inputs * kLanes;
    y += static_cast<std::ptrdiff_t>(kTileBlocks) * size.outputs * kLanes;
  }
  if (p < size.blocks) forward_blocks<V, 1>(size, weights, bias, x, y, relu);
}

template <class V>
void Kernels<V>::input_gradient(Dense size, const float* weights, const float* dy, const float* gate, float* dx) {
  const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(kTileBlocks) * size.inputs * kLanes;
  int p = 0;
  for (; p + kTileBlocks <= size.blocks; p += kTileBlocks) {
    input_gradient_blocks<V, kTileBlocks>(size, weights, dy, gate, dx);
    dy += static_cast<std::ptrdiff_t>(kTileBlocks) * size.outputs * kLanes;
    dx += step;
    if (gate != nullptr) gate += step;
  }
  if (p < size.blocks) input_gradient_blocks<V, 1>(size, weights, dy, gate, dx);
}

template <class V>
void Kernels<V>::weight_gradient(Dense size, const float* dy, const float* x, float* dw, float* db, float* scratch) {
  // Blocks lie a row of features apart. Where that row is wide, a pass over the blocks touches one line in every page and
  // the lines push each other out of the cache, so the panels are packed first; narrow layers are faster without.
  const bool packed = size.outputs > kPackFrom || size.inputs > kPackFrom;
  const std::ptrdiff_t dy_stride = static_cast<std::ptrdiff_t>(size.outputs) * kLanes;
  const std::ptrdiff_t x_stride = static_cast<std::ptrdiff_t>(size.inputs) * kLanes;
  float* x_panel = scratch;
  float* dy_panels = scratch + static_cast<std::ptrdiff_t>(size.blocks) * kPackedInputs * kLanes;
  if (packed) {
    float* to = dy_panels;
    for (int o = 0; o < size.outputs; o += 2) {
      const int width = size.outputs - o < 2 ? 1 : 2;
      pack<V>(size.blocks, {dy + static_cast<std::ptrdiff_t>(o) * kLanes, dy_stride}, width, to);
      to += static_cast<std::ptrdiff_t>(size.blocks) * width * kLanes;
    }
  }
  for (int first = 0; first < size.inputs; first += kPackedInputs) {
    const int count = size.inputs - first < kPackedInputs ? size.inputs - first : kPackedInputs;
    Panel from{x + static_cast<std::ptrdiff_t>(first) * kLanes, x_stride};
    if (packed) {
      pack<V>(size.blocks, from, count, x_panel);
      from = {x_panel, static_cast<std::ptrdiff_t>(count) * kLanes};
    }
    int o = 0;
    const auto row = [&]<int Outputs>() {
      Panel delta{dy + static_cast<std::ptrdiff_t>(o) * kLanes, dy_stride};
      if (packed) {
        delta = {dy_panels + static_cast<std::ptrdiff_t>(size.blocks) * o * kLanes,
                 static_cast<std::ptrdiff_t>(Outputs) * kLanes};
      }
      weight_gradient_row<V, Outputs>(size.blocks, delta, from,
                                      dw + static_cast<std::ptrdiff_t>(o) * size.inputs + first, size.inputs, count);
      o += Outputs;
    };
    while (o + 2 <= size.outputs) row.template operator()<2>();
    if (o < size.outputs) row.template operator()<1>();
  }
  bias_gradient<V>(size, dy, db);
}

}  // namespace anomalens::kernels
