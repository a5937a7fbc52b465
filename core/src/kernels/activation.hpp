// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/elementary.hpp"
#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Activations and their derivatives side by side.
namespace anomalens::kernels {

template <class V, class F>
ANOMALENS_INLINE void map(const float* x, float* y, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; i += kLanes) f(V::load(x + i)).store(y + i);
}

template <class V>
void Kernels<V>::activate(Activation activation, const float* x, float* y, std::size_t count) noexcept {
  switch (activation) {
    case Activation::kLinear:
      return map<V>(x, y, count, [](V v) { return v; });
    case Activation::kRelu:
      return map<V>(x, y, count, [](V v) { return positive_part(v); });
    case Activation::kTanh:
      return map<V>(x, y, count, [](V v) { return tanh(v); });
    case Activation::kSigmoid:
      return map<V>(x, y, count, [](V v) { return sigmoid(v); });
    case Activation::kLeakyRelu:
      return map<V>(x, y, count, [](V v) { return where_less(V(0.F), v, v, v * V(0.01F)); });
    case Activation::kElu:
      return map<V>(x, y, count, [](V v) { return where_less(V(0.F), v, v, exp_minus_one(v)); });
    case Activation::kGelu:
      return map<V>(x, y, count, [](V v) {
        V bell;
        return v * normal_distribution(v, bell);
      });
    case Activation::kSoftplus:
      return map<V>(x, y, count, [](V v) { return softplus(v); });
  }
}

template <class V>
void Kernels<V>::quick_tanh(const float* x, float* y, std::size_t count) noexcept {
  map<V>(x, y, count, [](V v) { return kernels::quick_tanh(v); });
}

template <class V, class F>
ANOMALENS_INLINE void scale_by_slope(const float* at, float* dy, std::size_t count, F slope) {
  for (std::size_t i = 0; i < count; i += kLanes) (V::load(dy + i) * slope(V::load(at + i))).store(dy + i);
}

template <class V>
void Kernels<V>::activation_gradient(Activation activation, const float* x, const float* y, float* dy,
                                     std::size_t count) noexcept {
  switch (activation) {
    case Activation::kLinear:
      return;
    case Activation::kRelu:
      return scale_by_slope<V>(y, dy, count, [](V v) { return where_positive(v, V(1.F)); });
    case Activation::kTanh:
      return scale_by_slope<V>(y, dy, count, [](V v) { return V(1.F) - v * v; });
    case Activation::kSigmoid:
      return scale_by_slope<V>(y, dy, count, [](V v) { return v * (V(1.F) - v); });
    case Activation::kLeakyRelu:
      return scale_by_slope<V>(y, dy, count, [](V v) { return where_less(V(0.F), v, V(1.F), V(0.01F)); });
    case Activation::kElu:
      return scale_by_slope<V>(y, dy, count, [](V v) { return where_less(V(0.F), v, V(1.F), v + V(1.F)); });
    case Activation::kGelu:
      return scale_by_slope<V>(x, dy, count, [](V v) {
        V bell;
        const V phi = normal_distribution(v, bell);
        return phi + v * bell * V(0.39894228F);  // 1 / sqrt(2 pi)
      });
    case Activation::kSoftplus:  // sigmoid(x) = 1 - e^-y
      return scale_by_slope<V>(y, dy, count, [](V v) { return V(0.F) - exp_minus_one(V(0.F) - v); });
  }
}

}  // namespace anomalens::kernels
