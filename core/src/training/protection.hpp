// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace anomalens {

/// Marks the rows that trimming must not leave out: those in the denser 60 %, by the distance to the neighbour at 15 % of
/// the rows. `cells` are row-major, `width` a row. A dense group is not dirt, however badly it is rebuilt at first.
std::vector<std::uint8_t> protected_rows(std::span<const float> cells, std::size_t width);

}  // namespace anomalens
