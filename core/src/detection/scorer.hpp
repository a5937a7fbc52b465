// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/model.hpp"
#include "detection/committee.hpp"
#include "network/network.hpp"
#include "network/row_network.hpp"

namespace anomalens {

/// Rows a scoring pass works on at once: the activations of a group stay in the first-level cache.
constexpr std::size_t kGroup = 64;

/// Calls visit(first, count) for groups of rows.
template <class Visit>
void for_groups(std::size_t rows, Visit visit) {
  for (std::size_t first = 0; first < rows; first += kGroup) visit(first, std::min(kGroup, rows - first));
}

/// What judges with a model: its nets, scaler and statistics, and the work space that makes judging allocate nothing.
class Scorer {
 public:
  /// With untrained nets, for rows scaled by `scaler`.
  Scorer(const ModelOptions& wanted, Scaler with, int top_k);
  /// Of a model that has been validated.
  explicit Scorer(const Model& model);
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;

  /// A copy of everything that makes the model; `threshold` must be there.
  Model model() const;

  ModelOptions options;
  Scaler scaler;
  std::vector<Network> members;
  std::vector<float> low;  ///< range of every column in training, scaled
  std::vector<float> high;
  CommitteeStatistics statistics;
  std::optional<double> threshold;
  std::vector<float> calibration;
  bool held_out = false;
  bool fitted = false;
  std::uint32_t trainings = 0;  ///< resumed ones draw other random numbers than those before

  bool committee() const { return members.size() > 1; }
  /// The parameters of all members, one after another, into `out`; and the way back from parameter_count() of them.
  void copy_parameters(std::vector<float>& out) const;
  void set_parameters(const float* parameters);
  std::size_t parameter_count() const;

  /// The rows that an open training learns from; it outlives the scorer, or calls stop_learning().
  struct LearningRows {
    const float* table;  ///< scaled, row-major
    std::span<const std::uint32_t> rows;
  };
  /// From now on the statistics are those of the weights of the moment over these rows, taken when they are needed.
  void learn_from(LearningRows rows);
  /// Tells that weights have moved.
  void weights_moved();
  /// The weights and statistics of this moment stay.
  void stop_learning();

  /// All for one group of at most kGroup scaled rows, NaN where a cell is missing.
  void score_group(std::span<const float> z, std::span<float> out);
  /// Mean over the members of the squared residuals, row-major, 0 where a cell is missing.
  void errors_group(std::span<const float> z, std::span<float> out);
  void shares_group(std::span<const float> z, std::span<float> out);
  /// Reconstruction, scaled; 0 in columns that were constant.
  void reconstruct_group(std::span<const float> z, std::span<float> out);
  /// Codes of a single net.
  void encode_group(std::span<const float> z, std::span<float> out);
  /// Codes, not scaled, to scaled rows, of a single net.
  void decode_group(std::span<const float> codes, std::span<float> out);
  /// The activations of all layers of a single net for one row, one layer after another, the row itself first.
  void activations_of(std::span<const float> z, std::span<float> out);
  /// Scores of any number of rows that are scaled already.
  void score_scaled(std::span<const float> rows, std::span<float> out);

  /// Brings the statistics up to date where an open training has moved the weights; before score or shares.
  void update_statistics();
  /// Room for a group of scaled rows, and for one of results, row-major.
  std::span<float> scaled_room(std::size_t rows) { return {scaled_.data(), rows * scaler.columns()}; }
  std::span<float> result_room(std::size_t rows) { return {errors_.data(), rows * scaler.columns()}; }
  /// Members of equal shape share the workspace of the first of them.
  std::size_t workspace_of(std::size_t member) const { return workspace_of_[member]; }

 private:
  /// One row, where a single net judges rows without gaps; the same bits as in a group.
  float score_row(std::span<const float> z);
  /// The workspace of a member with at most kGroup row-major rows as its input; missing cells enter as zeros and are
  /// marked in its mask.
  Workspace& load(std::size_t member, std::span<const float> cells, int rows);
  /// What the nets see of `z`.
  std::span<const float> seen(std::span<const float> z);

  std::optional<LearningRows> learning_;
  bool moved_ = false;                 ///< weights, since the statistics were taken
  std::vector<Workspace> workspaces_;  ///< empty for members that share another one's
  std::vector<std::size_t> workspace_of_;
  std::vector<float> scaled_;  ///< a group of rows, row-major
  std::vector<float> squashed_;
  std::vector<float> errors_;
  RowNetwork row_network_;        ///< of members[0], for rows that come one by one
  bool row_network_set_ = false;  ///< whether it has the weights of this moment
  Blocks squares_;                ///< squared residuals of a group, summed over the members
};

}  // namespace anomalens
