// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/kernels.hpp"
#include "network/network.hpp"
#include "support.hpp"

namespace anomalens::testing {

inline std::vector<float> normal_table(std::size_t cells, std::uint32_t seed) {
  Mt19937 random(seed);
  std::vector<float> table(cells);
  for (float& cell : table) cell = static_cast<float>(random.normal());
  return table;
}

inline void load(Workspace& workspace, const std::vector<float>& table, std::size_t rows) {
  kernels::Active::gather(table.data(), nullptr, static_cast<int>(rows), static_cast<int>(table.size() / rows),
                          workspace.values[0].data());
}

inline Network network_of(const ModelOptions& options, std::size_t columns, Compatibility compatibility,
                          std::uint32_t seed, int top_k = 0) {
  Network network(layers_for(options, columns), encoder_layers_for(options), top_k);
  Mt19937 random(seed);
  network.initialise(compatibility, random);
  return network;
}

/// A cell of a batch in blocks of four rows.
inline double cell_of(const Blocks& x, std::size_t row, std::size_t feature) {
  return static_cast<double>(x(row / 4, feature, row % 4));
}

}  // namespace anomalens::testing
