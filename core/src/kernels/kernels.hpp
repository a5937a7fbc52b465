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
/// Weights are [outputs][inputs] in one flat array of parameters, and are only ever broadcast; forward() reads a copy in which
/// those that it needs at once lie side by side.
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

/// Inputs whose part of x the weight gradient works on at once: it stays in the first-level cache meanwhile.
constexpr int kPackedInputs = 16;
/// The weight gradient packs an operand that is wider than this, where the other one is wide enough for the copy to be read
/// often.
constexpr int kPackFrom = 32;
constexpr int kReadOften = 16;

/// Floats of scratch that the weight gradient of a layer needs.
constexpr std::size_t packed_floats(Dense size) {
  return static_cast<std::size_t>(size.blocks) * kLanes * static_cast<std::size_t>(size.outputs + kPackedInputs);
}

/// How many of the `left` outputs of a layer are the next tile of forward_row(): 32, 8 or 4.
constexpr int row_tile(int left) { return left >= 8 * kLanes ? 8 * kLanes : left >= 2 * kLanes ? 2 * kLanes : kLanes; }

/// What the loss of a residual r is: r^2, |r|, or r^2/2 up to 1 and |r| - 1/2 beyond (Huber 1964, delta 1).
enum class Residual : int { kSquare, kAbsolute, kHuber };

/// What one step of Adam multiplies with. What is the same in every step is here too: V8 makes a constant of sixteen bytes
/// anew, in five instructions, in every turn of a loop; what it reads before the loop stays in a register.
struct AdamFactors {
  float rate;          ///< learning rate / (1 - beta1^t)
  float inverse_root;  ///< 1 / sqrt(1 - beta2^t)
  float decay;         ///< L2 penalty added to the gradient
  float keep;          ///< what the parameters are multiplied with first: 1, or 1 - learning rate * decay (AdamW)
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float rest1 = 0.1F;  ///< 1 - beta1 and 1 - beta2, rounded once as PyTorch does
  float rest2 = 0.001F;
  float epsilon = 1e-8F;
};

/// What one step of stochastic gradient descent or of RMSprop multiplies with.
struct DescentFactors {
  float rate;
  float decay;
  float momentum;
  float smoothing;  ///< of the squared gradients (RMSprop)
  float rest;       ///< 1 - smoothing, rounded once
  float epsilon = 1e-8F;
};

/// Every kernel, for one kind of vector. All pointers are to blocks unless they say otherwise.
template <class V>
struct Kernels {
  /// The weights of a layer as forward() wants them: the outputs in groups of four, each group [inputs][4]. The last outputs
  /// that are no four, and all of a layer with at most four inputs, stay as they are.
  static void arrange(int inputs, int outputs, const float* weights, float* out) noexcept;
  /// y[o] = bias[o] + sum_i weights[o][i] x[i], in order of i; with `relu`, max(y, 0). `weights` are arranged.
  static void forward(Dense size, const float* weights, const float* bias, const float* x, float* y,
                      bool relu) noexcept;
  /// The same for one row, not in blocks, with the bits of forward(). `outputs` is a multiple of 4 (pad with zeros); the
  /// weights lie in tiles of row_tile() outputs, each [inputs][its outputs], so that they are read in one go.
  static void forward_row(int inputs, int outputs, const float* weights, const float* bias, const float* x,
                          float* y) noexcept;
  /// dx[i] = sum_o weights[o][i] dy[o], in order of o; 0 where `gate` (blocks like dx) is given and not above 0.
  static void input_gradient(Dense size, const float* weights, const float* dy, const float* gate, float* dx) noexcept;
  /// dw[o][i] = sum over rows of dy[o] x[i], db[o] = sum over rows of dy[o]; lanes first, then the four lanes.
  /// `scratch` has packed_floats(size) floats.
  static void weight_gradient(Dense size, const float* dy, const float* x, float* dw, float* db,
                              float* scratch) noexcept;

  /// y = f(x) for `count` floats, a multiple of 4.
  static void activate(Activation activation, const float* x, float* y, std::size_t count) noexcept;
  /// The hyperbolic tangent to 4e-7, in a third of the time.
  static void quick_tanh(const float* x, float* y, std::size_t count) noexcept;
  /// dy *= f'(x), taken from y = f(x); from x itself for kGelu, which alone needs it.
  static void activation_gradient(Activation activation, const float* x, const float* y, float* dy,
                                  std::size_t count) noexcept;

  /// delta = (y - target) * scale for the first `rows` rows, 0 for the missing ones; it may take the place of y. Returns the
  /// sum of the squares of delta.
  static double residual(const float* y, const float* target, float* delta, int rows, int features,
                         float scale) noexcept;
  /// delta = derivative of the loss of y - target, and per row the sum of the losses; cells with mask 0 (mask may be null)
  /// and missing rows give 0. delta may take the place of y.
  static void loss(Residual kind, const float* y, const float* target, const float* mask, float* delta, int rows,
                   int features, float* sums) noexcept;
  /// delta[row] *= factors[row]; `factors` has room for whole blocks.
  static void scale_rows(float* delta, const float* factors, int blocks, int features) noexcept;
  /// Per row the sum over features, into whole blocks of `sums`.
  static void row_sums(const float* x, int blocks, int features, float* sums) noexcept;
  /// mask = 1 where x is a number, else 0 and x = 0.
  static void split_missing(float* x, float* mask, std::size_t count) noexcept;
  /// Sum of squares of `count` floats, a multiple of 4.
  static double sum_of_squares(const float* x, std::size_t count) noexcept;
  /// Which feature is largest in each of the four rows of a block, of equal ones the first; at most 2^24 features.
  static void largest(const float* x, int features, std::uint32_t* at) noexcept;
  /// out[row] = sum over features of (x - y[feature])^2, for all rows of whole blocks of x.
  static void squared_distances(const float* x, const float* y, int blocks, int features, float* out) noexcept;
  /// sums += ((y - target) * factors[row])^2, element by element; `factors` may be null, for 1.
  static void add_squares(const float* y, const float* target, const float* factors, float* sums, int blocks,
                          int features) noexcept;
  /// out[row] = sum over features of (y - x)^2 / features, for `rows` rows.
  static void row_errors(const float* y, const float* x, int rows, int features, float* out) noexcept;

  /// One step of Adam over `count` parameters, a multiple of 4.
  static void adam(float* parameters, const float* gradient, float* first, float* second, std::size_t count,
                   AdamFactors factors) noexcept;

  /// buffer = momentum * buffer + g, parameters -= rate * buffer, g = gradient + decay * parameters. The first step is the
  /// same with a buffer of zeros.
  static void sgd(float* parameters, const float* gradient, float* buffer, std::size_t count,
                  DescentFactors factors) noexcept;
  /// square = smoothing * square + (1 - smoothing) g^2; the quotient g / (sqrt(square) + 1e-8) goes the way of g in sgd().
  static void rmsprop(float* parameters, const float* gradient, float* buffer, float* square, std::size_t count,
                      DescentFactors factors) noexcept;
  /// x += weight * sign(y).
  static void add_sign(float* x, const float* y, float weight, std::size_t count) noexcept;
  /// x *= y, element by element.
  static void multiply(float* x, const float* y, std::size_t count) noexcept;
  static void multiply(float* x, float factor, std::size_t count) noexcept;

  /// out[j] = (cells[j] - center[j]) * rate[j] for each row, in double precision, rounded once; neither cells nor results
  /// are in blocks. True only if all results lie within +-`most`, which NaN and infinities do not; it may be false for very
  /// large ones that do.
  static bool standardise(const float* cells, const double* center, const double* rate, std::size_t rows,
                          std::size_t columns, float most, float* out) noexcept;
  static bool standardise(const double* cells, const double* center, const double* rate, std::size_t rows,
                          std::size_t columns, float most, float* out) noexcept;

  /// low[j] = min(low[j], cell), high[j] = max(high[j], cell) for all cells of rows order[0..rows) of a row-major table; NaN is
  /// neither. Nothing here is in blocks.
  static void widen(const float* table, const std::uint32_t* order, std::size_t rows, std::size_t columns, float* low,
                    float* high) noexcept;

  /// Rows order[0..rows) of a row-major table (order null: the first rows) into blocks.
  static void gather(const float* table, const std::uint32_t* order, int rows, int features, float* x) noexcept;
  /// Blocks into `rows` row-major rows.
  static void scatter(const float* x, int rows, int features, float* table) noexcept;
};

extern template struct Kernels<Simd4>;
extern template struct Kernels<Scalar4>;

#if defined(ANOMALENS_SCALAR) && ANOMALENS_SCALAR
using Active = Kernels<Scalar4>;
#else
using Active = Kernels<Simd4>;
#endif

}  // namespace anomalens::kernels
