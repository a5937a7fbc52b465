// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace anomalens::fixtures {

/// What `torch.manual_seed(seed)` is followed by.
struct Draws {
  std::uint32_t seed;
  std::span<const float> uniform;         ///< tensor.uniform_(-0.5, 0.25)
  std::span<const std::uint64_t> random;  ///< 63 bits each: tensor.random_() of type int64
};

/// Row orders of the first epochs of a shuffling DataLoader over 0..rows-1.
struct RowOrders {
  std::uint32_t seed;
  std::size_t rows;
  std::size_t epochs;
  std::span<const std::uint32_t> orders;
};

}  // namespace anomalens::fixtures
