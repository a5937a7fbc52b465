// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// The gradient of a dense layer's weights and biases.
namespace anomalens::kernels {

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
