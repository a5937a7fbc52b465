// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "anomalens/architecture.hpp"

/// The one seam between the engine and its vector code.
///
/// Layout "blocks of four rows": a matrix of n rows and F features is stored as [ceil(n/4)][F][4]. Four rows sit in the
/// four lanes of a register, the features of a block follow one another, missing rows of the last block are zero lanes.
/// Weights stay [outputs][inputs] in one flat array of parameters: they are only ever broadcast, never packed.
namespace anomalens::kernels {

struct Simd4;
struct Scalar4;

constexpr int kLanes = 4;
constexpr int blocks_for(std::size_t rows) { return static_cast<int>((rows + kLanes - 1) / kLanes); }

/// The sizes of one dense layer on a batch of `blocks` blocks.
struct Dense {
  int blocks;
  int inputs;
  int outputs;
};

/// What one step of Adam multiplies with.
struct AdamFactors {
  float rate;          ///< learning rate / (1 - beta1^t)
  float inverse_root;  ///< 1 / sqrt(1 - beta2^t)
  float decay;         ///< L2 penalty added to the gradient
};

/// Every kernel, for one kind of vector. All pointers are to blocks unless they say otherwise.
template <class V>
struct Kernels {
  /// y[o] = bias[o] + sum_i weights[o][i] x[i], in order of i; with `relu`, max(y, 0).
  static void forward(Dense size, const float* weights, const float* bias, const float* x, float* y, bool relu);
  /// dx[i] = sum_o weights[o][i] dy[o], in order of o; 0 where `gate` (blocks like dx) is given and not above 0.
  static void input_gradient(Dense size, const float* weights, const float* dy, const float* gate, float* dx);
  /// dw[o][i] = sum over rows of dy[o] x[i], db[o] = sum over rows of dy[o]; lanes first, then the four lanes.
  static void weight_gradient(Dense size, const float* dy, const float* x, float* dw, float* db);

  /// y = f(x) for `count` floats, a multiple of 4.
  static void activate(Activation activation, const float* x, float* y, std::size_t count);
  /// dy *= f'(x), taken from y = f(x).
  static void activation_gradient(Activation activation, const float* y, float* dy, std::size_t count);

  /// delta = (y - target) * scale for the first `rows` rows, 0 for the missing ones.
  static void residual(const float* y, const float* target, float* delta, int rows, int features, float scale);
  /// Sum of squares of `count` floats, a multiple of 4.
  static double sum_of_squares(const float* x, std::size_t count);
  /// out[row] = sum over features of x^2 / features, for `rows` rows.
  static void row_means_of_squares(const float* x, int rows, int features, float* out);

  /// One step of Adam over `count` parameters, a multiple of 4.
  static void adam(float* parameters, const float* gradient, float* first, float* second, std::size_t count,
                   AdamFactors factors);

  /// Rows order[0..rows) of a row-major table (order null: the first rows) into blocks.
  static void gather(const float* table, const std::uint32_t* order, int rows, int features, float* x);
  /// Blocks into `rows` row-major rows.
  static void scatter(const float* x, int rows, int features, float* table);
};

extern template struct Kernels<Simd4>;
extern template struct Kernels<Scalar4>;

#if defined(ANOMALENS_SCALAR) && ANOMALENS_SCALAR
using Active = Kernels<Scalar4>;
#else
using Active = Kernels<Simd4>;
#endif

}  // namespace anomalens::kernels
