// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "anomalens/training.hpp"

namespace anomalens {

/// How many rows take no part in the learning.
struct HeldOut {
  std::size_t validation = 0;
  std::size_t calibration = 0;
};

/// Throws kBadOption for a warmup that does not end before the training does.
void check_warmup(const Schedule& schedule, int epochs);

/// For resolved options. A committee needs none for its threshold. Throws kBadOption when too few rows would be left.
HeldOut held_out_rows(const TrainOptions& options, std::size_t rows, bool committee = false);

/// Who does what, each list ascending.
struct RowRoles {
  std::vector<std::uint32_t> learning;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> calibration;
};

/// Draws the held-out rows at random.
RowRoles deal_rows(std::size_t rows, HeldOut held, std::uint32_t seed);

}  // namespace anomalens
