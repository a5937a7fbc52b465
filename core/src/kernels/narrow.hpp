// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Products with the weights of layers that are narrow at one end. There the loop of a tile has hardly begun when it ends, so
/// the narrow side is kept in registers and the loop goes over the wide one.
namespace anomalens::kernels {

/// Whether a side is narrow: twice as many registers hold it. One input alone is too rare to have a copy of the loop.
constexpr bool is_narrow(int width) { return width >= 2 && width <= 4; }

/// y[o] = start[o] + sum_k weights[o * along_y + k * along_x] x[k].
struct NarrowProduct {
  int blocks;
  int outputs;
  const float* weights;
  std::ptrdiff_t along_x;
  std::ptrdiff_t along_y;
  const float* start;  ///< null: zeros
  const float* x;
  float* y;
  const float* gate;  ///< blocks like y; where they are not above 0, neither is y. Null: none
  bool relu;
};

template <class V, int Inputs>
ANOMALENS_INLINE void narrow_pair(const NarrowProduct& product, const float* x, const float* other_x, float* y,
                                  float* other_y, const float* gate, std::ptrdiff_t apart) {
  V input[2][Inputs];
  ANOMALENS_UNROLL for (int k = 0; k < Inputs; k++) {
    input[0][k] = V::load(x + static_cast<std::ptrdiff_t>(k) * kLanes);
    input[1][k] = V::load(other_x + static_cast<std::ptrdiff_t>(k) * kLanes);
  }
  const float* weights = product.weights;
  const float* start = product.start;
  const std::ptrdiff_t along_x = product.along_x;
  const std::ptrdiff_t along_y = product.along_y;
  const bool relu = product.relu;
  for (const float* end = y + static_cast<std::ptrdiff_t>(product.outputs) * kLanes; y != end; y += kLanes) {
    V sum[2];
    sum[0] = start != nullptr ? V(*start++) : V(0.F);
    sum[1] = sum[0];
    ANOMALENS_UNROLL for (int k = 0; k < Inputs; k++) {
      const V w(weights[k * along_x]);
      sum[0] = sum[0] + w * input[0][k];
      sum[1] = sum[1] + w * input[1][k];
    }
    weights += along_y;
    if (relu) {
      sum[0] = positive_part(sum[0]);
      sum[1] = positive_part(sum[1]);
    } else if (gate != nullptr) {
      sum[0] = where_positive(V::load(gate), sum[0]);
      sum[1] = where_positive(V::load(gate + apart), sum[1]);
      gate += kLanes;
    }
    sum[0].store(y);
    sum[1].store(other_y);
    other_y += kLanes;
  }
}

template <class V, int Inputs>
ANOMALENS_INLINE void narrow_blocks(const NarrowProduct& product) {
  const std::ptrdiff_t wide = static_cast<std::ptrdiff_t>(product.outputs) * kLanes;
  const float* x = product.x;
  float* y = product.y;
  const float* gate = product.gate;
  for (int left = product.blocks; left > 0; left -= 2) {
    const bool lone = left == 1;  // a lone last block takes the part of both of a pair
    const std::ptrdiff_t apart = lone ? 0 : wide;
    narrow_pair<V, Inputs>(product, x, lone ? x : x + Inputs * kLanes, y, y + apart, gate, apart);
    x += 2 * Inputs * kLanes;
    y += 2 * wide;
    if (gate != nullptr) gate += 2 * wide;
  }
}

template <class V>
ANOMALENS_INLINE void narrow(int inputs, const NarrowProduct& product) {
  if (inputs == 2) {
    narrow_blocks<V, 2>(product);
  } else if (inputs == 3) {
    narrow_blocks<V, 3>(product);
  } else {
    narrow_blocks<V, 4>(product);
  }
}

}  // namespace anomalens::kernels
