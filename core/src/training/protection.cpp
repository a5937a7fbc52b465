// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/protection.hpp"

#include <algorithm>

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
  std::vector<float> of_row(rows);
  for (std::size_t row = 0; row < rows; row++) {
    for (std::size_t other = 0; other < rows; other++) {
      float sum = 0;
      for (std::size_t j = 0; j < width; j++) {
        const float difference = cells[row * width + j] - cells[other * width + j];
        sum += difference * difference;
      }
      of_row[other] = sum;
    }
    distances[row] = nth_smallest(of_row, std::min(neighbour, rows - 1));  // the row itself comes first
  }
  std::vector<float> sorted = distances;
  sort_ascending(sorted);
  const double border = quantile_of_sorted(std::span<const float>(sorted), kProtected);
  std::vector<std::uint8_t> marks(rows);
  for (std::size_t row = 0; row < rows; row++) marks[row] = static_cast<double>(distances[row]) <= border ? 1 : 0;
  return marks;
}

}  // namespace anomalens
