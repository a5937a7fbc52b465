// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anomalens {

/// Rows selected from a table of scaled cells, which it does not own.
struct SelectedRows {
  const float* table = nullptr;  ///< row-major, NaN where a cell is missing
  std::size_t columns = 0;
  std::vector<std::uint32_t> rows;  ///< the numbers of the selected rows, in any order
  bool masked = false;              ///< some cells of the table are missing
  double parts = 0;                 ///< what a row's losses are divided by; 0: the cells of the row that are there
  std::vector<std::uint8_t>
      shielded;  ///< a mark for each row of the table: never left out as one of the worst; or empty
};

}  // namespace anomalens
