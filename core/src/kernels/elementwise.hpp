// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/elementary.hpp"
#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Everything of a step that is not a matrix product.
namespace anomalens::kernels {

template <class V, class F>
ANOMALENS_INLINE void map(const float* x, float* y, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; i += kLanes) f(V::load(x + i)).store(y + i);
}

template <class V>
void Kernels<V>::activate(Activation activation, const float* x, float* y, std::size_t count) {
  switch (activation) {
    case Activation::kLinear:
      return map<V>(x, y, count, [](V v) { return v; });
    case Activation::kRelu:
      return map<V>(x, y, count, [](V v) { return positive_part(v, v); });
    case Activation::kTanh:
      return map<V>(x, y, count, [](V v) { return tanh(v); });
    case Activation::kSigmoid:
      return map<V>(x, y, count, [](V v) { return sigmoid(v); });
  }
}

template <class V, class F>
ANOMALENS_INLINE void scale_by_slope(const float* y, float* dy, std::size_t count, F slope) {
  for (std::size_t i = 0; i < count; i += kLanes) (V::load(dy + i) * slope(V::load(y + i))).store(dy + i);
}

template <class V>
void Kernels<V>::activation_gradient(Activation activation, const float* y, float* dy, std::size_t count) {
  switch (activation) {
    case Activation::kLinear:
      return;
    case Activation::kRelu:
      return scale_by_slope<V>(y, dy, count, [](V v) { return positive_part(v, V(1.F)); });
    case Activation::kTanh:
      return scale_by_slope<V>(y, dy, count, [](V v) { return V(1.F) - v * v; });
    case Activation::kSigmoid:
      return scale_by_slope<V>(y, dy, count, [](V v) { return v * (V(1.F) - v); });
  }
}

template <class V>
void Kernels<V>::residual(const float* y, const float* target, float* delta, int rows, int features, float scale) {
  const auto whole = static_cast<std::size_t>(rows / kLanes) * static_cast<std::size_t>(features) * kLanes;
  const V factor(scale);
  for (std::size_t i = 0; i < whole; i += kLanes) ((V::load(y + i) - V::load(target + i)) * factor).store(delta + i);
  if (rows % kLanes == 0) return;
  float valid[kLanes];
  for (int lane = 0; lane < kLanes; lane++) valid[lane] = lane < rows % kLanes ? 1.F : 0.F;
  const V mask = V::load(valid);
  const std::size_t end = whole + static_cast<std::size_t>(features) * kLanes;
  for (std::size_t i = whole; i < end; i += kLanes) {
    ((V::load(y + i) - V::load(target + i)) * factor * mask).store(delta + i);
  }
}

template <class V>
double Kernels<V>::sum_of_squares(const float* x, std::size_t count) {
  // Four chains, so that the additions do not wait for one another.
  V sum[4] = {V(0.F), V(0.F), V(0.F), V(0.F)};
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (std::size_t j = 0; j < 4; j++) {
      const V v = V::load(x + i + kLanes * j);
      sum[j] = sum[j] + v * v;
    }
  }
  for (; i < count; i += kLanes) {
    const V v = V::load(x + i);
    sum[0] = sum[0] + v * v;
  }
  float lanes[4];
  lane_sums(sum[0], sum[1], sum[2], sum[3]).store(lanes);
  return (static_cast<double>(lanes[0]) + static_cast<double>(lanes[1])) +
         (static_cast<double>(lanes[2]) + static_cast<double>(lanes[3]));
}

template <class V>
void Kernels<V>::row_means_of_squares(const float* x, int rows, int features, float* out) {
  for (int first = 0; first < rows; first += kLanes, out += kLanes) {
    V sum(0.F);
    for (int f = 0; f < features; f++, x += kLanes) {
      const V v = V::load(x);
      sum = sum + v * v;
    }
    const V mean = sum / V(static_cast<float>(features));
    if (first + kLanes <= rows) {
      mean.store(out);
    } else {
      float lanes[kLanes];
      mean.store(lanes);
      for (int lane = 0; lane < rows - first; lane++) out[lane] = lanes[lane];
    }
  }
}

template <class V>
void Kernels<V>::adam(float* parameters, const float* gradient, float* first, float* second, std::size_t count,
                      AdamFactors factors) {
  constexpr float kBeta1 = 0.9F;
  constexpr float kBeta2 = 0.999F;
  constexpr float kRest1 = 0.1F;    // 1 - beta1 and 1 - beta2, rounded once as PyTorch does
  constexpr float kRest2 = 0.001F;
  constexpr float kEpsilon = 1e-8F;
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V w = V::load(parameters + i);
    const V g = V::load(gradient + i) + w * V(factors.decay);
    const V m = V::load(first + i) * V(kBeta1) + g * V(kRest1);
    const V v = V::load(second + i) * V(kBeta2) + g * g * V(kRest2);
    m.store(first + i);
    v.store(second + i);
    (w - V(factors.rate) * m / (sqrt(v) * V(factors.inverse_root) + V(kEpsilon))).store(parameters + i);
  }
}

template <class V>
void Kernels<V>::gather(const float* table, const std::uint32_t* order, int rows, int features, float* x) {
  for (int first = 0; first < rows; first += kLanes, x += static_cast<std::ptrdiff_t>(features) * kLanes) {
    const int present = rows - first < kLanes ? rows - first : kLanes;
    const float* row[kLanes];
    for (int lane = 0; lane < kLanes; lane++) {
      const auto at = static_cast<std::size_t>(first + (lane < present ? lane : 0));
      row[lane] = table + static_cast<std::size_t>(order != nullptr ? order[at] : at) * static_cast<std::size_t>(features);
    }
    int f = 0;
    for (; f + kLanes <= features; f += kLanes) {
      V a = V::load(row[0] + f);
      V b = V::load(row[1] + f);
      V c = V::load(row[2] + f);
      V d = V::load(row[3] + f);
      V::transpose(a, b, c, d);
      float* out = x + static_cast<std::ptrdiff_t>(f) * kLanes;
      a.store(out);
      b.store(out + kLanes);
      c.store(out + 2 * kLanes);
      d.store(out + 3 * kLanes);
    }
    for (; f < features; f++) {
      for (int lane = 0; lane < kLanes; lane++) x[static_cast<std::ptrdiff_t>(f) * kLanes + lane] = row[lane][f];
    }
    for (int lane = present; lane < kLanes; lane++) {
      for (f = 0; f < features; f++) x[static_cast<std::ptrdiff_t>(f) * kLanes + lane] = 0;
    }
  }
}

template <class V>
void Kernels<V>::scatter(const float* x, int rows, int features, float* table) {
  for (int row = 0; row < rows; row++) {
    const float* block = x + static_cast<std::ptrdiff_t>(row / kLanes) * features * kLanes + row % kLanes;
    for (int f = 0; f < features; f++) *table++ = block[static_cast<std::ptrdiff_t>(f) * kLanes];
  }
}

}  // namespace anomalens::kernels
