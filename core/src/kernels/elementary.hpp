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

/// e^x - 1 without cancellation near 0: its series to x^6 up to 0.35, the difference beyond.
template <class V>
ANOMALENS_INLINE V exp_minus_one(V x) {
  V sum = V(1.F / 720);
  sum = sum * x + V(1.F / 120);
  sum = sum * x + V(1.F / 24);
  sum = sum * x + V(1.F / 6);
  sum = sum * x + V(0.5F);
  const V near = sum * x * x + x;
  return where_less(abs(x), V(0.35F), near, exp(x) - V(1.F));
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
  const V near =
      (x * (V(10395.F) + s * (V(1260.F) + s * V(21.F)))) / (V(10395.F) + s * (V(4725.F) + s * (V(210.F) + s)));
  const V far = V(1.F) - V(2.F) / (exp(magnitude + magnitude) + V(1.F));
  const V signed_far = where_less(x, V(0.F), V(0.F) - far, far);
  return where_less(magnitude, V(0.55F), near, signed_far);
}

/// The hyperbolic tangent in a third of the time: x P(x^2) / Q(x^2), both of degree four, fitted to the relative error over
/// |x| <= 7.8 (4e-7 in single precision), where it is 1 - 3e-7 already. For nets that nothing is compared with bit by bit.
template <class V>
ANOMALENS_INLINE V quick_tanh(V x) {
  x = where_less(x, V(-7.8F), V(-7.8F), x);
  x = where_less(V(7.8F), x, V(7.8F), x);
  const V s = x * x;
  V top = V(1.5627440674848003e-08F);
  top = top * s + V(2.215185850218404e-05F);
  top = top * s + V(0.0035863518714904785F);
  top = top * s + V(0.13456706702709198F);
  top = top * s + V(1.F);
  V bottom = V(8.675447702444217e-07F);
  bottom = bottom * s + V(0.000343597523169592F);
  bottom = bottom * s + V(0.02621987648308277F);
  bottom = bottom * s + V(0.4679003357887268F);
  bottom = bottom * s + V(1.F);
  return x * top / bottom;
}

/// ln(1 + u) for u in [0, 1]: 2 artanh(t), t = u / (2 + u) <= 1/3, as its odd series to t^15.
template <class V>
ANOMALENS_INLINE V log1p_unit(V u) {
  const V t = u / (V(2.F) + u);
  const V s = t * t;
  V sum = V(1.F / 15);
  sum = sum * s + V(1.F / 13);
  sum = sum * s + V(1.F / 11);
  sum = sum * s + V(1.F / 9);
  sum = sum * s + V(1.F / 7);
  sum = sum * s + V(1.F / 5);
  sum = sum * s + V(1.F / 3);
  return V(2.F) * (t + t * s * sum);
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|).
template <class V>
ANOMALENS_INLINE V softplus(V x) {
  return positive_part(x) + log1p_unit(exp(V(0.F) - abs(x)));
}

/// The normal distribution function at x and e^(-x^2/2), which it is made of: Abramowitz & Stegun 7.1.26, absolute error
/// below 1e-7.
template <class V>
ANOMALENS_INLINE V normal_distribution(V x, V& bell) {
  const V z = abs(x) * V(0.70710678F);
  bell = exp(V(0.F) - z * z);
  const V t = V(1.F) / (V(1.F) + V(0.3275911F) * z);
  V sum = V(1.061405429F);
  sum = sum * t + V(-1.453152027F);
  sum = sum * t + V(1.421413741F);
  sum = sum * t + V(-0.284496736F);
  sum = sum * t + V(0.254829592F);
  const V tail = V(0.5F) * sum * t * bell;  // 1 - Phi(|x|)
  return where_less(x, V(0.F), tail, V(1.F) - tail);
}

}  // namespace anomalens::kernels
