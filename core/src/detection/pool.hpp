// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace anomalens {

/// Encoded rows that are known to be ordinary, and how far others are from the nearest of them.
class Pool {
 public:
  /// No row of the pool is the row asked about.
  static constexpr std::int32_t kNone = -1;

  Pool() = default;
  /// `rows` are row-major, `width` cells each.
  Pool(std::span<const float> rows, std::size_t width);

  bool empty() const { return rows_.empty(); }
  /// Euclidean distances of `cells` (row-major) to the nearest row of the pool into `out`. `own` (one a row, or empty) is
  /// the place in the pool of the row itself, which does not count.
  void distances(std::span<const float> cells, std::span<const std::int32_t> own, std::span<double> out);

  /// The same of one row, by the cells that are `there`, as if the others were as far away as these.
  double distance_of(const float* cells, std::span<const std::uint8_t> there, std::int32_t own) const;

 private:
  std::size_t nearest_other(std::size_t lane, std::int32_t own) const;
  double distance(const float* cells, std::size_t row) const;

  std::size_t width_ = 0;
  std::size_t count_ = 0;
  std::vector<float> rows_;
  std::vector<float> arranged_;  ///< the rows as the weights of a layer
  std::vector<float> bias_;      ///< -|row|^2 / 2
  std::vector<float> input_;     ///< a few rows, in blocks
  std::vector<float> products_;  ///< of these with all rows of the pool
};

}  // namespace anomalens
