// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/scorer.hpp"

#include <algorithm>

#include "math/sorting.hpp"

namespace anomalens {

std::vector<ColumnReason> by_share(std::vector<ColumnReason> reasons, double sum) {
  std::vector<double> shares;
  for (ColumnReason& reason : reasons) {
    reason.share = sum > 0 ? reason.drop / sum : 0;
    shares.push_back(reason.share);
  }
  std::vector<ColumnReason> sorted;
  for (const std::uint32_t at : descending_order(std::span<const double>(shares))) sorted.push_back(reasons[at]);
  return sorted;
}

std::size_t Scorer::parameter_count() const {
  std::size_t count = 0;
  for (const Network& net : nets) count += net.parameter_count();
  return count;
}

void Scorer::copy_parameters(std::vector<float>& out) const {
  out.resize(parameter_count());
  float* to = out.data();
  for (const Network& net : nets) to = std::copy_n(net.parameters().data(), net.parameter_count(), to);
}

void Scorer::set_parameters(const float* parameters) {
  for (Network& net : nets) {
    net.set_parameters(parameters);
    parameters += net.parameter_count();
  }
  weights_moved();
}

void Scorer::swap_parameters(std::vector<float>& parameters) {
  float* at = parameters.data();
  for (Network& net : nets) {
    net.swap_parameters(at);
    at += net.parameter_count();
  }
  weights_moved();
}

}  // namespace anomalens
