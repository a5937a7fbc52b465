// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernels.hpp"
#include "kernels/vector.hpp"

/// Steps over the flat array of parameters, each one fused loop.
namespace anomalens::kernels {

template <class V>
void Kernels<V>::adam(float* parameters, const float* gradient, float* first, float* second, std::size_t count,
                      AdamFactors factors) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V w = V::load(parameters + i);
    const V kept = w * V(factors.keep);
    const V g = V::load(gradient + i) + w * V(factors.decay);
    const V m = V::load(first + i) * V(factors.beta1) + g * V(factors.rest1);
    const V v = V::load(second + i) * V(factors.beta2) + g * g * V(factors.rest2);
    m.store(first + i);
    v.store(second + i);
    (kept - V(factors.rate) * m / (sqrt(v) * V(factors.inverse_root) + V(factors.epsilon))).store(parameters + i);
  }
}

template <class V>
void Kernels<V>::sgd(float* parameters, const float* gradient, float* buffer, std::size_t count,
                     DescentFactors factors) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V w = V::load(parameters + i);
    const V g = V::load(gradient + i) + w * V(factors.decay);
    const V b = V::load(buffer + i) * V(factors.momentum) + g;
    b.store(buffer + i);
    (w - V(factors.rate) * b).store(parameters + i);
  }
}

template <class V>
void Kernels<V>::rmsprop(float* parameters, const float* gradient, float* buffer, float* square, std::size_t count,
                         DescentFactors factors) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V w = V::load(parameters + i);
    const V g = V::load(gradient + i) + w * V(factors.decay);
    const V s = V::load(square + i) * V(factors.smoothing) + g * g * V(factors.rest);
    s.store(square + i);
    const V b = V::load(buffer + i) * V(factors.momentum) + g / (sqrt(s) + V(factors.epsilon));
    b.store(buffer + i);
    (w - V(factors.rate) * b).store(parameters + i);
  }
}

template <class V>
void Kernels<V>::add_sign(float* x, const float* y, float weight, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const V v = V::load(y + i);
    const V sign = where_less(V(0.F), v, V(weight), where_less(v, V(0.F), V(-weight), V(0.F)));
    (V::load(x + i) + sign).store(x + i);
  }
}

template <class V>
void Kernels<V>::multiply(float* x, const float* y, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) (V::load(x + i) * V::load(y + i)).store(x + i);
}

template <class V>
void Kernels<V>::multiply(float* x, float factor, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; i += kLanes) (V::load(x + i) * V(factor)).store(x + i);
}

}  // namespace anomalens::kernels
