// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A WebAssembly module of one function, for roof.mjs.

/// Twelve independent chains c = c a + b of four lanes: what multiplying and adding costs when no memory is touched.
/// Every value of a chain depends on the one before, so the compiler can neither hoist nor shorten anything.
extern "C" __attribute__((visibility("default"))) float roof(float x, int turns) {
  using Lanes = float __attribute__((vector_size(16)));
  constexpr int kChains = 12;
  constexpr float kNearOne = 1.0000001F;
  constexpr float kNearZero = 1e-9F;
  const Lanes a = {kNearOne, kNearOne, kNearOne, kNearOne};
  const Lanes b = {kNearZero, kNearZero, kNearZero, kNearZero};
  Lanes chain[kChains];
  for (int i = 0; i < kChains; i++) chain[i] = Lanes{x, x, x, x} + .1F * static_cast<float>(i);
  for (int turn = 0; turn < turns; turn++) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; i++) chain[i] = chain[i] * a + b;
  }
  Lanes sum = chain[0];
  for (int i = 1; i < kChains; i++) sum += chain[i];
  return sum[0] + sum[1] + sum[2] + sum[3];
}
