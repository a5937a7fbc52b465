// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "anomalens/autoencoder.hpp"
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

/// Everything a model knows. `members` is empty until a training starts.
struct Autoencoder::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ModelOptions options;
  Scaler scaler;
  std::vector<Network> members;
  std::vector<float> low;  ///< range of every column in training, scaled
  std::vector<float> high;
  CommitteeStatistics statistics;
  double threshold = std::numeric_limits<double>::quiet_NaN();
  std::vector<float> calibration;
  bool held_out = false;
  bool fitted = false;
  std::uint32_t trainings = 0;  ///< resumed ones draw other random numbers than those before
  /// Brings `statistics` up to date while a trainer moves the weights; null when they are.
  void (*refresh)(void* trainer) = nullptr;
  void* trainer = nullptr;

  /// The number of the training that works on this state; 0 if none ever did.
  std::uint64_t lease = 0;
  /// Where the open training keeps the model's state from before it; null when no training is open.
  std::unique_ptr<State>* before = nullptr;

  /// For scoring; kept, so that scoring one row allocates nothing. Members of equal shape share a workspace.
  std::vector<Workspace> workspaces;  ///< by workspace_of; of members that share the one of an earlier member: empty
  std::vector<std::size_t> workspace_of;
  std::vector<float> scaled;  ///< a group of rows, row-major
  std::vector<float> squashed;
  std::vector<float> errors;
  std::vector<float> codes;
  RowNetwork row_network;        ///< of members[0], for rows that come one by one
  bool row_network_set = false;  ///< whether it has the final weights
  Blocks squares;                ///< squared residuals of a group, summed over the members

  bool usable() const { return !members.empty(); }
  bool committee() const { return members.size() > 1; }
  void update_statistics() const {
    if (refresh != nullptr) refresh(trainer);
  }
  /// A state to train on from: the same model with a work space of its own.
  std::unique_ptr<State> successor() const;
  /// The parameters of all members, one after another, into `out`; and the way back from parameter_count() of them.
  void copy_parameters(std::vector<float>& out) const;
  void set_parameters(const float* parameters);
  std::size_t parameter_count() const;
  /// Installs untrained members for rows scaled by `with` and makes room for scoring.
  void build(Scaler with, int top_k);

  /// All for one group of at most kGroup scaled rows, NaN where a cell is missing.
  void score_group(std::span<const float> z, std::span<float> out);
  /// The same for one row, where a single net judges rows without gaps; the same bits.
  float score_row(std::span<const float> z);
  /// Mean over the members of the squared residuals, row-major, 0 where a cell is missing.
  void errors_group(std::span<const float> z, std::span<float> out);
  void shares_group(std::span<const float> z, std::span<float> out);
  /// Reconstruction, scaled; 0 in columns that were constant.
  void reconstruct_group(std::span<const float> z, std::span<float> out);

  /// Scores of any number of rows that are scaled already.
  void score_scaled(std::span<const float> rows, std::span<float> out);
  /// The workspace of a member with at most kGroup row-major rows as its input; missing cells enter as zeros and are
  /// marked in its mask.
  Workspace& load(std::size_t member, std::span<const float> cells, int rows);
};

}  // namespace anomalens
