// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Everything that is sorted goes through one radix sort of integer keys: linear, stable, and one piece of code
/// where a comparing sort is another one for every type and order.
namespace anomalens {

/// Ascending; -0 counts as 0. NaN goes to an end.
void sort_ascending(std::vector<float>& numbers);
void sort_ascending(std::vector<double>& numbers);

/// Positions of `numbers` by descending number; equal ones in their own order.
std::vector<std::uint32_t> descending_order(std::span<const float> numbers);
std::vector<std::uint32_t> descending_order(std::span<const double> numbers);

/// Positions of `keys` by ascending key; equal ones in their own order.
std::vector<std::uint32_t> ascending_order(std::span<const std::uint64_t> keys);

/// The number that ascending order would put at position `n`, below numbers.size(); allocates nothing.
float nth_smallest(std::span<const float> numbers, std::size_t n);

}  // namespace anomalens
