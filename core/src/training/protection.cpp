// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/protection.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"
#include "math/quantile.hpp"
#include "math/sorting.hpp"

namespace anomalens {

namespace {

constexpr double kNeighbourShare = 0.15;
constexpr double kProtected = 0.6;

}  // namespace

std::vector<std::uint8_t> protected_rows(std::span<const float> cells, std::size_t width) {
  const std::size_t rows = cells.size() / width;
  const auto neighbour =
      std::max<std::size_t>(1, static_cast<std::size_t>(kNeighbourShare * static_cast<double>(rows)));
  std::vector<float> distances(rows);  // squared
  const int blocks = kernels::blocks_for(rows);
  const int columns = static_cast<int>(width);
  std::vector<float> others(static_cast<std::size_t>(blocks) * width * kernels::kLanes);
  std::vector<float> of_row(static_cast<std::size_t>(blocks) * kernels::kLanes);
  kernels::Active::gather(cells.data(), nullptr, static_cast<int>(rows), columns, others.data());
  for (std::size_t row = 0; row < rows; row++) {
    kernels::Active::squared_distances(others.data(), cells.data() + row * width, blocks, columns, of_row.data());
    // The row itself comes first.
    distances[row] = nth_smallest(std::span(of_row).first(rows), std::min(neighbour, rows - 1));
  }
  std::vector<float> sorted = distances;
  sort_ascending(sorted);
  const double border = quantile_of_sorted(std::span<const float>(sorted), kProtected);
  std::vector<std::uint8_t> marks(rows);
  for (std::size_t row = 0; row < rows; row++) marks[row] = static_cast<double>(distances[row]) <= border ? 1 : 0;
  return marks;
}

}  // namespace anomalens
