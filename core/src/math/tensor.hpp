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

/// The numbers that a span or vector holds, as a tensor of one dimension; nothing is copied.
template <class Numbers>
// NOLINTNEXTLINE(bugprone-exception-escape): only an adaptor of another size than its shape's would throw
auto tensor(Numbers& numbers) noexcept {
  const std::array<std::size_t, 1> shape{std::size(numbers)};
  return xt::adapt(std::data(numbers), std::size(numbers), xt::no_ownership(), shape);
}

}  // namespace anomalens
