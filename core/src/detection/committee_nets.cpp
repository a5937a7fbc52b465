// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/committee_nets.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.hpp"
#include "math/finite.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

std::size_t floats_of(std::size_t rows, std::size_t columns) {
  return static_cast<std::size_t>(kernels::blocks_for(rows)) * columns * kLanes;
}

}  // namespace

CommitteeNets::CommitteeNets(std::span<const Network> members, const Encoding& encoding)
    : encoding_(&encoding), members_(members), workspaces_(members.size()), workspace_of_(members.size()) {
  for (std::size_t m = 0; m < members.size(); m++) {
    std::size_t home = 0;
    while (!members[home].same_shape(members[m])) home++;
    workspace_of_[m] = home;
    if (home == m) workspaces_[m] = Workspace(members[m].layers(), kJudged, false);
  }
  if (!members.empty()) squares_ = workspaces_[0].values[0];
  outputs_.resize(kJudged * encoding.width);
  block_.resize(encoding.width);
}

Workspace& CommitteeNets::run(std::size_t member, const float* cells, int rows) {
  Workspace& workspace = workspaces_[workspace_of_[member]];
  Active::gather(cells, nullptr, rows, static_cast<int>(encoding_->width), workspace.values[0].data());
  members_[member].forward(workspace, rows);
  return workspace;
}

void CommitteeNets::add_probabilities(const EncodedGroup& group, std::span<const float> outputs,
                                      const std::uint8_t* asked, xt::xtensor<double, 2>& out) {
  const Encoding& encoding = *encoding_;
  const std::size_t features = encoding.features.size();
  for (std::size_t f = 0; f < features; f++) {
    const Feature& feature = encoding.features[f];
    if (!encoding.categorical(feature)) continue;
    const std::span<double> block(block_.data(), feature.width);
    for (std::size_t row = 0; row < group.rows; row++) {
      const std::int32_t code = group.codes[row * features + f];
      if (code < 0 || (asked != nullptr && asked[row] == 0)) continue;
      std::copy_n(outputs.data() + row * encoding.width + feature.at, feature.width, block.data());
      encoding.category(feature).probabilities(block);
      out(row, f) += block[static_cast<std::size_t>(code)];
    }
  }
}

void CommitteeNets::residuals(const EncodedGroup& group, std::span<const std::uint8_t> unseen,
                              xt::xtensor<double, 2>& out) {
  const Encoding& encoding = *encoding_;
  const int rows = static_cast<int>(group.rows);
  const int width = static_cast<int>(encoding.width);
  const std::size_t count = floats_of(group.rows, encoding.width);
  out.resize({group.rows, encoding.features.size()});
  out.fill(0);
  std::fill_n(squares_.data(), count, 0.F);
  // Whom to ask about every row: all members where none is left.
  std::vector<std::uint8_t> asked(unseen.begin(), unseen.end());
  std::vector<double> judges(group.rows, 0);
  for (std::size_t row = 0; row < group.rows; row++) {
    for (std::size_t m = 0; m < members_.size(); m++) judges[row] += asked.empty() ? 1 : asked[m * group.rows + row];
    if (judges[row] > 0) continue;
    for (std::size_t m = 0; m < members_.size(); m++) asked[m * group.rows + row] = 1;
    judges[row] = static_cast<double>(members_.size());
  }
  std::vector<float> factors(kJudged, 1.F);
  for (std::size_t m = 0; m < members_.size(); m++) {
    const std::uint8_t* of_member = asked.empty() ? nullptr : asked.data() + m * group.rows;
    Workspace& workspace = run(m, group.cells, rows);
    float* y = workspace.values.back().data();
    if (!encoding.categories.empty()) {
      Active::scatter(y, rows, width, outputs_.data());
      add_probabilities(group, outputs_, of_member, out);
    }
    if (of_member != nullptr) std::copy_n(of_member, group.rows, factors.begin());
    Active::add_squares(y, workspace.values[0].data(), of_member != nullptr ? factors.data() : nullptr, squares_.data(),
                        kernels::blocks_for(group.rows), width);
  }
  Active::scatter(squares_.data(), rows, width, outputs_.data());
  double* q = out.data();
  for (std::size_t row = 0; row < group.rows; row++) {
    const float* cells = outputs_.data() + row * encoding.width;
    for (const Feature& feature : encoding.features) {
      if (!encoding.categorical(feature)) {
        for (std::size_t k = feature.at; k < feature.at + feature.width; k++) *q += static_cast<double>(cells[k]);
      }
      *q /= judges[row];
      // A cell that cannot be rebuilt is as strange as can be, a value that nets give no probability was never seen.
      if (!std::isfinite(*q)) *q = encoding.categorical(feature) ? 0 : static_cast<double>(finite::kLargest);
      q++;
    }
  }
}

bool CommitteeNets::sound(std::size_t rows) const {
  const std::span<const float> squares(outputs_.data(), rows * encoding_->width);
  return std::ranges::all_of(squares, [](float square) { return std::isfinite(square); });
}

void CommitteeNets::mean_outputs(const float* cells, std::size_t rows, std::span<float> out) {
  const std::size_t count = floats_of(rows, encoding_->width);
  std::fill_n(squares_.data(), count, 0.F);
  for (std::size_t m = 0; m < members_.size(); m++) {
    const float* y = run(m, cells, static_cast<int>(rows)).values.back().data();
    for (std::size_t i = 0; i < count; i++) squares_.data()[i] += y[i];
  }
  Active::multiply(squares_.data(), 1.F / static_cast<float>(members_.size()), count);
  Active::scatter(squares_.data(), static_cast<int>(rows), static_cast<int>(encoding_->width), out.data());
  for (float& mean : out.first(rows * encoding_->width)) mean = finite::held(mean);
}

}  // namespace anomalens
