// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <xsimd/xsimd.hpp>

#define ANOMALENS_INLINE inline __attribute__((always_inline))

// Small arrays of vectors must end up in registers; without full unrolling they can stay in memory.
#ifdef __clang__
#define ANOMALENS_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ANOMALENS_UNROLL _Pragma("GCC unroll 16")
#endif

/// Four float lanes in two guises with one interface: Simd4 runs on the 128-bit unit, Scalar4 does the same operations
/// in the same order one lane at a time. Kernels are templates over this interface, so the twin cannot drift.
namespace anomalens::kernels {

#if defined(__wasm_simd128__)
using Arch = xsimd::wasm;
#elif defined(__aarch64__)
using Arch = xsimd::neon64;
#else
using Arch = xsimd::sse4_1;
#endif

struct Simd4 {
  using Batch = xsimd::batch<float, Arch>;
  using Integers = xsimd::batch<std::int32_t, Arch>;
  using Doubles = xsimd::batch<double, Arch>;
  Batch v;

  ANOMALENS_INLINE Simd4() = default;
  ANOMALENS_INLINE Simd4(Batch batch) : v(batch) {}
  ANOMALENS_INLINE explicit Simd4(float x) : v(x) {}
  static ANOMALENS_INLINE Simd4 load(const float* p) { return Batch::load_unaligned(p); }
  ANOMALENS_INLINE void store(float* p) const { v.store_unaligned(p); }

  friend ANOMALENS_INLINE Simd4 operator+(Simd4 a, Simd4 b) { return a.v + b.v; }
  friend ANOMALENS_INLINE Simd4 operator-(Simd4 a, Simd4 b) { return a.v - b.v; }
  friend ANOMALENS_INLINE Simd4 operator*(Simd4 a, Simd4 b) { return a.v * b.v; }
  friend ANOMALENS_INLINE Simd4 operator/(Simd4 a, Simd4 b) { return a.v / b.v; }
  friend ANOMALENS_INLINE Simd4 sqrt(Simd4 a) { return xsimd::sqrt(a.v); }
  friend ANOMALENS_INLINE Simd4 abs(Simd4 a) { return xsimd::abs(a.v); }
  friend ANOMALENS_INLINE Simd4 nearest(Simd4 a) { return xsimd::nearbyint(a.v); }
  /// (cells[i] - center[i]) * rate[i] in double precision, each rounded to float at the end.
  template <class Cell>
  static ANOMALENS_INLINE Simd4 scaled(const Cell* cells, const double* center, const double* rate) {
    const auto half = [&](Doubles x, std::ptrdiff_t at) {
      return (x - Doubles::load_unaligned(center + at)) * Doubles::load_unaligned(rate + at);
    };
    return narrowed(half(widened(cells), 0), half(widened(cells + 2), 2));
  }
  /// Lane by lane: a < b ? yes : no.
  friend ANOMALENS_INLINE Simd4 where_less(Simd4 a, Simd4 b, Simd4 yes, Simd4 no) {
    return xsimd::select(a.v < b.v, yes.v, no.v);
  }
  /// Lane by lane: x is a number ? yes : 0.
  friend ANOMALENS_INLINE Simd4 where_number(Simd4 x, Simd4 yes) { return kept(x.v == x.v, yes); }
  /// Lane by lane: gate > 0 ? x : 0.
  friend ANOMALENS_INLINE Simd4 where_positive(Simd4 gate, Simd4 x) { return kept(gate.v > Batch(0.F), x); }
  /// Lane by lane: x > 0 ? x : 0; also for what is not a number.
  friend ANOMALENS_INLINE Simd4 positive_part(Simd4 x) {
#if defined(__wasm_simd128__)
    return Batch(wasm_f32x4_pmax(Batch(0.F), x.v));
#elif defined(__aarch64__)
    return where_positive(x, x);
#else
    return Batch(_mm_max_ps(x.v, Batch(0.F)));
#endif
  }
  /// 2^n for whole n from -126 to 127.
  friend ANOMALENS_INLINE Simd4 power_of_two(Simd4 n) {
    return xsimd::bitwise_cast<float>(Integers((xsimd::to_int(n.v) + Integers(127)) << 23));
  }
  /// The 4x4 transposition of four vectors, in place.
  static ANOMALENS_INLINE void transpose(Simd4& a, Simd4& b, Simd4& c, Simd4& d) {
    const Batch t0 = xsimd::zip_lo(a.v, c.v);
    const Batch t1 = xsimd::zip_hi(a.v, c.v);
    const Batch t2 = xsimd::zip_lo(b.v, d.v);
    const Batch t3 = xsimd::zip_hi(b.v, d.v);
    a.v = xsimd::zip_lo(t0, t2);
    b.v = xsimd::zip_hi(t0, t2);
    c.v = xsimd::zip_lo(t1, t3);
    d.v = xsimd::zip_hi(t1, t3);
  }

 private:
  /// Lane by lane: keep ? x : 0. A select costs two operations more.
  static ANOMALENS_INLINE Simd4 kept(xsimd::batch_bool<float, Arch> keep, Simd4 x) {
#if defined(__aarch64__)
    return xsimd::select(keep, x.v, Batch(0.F));
#else
    return Batch(keep.data) & x.v;
#endif
  }
  // Conversions between widths have no name in xsimd.
  static ANOMALENS_INLINE Doubles widened(const double* p) { return Doubles::load_unaligned(p); }
#if defined(__wasm_simd128__)
  static ANOMALENS_INLINE Doubles widened(const float* p) {
    return wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(p));
  }
  static ANOMALENS_INLINE Simd4 narrowed(Doubles low, Doubles high) {
    return Batch(wasm_i32x4_shuffle(wasm_f32x4_demote_f64x2_zero(low), wasm_f32x4_demote_f64x2_zero(high), 0, 1, 4, 5));
  }
#elif defined(__aarch64__)
  static ANOMALENS_INLINE Doubles widened(const float* p) { return vcvt_f64_f32(vld1_f32(p)); }
  static ANOMALENS_INLINE Simd4 narrowed(Doubles low, Doubles high) {
    return Batch(vcombine_f32(vcvt_f32_f64(low), vcvt_f32_f64(high)));
  }
#else
  static ANOMALENS_INLINE Doubles widened(const float* p) {
    return _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
  }
  static ANOMALENS_INLINE Simd4 narrowed(Doubles low, Doubles high) {
    return Batch(_mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high)));
  }
#endif
};

struct Scalar4 {
  float v[4];

  Scalar4() = default;
  explicit Scalar4(float x) : v{x, x, x, x} {}
  static Scalar4 load(const float* p) {
    Scalar4 r;
    for (int i = 0; i < 4; i++) r.v[i] = p[i];
    return r;
  }
  void store(float* p) const {
    for (int i = 0; i < 4; i++) p[i] = v[i];
  }

  template <class F>
  static Scalar4 lanes(F f) {
    Scalar4 r;
    for (int i = 0; i < 4; i++) r.v[i] = f(i);
    return r;
  }
  friend Scalar4 operator+(Scalar4 a, Scalar4 b) {
    return lanes([&](int i) { return a.v[i] + b.v[i]; });
  }
  friend Scalar4 operator-(Scalar4 a, Scalar4 b) {
    return lanes([&](int i) { return a.v[i] - b.v[i]; });
  }
  friend Scalar4 operator*(Scalar4 a, Scalar4 b) {
    return lanes([&](int i) { return a.v[i] * b.v[i]; });
  }
  friend Scalar4 operator/(Scalar4 a, Scalar4 b) {
    return lanes([&](int i) { return a.v[i] / b.v[i]; });
  }
  friend Scalar4 sqrt(Scalar4 a) {
    return lanes([&](int i) { return std::sqrt(a.v[i]); });
  }
  friend Scalar4 abs(Scalar4 a) {
    return lanes([&](int i) { return std::fabs(a.v[i]); });
  }
  friend Scalar4 nearest(Scalar4 a) {
    return lanes([&](int i) { return std::nearbyint(a.v[i]); });
  }
  template <class Cell>
  static Scalar4 scaled(const Cell* cells, const double* center, const double* rate) {
    return lanes([&](int i) { return static_cast<float>((static_cast<double>(cells[i]) - center[i]) * rate[i]); });
  }
  friend Scalar4 where_less(Scalar4 a, Scalar4 b, Scalar4 yes, Scalar4 no) {
    return lanes([&](int i) { return a.v[i] < b.v[i] ? yes.v[i] : no.v[i]; });
  }
  friend Scalar4 where_positive(Scalar4 gate, Scalar4 x) {
    return lanes([&](int i) { return gate.v[i] > 0 ? x.v[i] : 0.F; });
  }
  friend Scalar4 positive_part(Scalar4 x) { return where_positive(x, x); }
  friend Scalar4 where_number(Scalar4 x, Scalar4 yes) {
    return lanes([&](int i) { return x.v[i] == x.v[i] ? yes.v[i] : 0.F; });
  }
  friend Scalar4 power_of_two(Scalar4 n) {
    return lanes([&](int i) { return std::bit_cast<float>((static_cast<std::int32_t>(n.v[i]) + 127) << 23); });
  }
  static void transpose(Scalar4& a, Scalar4& b, Scalar4& c, Scalar4& d) {
    const Scalar4 in[4] = {a, b, c, d};
    Scalar4* out[4] = {&a, &b, &c, &d};
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) out[i]->v[j] = in[j].v[i];
    }
  }
};

/// So many floats in bytes, as a number that is ready before the loop: left to itself, the compiler multiplies in every turn.
ANOMALENS_INLINE std::ptrdiff_t bytes_of(std::ptrdiff_t floats) {
  auto bytes = floats * static_cast<std::ptrdiff_t>(sizeof(float));
  asm("" : "+r"(bytes));
  return bytes;
}

ANOMALENS_INLINE const float* bytes_on(const float* p, std::ptrdiff_t bytes) {
  return reinterpret_cast<const float*>(reinterpret_cast<const char*>(p) + bytes);
}

/// Lane i of the result is the sum of the lanes of vector i: (l0 + l1) + (l2 + l3).
template <class V>
ANOMALENS_INLINE V lane_sums(V a, V b, V c, V d) {
  V::transpose(a, b, c, d);
  return (a + b) + (c + d);
}

}  // namespace anomalens::kernels
