// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/row_roles.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "random/mt19937.hpp"

namespace anomalens {

RowRoles deal_rows(std::size_t rows, HeldOut held, std::uint32_t seed) {
  RowRoles roles;
  const std::size_t out = held.validation + held.calibration;
  roles.learning.resize(rows);
  std::iota(roles.learning.begin(), roles.learning.end(), 0U);
  if (out == 0) return roles;
  Mt19937 random(seed);
  auto& order = roles.learning;
  for (std::size_t i = 0; i < out; i++) {
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(rows - i))]);
  }
  std::vector<std::uint8_t> dealt(rows, 0);
  for (std::size_t i = 0; i < out; i++) dealt[order[i]] = i < held.validation ? 1 : 2;
  order.resize(rows - out);
  roles.validation.resize(held.validation);
  roles.calibration.resize(held.calibration);
  std::uint32_t* next[] = {order.data(), roles.validation.data(), roles.calibration.data()};
  for (std::uint32_t row = 0; row < rows; row++) *next[dealt[row]]++ = row;
  return roles;
}

}  // namespace anomalens
