// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/training.hpp"
#include "data/selected_rows.hpp"
#include "network/network.hpp"
#include "random/mt19937.hpp"

namespace anomalens {

/// Spoils a batch by a list of corruptions, one after another.
class Corruptor {
 public:
  Corruptor() = default;
  Corruptor(std::vector<Corruption> kinds, const SelectedRows& source);

  bool active() const { return !kinds_.empty(); }
  /// Where kSwap takes its cells from.
  struct Source {
    const float* table;
    std::size_t columns;
    std::span<const std::uint32_t> rows;
  };
  /// Changes the first `rows` rows of `x`, [blocks][features][4].
  void apply(Blocks& x, int rows, Source source, Mt19937& random) const;

 private:
  std::vector<Corruption> kinds_;
  std::vector<float> center_;
  std::vector<float> least_;
  std::vector<float> most_;
};

}  // namespace anomalens
