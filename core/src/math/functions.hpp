// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <utility>

#include "math/elementary.hpp"
#include "math/tensor.hpp"

#if __has_include(<xtensor/core/xvectorize.hpp>)
#include <xtensor/core/xvectorize.hpp>
#else
#include <xtensor/xvectorize.hpp>
#endif

/// The elementary functions for expressions, element by element. xt::log() and the like take those of the system or, in
/// SIMD lanes, others: other bits in other builds.
namespace anomalens::elementary {

template <class E>
concept Expression = xt::is_xexpression<std::remove_cvref_t<E>>::value;

template <Expression E>
auto log(E&& x) {
  return xt::vectorize([](double cell) { return log(cell); })(std::forward<E>(x));
}

template <Expression E>
auto exp(E&& x) {
  return xt::vectorize([](double cell) { return exp(cell); })(std::forward<E>(x));
}

}  // namespace anomalens::elementary
