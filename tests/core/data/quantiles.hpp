// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace anomalens::fixtures {

/// Values in any order and numpy's quantiles of them at kQuantileLevels, in double precision.
struct Quantiles {
  std::span<const float> values;
  std::span<const double> quantiles;
};

}  // namespace anomalens::fixtures
