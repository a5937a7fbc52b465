// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "anomalens/encoding.hpp"
#include "math/tensor.hpp"
#include "network/network.hpp"

namespace anomalens {

/// Rows that are judged at once: their activations stay in the first-level cache.
constexpr std::size_t kJudged = 64;

/// A group of at most kJudged encoded rows.
struct EncodedGroup {
  std::size_t rows = 0;
  const float* cells = nullptr;         ///< rows x width
  const std::int32_t* codes = nullptr;  ///< rows x features
  const double* rarity = nullptr;       ///< rows x features
};

/// The group of `rows` from `first` on.
inline EncodedGroup group_of(const Encoding& encoding, const EncodedRows& rows, std::size_t first, std::size_t count) {
  const std::size_t features = encoding.features.size();
  return {count, rows.cells.data() + first * encoding.width, rows.codes.data() + first * features,
          rows.rarity.data() + first * features};
}

/// Nets that learned from different samples of the same rows, and what they say together.
class CommitteeNets {
 public:
  CommitteeNets() = default;
  /// The nets and the encoding must outlive this.
  CommitteeNets(std::span<const Network> members, const Encoding& encoding);

  bool empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }

  /// q into `out` (rows x features): number and cycle, the mean squared residual over the members; category, the mean
  /// probability that they give to the value that is there, 0 for a value never seen. `unseen` (members x rows, or empty
  /// for all) says whom to ask about which row: 1 for members that did not learn from it; if there is none, all are asked.
  void residuals(const EncodedGroup& group, std::span<const std::uint8_t> unseen, xt::xtensor<double, 2>& out);
  /// Whether all members' outputs for the `rows` rows of the last residuals() were numbers whose squares a float holds.
  bool sound(std::size_t rows) const;
  /// Mean of the members' outputs, rows x width.
  void mean_outputs(const float* cells, std::size_t rows, std::span<float> out);

 private:
  /// The workspace with a member's outputs for the rows that were loaded last.
  Workspace& run(std::size_t member, const float* cells, int rows);
  void add_probabilities(const EncodedGroup& group, std::span<const float> outputs, const std::uint8_t* asked,
                         xt::xtensor<double, 2>& out);

  const Encoding* encoding_ = nullptr;
  std::span<const Network> members_;
  std::vector<Workspace> workspaces_;  ///< empty for members that share an earlier one's
  std::vector<std::size_t> workspace_of_;
  Blocks squares_;
  std::vector<float> outputs_;  ///< a group's, row-major
  std::vector<double> block_;   ///< of one category
};

}  // namespace anomalens
