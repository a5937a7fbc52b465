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

/// dw[o + i][j] for i < Outputs and j < Inputs, summed over all blocks in order.
template <class V, int Outputs, int Inputs>
ANOMALENS_INLINE void weight_gradient_tile(Dense size, const float* dy, const float* x, float* dw) {
  V sum[Outputs][4];
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    ANOMALENS_UNROLL for (int j = 0; j < 4; j++) sum[i][j] = V(0.F);
  }
  for (int p = 0; p < size.blocks; p++) {
    V delta[Outputs];
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) delta[i] = V::load(dy + static_cast<std::ptrdiff_t>(i) * kLanes);
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const V input = V::load(x + static_cast<std::ptrdiff_t>(j) * kLanes);
      ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) sum[i][j] = sum[i][j] + delta[i] * input;
    }
    dy += static_cast<std::ptrdiff_t>(size.outputs) * kLanes;
    x += static_cast<std::ptrdiff_t>(size.inputs) * kLanes;
  }
  ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
    const V sums = lane_sums(sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
    float* out = dw + static_cast<std::ptrdiff_t>(i) * size.inputs;
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
ANOMALENS_INLINE void weight_gradient_row(Dense size, const float* dy, const float* x, float* dw, int count) {
  int j = 0;
  const auto tile = [&]<int Inputs>() {
    weight_gradient_tile<V, Outputs, Inputs>(size, dy, x + static_cast<std::ptrdiff_t>(j) * kLanes, dw + j);
    j += Inputs;
  };
  while (j + 4 <= count) tile.template operator()<4>();
  if (j + 2 <= count) tile.template operator()<2>();
  if (j < count) tile.template operator()<1>();
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
void Kernels<V>::weight_gradient(Dense size, const float* dy, const float* x, float* dw, float* db) {
  // Inputs in groups whose part of x stays in the first-level cache while all outputs pass over it.
  constexpr int kGroup = 16;
  for (int first = 0; first < size.inputs; first += kGroup) {
    const int count = size.inputs - first < kGroup ? size.inputs - first : kGroup;
    const float* from = x + static_cast<std::ptrdiff_t>(first) * kLanes;
    int o = 0;
    const auto row = [&]<int Outputs>() {
      weight_gradient_row<V, Outputs>(size, dy + static_cast<std::ptrdiff_t>(o) * kLanes, from,
                                      dw + static_cast<std::ptrdiff_t>(o) * size.inputs + first, count);
      o += Outputs;
    };
    while (o + 2 <= size.outputs) row.template operator()<2>();
    if (o < size.outputs) row.template operator()<1>();
  }
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

}  // namespace anomalens::kernels
