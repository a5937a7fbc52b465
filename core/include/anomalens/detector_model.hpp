// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "anomalens/encoding.hpp"

namespace anomalens {

/// Where a term of the score lies over the training rows: its median, and the distance of its quartiles, at least .05.
struct Term {
  double middle = 0;
  double spread = 1;
};

/// What a committee's residuals are measured in, per feature, over the training rows that its members did not see.
struct ResidualUnits {
  std::vector<double> ordinary;  ///< number, cycle: mean of the smallest 90 % of q, + 1e-3
  std::vector<double> surprise;  ///< category: mean of -ln max(q, .5 / n)
};

/// What the default detector knows beside its nets.
struct DetectorModel {
  Encoding encoding;
  bool clean = true;   ///< the training rows were promised to be normal: one committee and a pool, else two committees
  ResidualUnits free;  ///< of the committee that learned from all rows
  ResidualUnits trimmed;    ///< of the one that left out the worst rows; empty when clean
  std::vector<float> pool;  ///< when clean: encoded training rows, to which rows are compared
  Term residual;            ///< P
  Term rarity;              ///< H
  Term excess;              ///< E
  Term distance;            ///< N, when clean
  double departure = 0;     ///< what a cell costs that departs from what all training rows had in common
};

}  // namespace anomalens
