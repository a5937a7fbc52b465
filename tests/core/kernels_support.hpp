// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernels.hpp"
#include "random/mt19937.hpp"
#include "support.hpp"

/// What the suites of the kernels need.
namespace anomalens::testing {

using kernels::blocks_for;
using kernels::Dense;
using kernels::kLanes;
using Simd = kernels::Kernels<kernels::Simd4>;
using Scalar = kernels::Kernels<kernels::Scalar4>;
using Floats = std::vector<float>;

constexpr int kWidths[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 19, 31, 32, 33, 37, 50};

/// Normal numbers of several magnitudes with zeros of both signs among them.
inline Floats noise(std::size_t count, Mt19937& random) {
  Floats x(count);
  for (float& v : x) {
    v = static_cast<float>(random.normal() * (random.below(4) == 0 ? 8 : 1));
    const std::uint32_t zero = random.below(16);
    if (zero < 2) v = zero == 0 ? 0.F : -0.F;
  }
  return x;
}

inline std::size_t cells(int blocks, int features) {
  return static_cast<std::size_t>(blocks) * static_cast<std::size_t>(features) * kLanes;
}

/// Weights [outputs][inputs] as forward() wants them.
inline Floats arranged(int inputs, int outputs, const Floats& weights) {
  Floats out(weights.size());
  Simd::arrange(inputs, outputs, weights.data(), out.data());
  return out;
}

/// Runs one kernel in both guises on the same start values and compares all that either wrote, guard zone included.
template <class Call>
bool twins_agree(std::size_t size, Call call) {
  constexpr std::size_t kGuard = 8;
  Floats simd(size + kGuard, 12345.F);
  Floats scalar = simd;
  call(Simd{}, simd.data());
  call(Scalar{}, scalar.data());
  const bool untouched = std::all_of(simd.end() - kGuard, simd.end(), [](float x) { return x == 12345.F; });
  return untouched && same_bits(simd, scalar);
}

}  // namespace anomalens::testing
