// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/corruption.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::kLanes;
using Kind = Corruption::Kind;

Corruptor::Corruptor(std::vector<Corruption> kinds, const SelectedRows& source) : kinds_(std::move(kinds)) {
  if (kinds_.empty()) return;
  center_.assign(source.columns, 0);
  least_.assign(source.columns, 0);
  most_.assign(source.columns, 0);
  // Streaming: one pass over rows that lie anywhere, past the cells that are missing.
  std::vector<double> sums(source.columns, 0);
  std::vector<double> counts(source.columns, 0);
  for (const std::uint32_t row : source.rows) {
    const float* cells = source.table + row * source.columns;
    for (std::size_t j = 0; j < source.columns; j++) {
      if (std::isnan(cells[j])) continue;
      least_[j] = counts[j] == 0 ? cells[j] : std::min(least_[j], cells[j]);
      most_[j] = counts[j] == 0 ? cells[j] : std::max(most_[j], cells[j]);
      sums[j] += static_cast<double>(cells[j]);
      counts[j]++;
    }
  }
  for (std::size_t j = 0; j < source.columns; j++) {
    if (counts[j] > 0) center_[j] = static_cast<float>(sums[j] / counts[j]);
  }
}

void Corruptor::apply(Blocks& x, int rows, Source source, Mt19937& random) const {
  const auto others = static_cast<std::uint32_t>(source.rows.size());
  // Cell by cell: how many random numbers a cell takes depends on the first one.
  for (const Corruption& corruption : kinds_) {
    for (int row = 0; row < rows; row++) {
      float* cell = x.data() + static_cast<std::size_t>(row / kLanes) * source.columns * kLanes + row % kLanes;
      for (std::size_t j = 0; j < source.columns; j++, cell += kLanes) {
        switch (corruption.kind) {
          case Kind::kGaussian:
            *cell += static_cast<float>(corruption.amount * random.normal());
            break;
          case Kind::kScale:
            *cell *= static_cast<float>(1 + corruption.amount * random.normal());
            break;
          case Kind::kMask:
            if (random.uniform() < corruption.amount) *cell = center_[j];
            break;
          case Kind::kSaltPepper:
            if (random.uniform() < corruption.amount) *cell = (random.next() & 1U) != 0 ? most_[j] : least_[j];
            break;
          case Kind::kSwap:
            if (random.uniform() < corruption.amount) {
              const float other = source.table[source.rows[random.below(others)] * source.columns + j];
              *cell = std::isnan(other) ? 0.F : other;
            }
            break;
        }
      }
    }
  }
}

}  // namespace anomalens
