// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Matrix products of a dense layer: forward and input gradient side by side, then the weight gradient.
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

/// So many floats in bytes, as a number that is ready before the loop: left to itself, the compiler multiplies in every turn.
ANOMALENS_INLINE std::ptrdiff_t bytes_of(std::ptrdiff_t floats) {
  auto bytes = floats * static_cast<std::ptrdiff_t>(sizeof(float));
  asm("" : "+r"(bytes));
  return bytes;
}

ANOMALENS_INLINE const float* bytes_on(const float* p, std::ptrdiff_t bytes) {
  return reinterpret_cast<const float*>(reinterpret_cast<const char*>(p) + bytes);
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
  for (const float* end = x + static_cast<std::ptrdiff_t>(size.inputs) * kLanes; x != end; x += kLanes) {
    V input[kTileBlocks];
    ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) input[q] = V::load(bytes_on(x, q * next));
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      const V w(weights[i]);
      ANOMALENS_UNROLL for (int q = 0; q < kTileBlocks; q++) sum[i][q] = sum[i][q] + w * input[q];
    }
    weights += Outputs;
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

/// Panels of dy or x: how far one block is from the next.
struct Panel {
  const float* data;
  std::ptrdiff_t stride;
};

/// dw[i][j] for two outputs and j < Inputs, summed over all blocks in order; the outputs are `apart` features of dy apart, 0
/// where there is but one.
template <class V, int Inputs>
ANOMALENS_INLINE void weight_gradient_tile(int blocks, Panel dy, Panel x, float* dw, int inputs, int apart) {
  V sum[2][4];
  ANOMALENS_UNROLL for (int i = 0; i < 2; i++) { ANOMALENS_UNROLL for (int j = 0; j < 4; j++) sum[i][j] = V(0.F); }
  const std::ptrdiff_t second = bytes_of(static_cast<std::ptrdiff_t>(apart) * kLanes);
  const std::ptrdiff_t next_dy = bytes_of(dy.stride);
  const std::ptrdiff_t next_x = bytes_of(x.stride);
  for (const float* end = x.data + blocks * x.stride; x.data != end;) {
    const V delta[2] = {V::load(dy.data), V::load(bytes_on(dy.data, second))};
    ANOMALENS_UNROLL for (int j = 0; j < Inputs; j++) {
      const V input = V::load(x.data + static_cast<std::ptrdiff_t>(j) * kLanes);
      ANOMALENS_UNROLL for (int i = 0; i < 2; i++) sum[i][j] = sum[i][j] + delta[i] * input;
    }
    dy.data = bytes_on(dy.data, next_dy);
    x.data = bytes_on(x.data, next_x);
  }
  ANOMALENS_UNROLL for (int i = 0; i < 2; i++) {
    const V sums = lane_sums(sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
    float* out = dw + static_cast<std::ptrdiff_t>(i) * apart * inputs;
    if constexpr (Inputs == 4) {
      sums.store(out);
    } else {
      float lanes[4];
      sums.store(lanes);
      for (int j = 0; j < Inputs; j++) out[j] = lanes[j];
    }
  }
}

/// dw of two outputs, or of one, and `count` inputs.
template <class V>
ANOMALENS_INLINE void weight_gradient_pair(int blocks, Panel dy, Panel x, float* dw, int inputs, int count, int apart) {
  int j = 0;
  const auto tile = [&]<int Inputs>() {
    const Panel part{x.data + static_cast<std::ptrdiff_t>(j) * kLanes, x.stride};
    weight_gradient_tile<V, Inputs>(blocks, dy, part, dw + j, inputs, apart);
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

/// db of `Outputs` features, at most four.
template <class V, int Outputs>
ANOMALENS_INLINE void bias_gradient_tile(Dense size, const float* dy, float* db) {
  V sum[4] = {V(0.F), V(0.F), V(0.F), V(0.F)};
  for (int p = 0; p < size.blocks; p++, dy += static_cast<std::ptrdiff_t>(size.outputs) * kLanes) {
    ANOMALENS_UNROLL for (int i = 0; i < Outputs; i++) {
      sum[i] = sum[i] + V::load(dy + static_cast<std::ptrdiff_t>(i) * kLanes);
    }
  }
  float lanes[4];
  lane_sums(sum[0], sum[1], sum[2], sum[3]).store(lanes);
  std::copy_n(lanes, Outputs, db);
}

template <class V>
ANOMALENS_INLINE void bias_gradient(Dense size, const float* dy, float* db) {
  const auto tiles = [&]<int Outputs>() {
    for (int o = 0; o < size.outputs; o += Outputs) {
      // The last ones once more, as far as they are done already.
      const int first = std::min(o, size.outputs - Outputs);
      bias_gradient_tile<V, Outputs>(size, dy + static_cast<std::ptrdiff_t>(first) * kLanes, db + first);
    }
  };
  if (size.outputs >= 4) {
    tiles.template operator()<4>();
  } else {
    tiles.template operator()<1>();
  }
}

template <class V>
void Kernels<V>::forward(Dense size, const float* weights, const float* bias, const float* x, float* y,
                         bool relu) noexcept {
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
  for (int left = outputs; left > 0;) {
    const int group = left >= kTileOutputs ? kTileOutputs : left >= 2 ? 2 : 1;
    if (group == 4 && inputs >= 4) {
      arrange_four<V>(inputs, weights, out);
    } else {
      for (int k = 0; k < inputs; k++) {
        for (int i = 0; i < group; i++) out[k * group + i] = weights[static_cast<std::ptrdiff_t>(i) * inputs + k];
      }
    }
    const std::ptrdiff_t done = static_cast<std::ptrdiff_t>(group) * inputs;
    weights += done;
    out += done;
    left -= group;
  }
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
  for (int p = 0; p < size.blocks; p += kTileBlocks) {
    const Strides block = strides_of(size.outputs, size.inputs, p + 1 == size.blocks);
    input_gradient_pair<V>(size, block, weights, dy, gate, dx);
    dy += kTileBlocks * block.in;
    dx += kTileBlocks * block.out;
    if (gate != nullptr) gate += kTileBlocks * block.out;
  }
}

template <class V>
void Kernels<V>::weight_gradient(Dense size, const float* dy, const float* x, float* dw, float* db,
                                 float* scratch) noexcept {
  // Blocks lie a row of features apart. Where that row is wide, a pass over the blocks touches one line in every page and
  // the lines push each other out of the cache, so the panels are packed first; narrow layers are faster without.
  const bool dy_packed = size.outputs > kPackFrom && size.inputs > kReadOften;
  const bool x_packed = size.inputs > kPackFrom && size.outputs > kReadOften;
  const std::ptrdiff_t dy_stride = static_cast<std::ptrdiff_t>(size.outputs) * kLanes;
  const std::ptrdiff_t x_stride = static_cast<std::ptrdiff_t>(size.inputs) * kLanes;
  float* x_panel = scratch;
  float* dy_panels = scratch + static_cast<std::ptrdiff_t>(size.blocks) * kPackedInputs * kLanes;
  if (dy_packed) {
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
    if (x_packed) {
      pack<V>(size.blocks, from, count, x_panel);
      from = {x_panel, static_cast<std::ptrdiff_t>(count) * kLanes};
    }
    for (int o = 0; o < size.outputs; o += 2) {
      const int width = size.outputs - o < 2 ? 1 : 2;
      Panel delta{dy + static_cast<std::ptrdiff_t>(o) * kLanes, dy_stride};
      if (dy_packed) {
        delta = {dy_panels + static_cast<std::ptrdiff_t>(size.blocks) * o * kLanes,
                 static_cast<std::ptrdiff_t>(width) * kLanes};
      }
      weight_gradient_pair<V>(size.blocks, delta, from, dw + static_cast<std::ptrdiff_t>(o) * size.inputs + first,
                              size.inputs, count, width - 1);
    }
  }
  bias_gradient<V>(size, dy, db);
}

}  // namespace anomalens::kernels
