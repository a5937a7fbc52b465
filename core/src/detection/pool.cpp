// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/pool.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

/// Rows that are compared with the whole pool at once: their products stay in the first-level cache.
constexpr int kTogether = 16;

}  // namespace

Pool::Pool(std::span<const float> rows, std::size_t width)
    : width_(width), count_(width == 0 ? 0 : rows.size() / width), rows_(rows.begin(), rows.end()) {
  arranged_.resize(rows_.size());
  bias_.resize(count_);
  Active::arrange(static_cast<int>(width_), static_cast<int>(count_), rows_.data(), arranged_.data());
  for (std::size_t row = 0; row < count_; row++) {
    float sum = 0;
    for (std::size_t j = 0; j < width_; j++) sum += rows_[row * width_ + j] * rows_[row * width_ + j];
    bias_[row] = -sum / 2;
  }
  input_.resize(kTogether * width_);
  products_.resize(kTogether * count_);
}

/// With one row of the pool that does not count.
std::size_t Pool::nearest_other(std::size_t lane, std::int32_t own) const {
  const float* products = products_.data() + lane / kLanes * count_ * kLanes + lane % kLanes;
  std::size_t best = 0;
  float most = -std::numeric_limits<float>::infinity();
  for (std::size_t row = 0; row < count_; row++) {
    const float product = products[row * kLanes];
    if (!(product > most) || static_cast<std::int32_t>(row) == own) continue;
    most = product;
    best = row;
  }
  return best;
}

double Pool::distance(const float* cells, std::size_t row) const {
  double sum = 0;
  for (std::size_t j = 0; j < width_; j++) {
    const double difference = static_cast<double>(cells[j]) - static_cast<double>(rows_[row * width_ + j]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

double Pool::distance_of(const float* cells, std::span<const std::uint8_t> there, std::int32_t own) const {
  double least = std::numeric_limits<double>::infinity();
  double present = 0;
  for (std::size_t row = 0; row < count_; row++) {
    if (static_cast<std::int32_t>(row) == own) continue;
    double sum = 0;
    for (std::size_t j = 0; j < width_; j++) {
      const double difference = static_cast<double>(cells[j]) - static_cast<double>(rows_[row * width_ + j]);
      if (there[j] != 0) sum += difference * difference;
    }
    least = std::min(least, sum);
  }
  for (const std::uint8_t cell : there) present += cell;
  return std::isfinite(least) ? std::sqrt(least * static_cast<double>(width_) / present) : 0;
}

void Pool::distances(std::span<const float> cells, std::span<const std::int32_t> own, std::span<double> out) {
  // |x - r|^2 = |x|^2 - 2 (x.r - |r|^2 / 2): the nearest row has the largest bracket, which is a layer's output. Its
  // distance is then taken exactly.
  for (std::size_t first = 0; first < out.size(); first += kTogether) {
    const int rows = static_cast<int>(std::min<std::size_t>(kTogether, out.size() - first));
    const float* group = cells.data() + first * width_;
    Active::gather(group, nullptr, rows, static_cast<int>(width_), input_.data());
    Active::forward(
        {kernels::blocks_for(static_cast<std::size_t>(rows)), static_cast<int>(width_), static_cast<int>(count_)},
        arranged_.data(), bias_.data(), input_.data(), products_.data(), false);
    std::uint32_t nearest[kTogether];
    for (int block = 0; block < rows; block += kLanes) {
      Active::largest(products_.data() + static_cast<std::size_t>(block) * count_, static_cast<int>(count_),
                      nearest + block);
    }
    for (std::size_t lane = 0; lane < static_cast<std::size_t>(rows); lane++) {
      const std::int32_t self = own.empty() ? kNone : own[first + lane];
      const std::size_t row = self == kNone ? nearest[lane] : nearest_other(lane, self);
      out[first + lane] = distance(group + lane * width_, row);
    }
  }
}

}  // namespace anomalens
