// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/vector.hpp"

/// exp and friends on four lanes. Own polynomials, because a library's are other bits on every engine.
namespace anomalens::kernels {

/// e^x for x clamped to [-87, 88]; relative error below 2e-7. x = n ln 2 + r, |r| <= 0.347.
template <class V>
ANOMALENS_INLINE V exp(V x) {
  x = where_less(x, V(-87.F), V(-87.F), x);
  x = where_less(V(88.F), x, V(88.F), x);
  const V n = nearest(x * V(1.44269504F));
  // ln 2 in two parts; the first has 9 significant bits, so n times it is exact.
  V r = x - n * V(0.693359375F);
  r = r - n * V(-2.12194440e-4F);
  V sum = V(1.F / 5040);
  sum = sum * r + V(1.F / 720);
  sum = sum * r + V(1.F / 120);
  sum = sum * r + V(1.F / 24);
  sum = sum * r + V(1.F / 6);
  sum = sum * r + V(0.5F);
  sum = (sum * r) * r + r;
  return (sum + V(1.F)) * power_of_two(n);
}

/// 1 / (1 + e^-x).
template <class V>
ANOMALENS_INLINE V sigmoid(V x) {
  return V(1.F) / (V(1.F) + exp(V(0.F) - x));
}

/// Below 0.55 the odd series of the hyperbolic tangent as a quotient (Lambert's continued fraction, five levels deep),
/// above it 1 - 2 / (e^2|x| + 1): the difference would cancel near 0.
template <class V>
ANOMALENS_INLINE V tanh(V x) {
  const V magnitude = abs(x);
  const V s = x * x;
  const V near = (x * (V(10395.F) + s * (V(1260.F) + s * V(21.F)))) /
                 (V(10395.F) + s * (V(4725.F) + s * (V(210.F) + s)));
  const V far = V(1.F) - V(2.F) / (exp(magnitude + magnitude) + V(1.F));
  const V signed_far = where_less(x, V(0.F), V(0.F) - far, far);
  return where_less(magnitude, V(0.55F), near, signed_far);
}

}  // namespace anomalens::kernels
