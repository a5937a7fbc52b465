// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>

// xtensor 0.26 moved its headers into folders.
#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif

namespace anomalens {

/// The numbers of a span or vector as an expression of one dimension, for what math/ordered.hpp makes of it; nothing is
/// copied. What xt::adapt() makes can do more, but the code of every expression pays for its shape, strides and buffer.
template <class Number>
class Numbers : public xt::xexpression<Numbers<Number>> {
 public:
  using expression_tag = xt::xtensor_expression_tag;
  using value_type = Number;
  using reference = const Number&;
  using const_reference = const Number&;
  using pointer = const Number*;
  using const_pointer = const Number*;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using shape_type = std::array<std::size_t, 1>;
  using inner_shape_type = shape_type;
  using bool_load_type = xt::bool_load_type<Number>;
  // xtensor asks for these names.
  static constexpr xt::layout_type static_layout = xt::layout_type::row_major;  // NOLINT(readability-identifier-naming)
  static constexpr bool contiguous_layout = true;                               // NOLINT(readability-identifier-naming)

  Numbers(const Number* first, std::size_t size) noexcept : first_(first), size_(size) {}
  std::size_t size() const noexcept { return size_; }
  const Number& operator()(std::size_t i) const noexcept { return first_[i]; }

 private:
  const Number* first_;
  std::size_t size_;
};

template <class List>
auto tensor(const List& list) noexcept {
  return Numbers(std::data(list), std::size(list));
}

}  // namespace anomalens
