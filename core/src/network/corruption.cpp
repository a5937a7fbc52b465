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
  for (std::size_t j = 0; j < source.columns; j++) {
    double sum = 0;
    double count = 0;
    for (const std::uint32_t row : source.rows) {
      const float cell = source.table[row * source.columns + j];
      if (std::isnan(cell)) continue;
      least_[j] = count == 0 ? cell : std::min(least_[j], cell);
      most_[j] = count == 0 ? cell : std::max(most_[j], cell);
      sum += static_cast<double>(cell);
      count++;
    }
    if (count > 0) center_[j] = static_cast<float>(sum / count);
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
