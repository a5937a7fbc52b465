// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <type_traits>

#include "math/tensor.hpp"

/// What becomes of expressions of one dimension, one element after another: the same bits in every build, in a third of the
/// code that xtensor's own assignments and reducers are compiled to, which prepare for lanes, strides and broadcasting.
/// Operands are all of one length, or scalars.
namespace anomalens::ordered {

template <class E>
concept Vector = xt::is_xexpression<E>::value && std::tuple_size<typename E::shape_type>::value == 1;

/// Elements of an expression: its own size() would be that of a broadcast, which is most of the code of a sum.
template <class E>
std::size_t length(const E& e) noexcept {
  if constexpr (xt::is_xscalar<E>::value) {
    return 0;
  } else if constexpr (requires { e.arguments(); }) {
    return std::apply([](const auto&... operands) { return std::max({length(operands)...}); }, e.arguments());
  } else {
    return e.size();
  }
}

/// to[i] = elements(i).
template <class Numbers, Vector E>
void assign(Numbers&& to, const E& elements) noexcept {
  using Number = std::remove_cvref_t<decltype(to[0])>;
  const std::size_t size = std::size(to);
  for (std::size_t i = 0; i < size; i++) to[i] = static_cast<Number>(elements(i));
}

/// In double precision. (xt::sum() adds up in the same order, but in the type of the elements.)
template <Vector E>
double sum(const E& elements) noexcept {
  const std::size_t size = length(elements);
  double total = 0;
  for (std::size_t i = 0; i < size; i++) total += static_cast<double>(elements(i));
  return total;
}

/// How many elements are true.
template <Vector E>
std::size_t count(const E& elements) noexcept {
  const std::size_t size = length(elements);
  std::size_t found = 0;
  for (std::size_t i = 0; i < size; i++) found += elements(i) ? 1 : 0;
  return found;
}

}  // namespace anomalens::ordered
