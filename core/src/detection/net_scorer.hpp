// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <vector>

#include "detection/scorer.hpp"
#include "network/row_network.hpp"

namespace anomalens {

/// Rows a scoring pass works on at once: the activations of a group stay in the first-level cache.
constexpr std::size_t kGroup = 64;

/// Calls visit(first, count) for groups of rows.
template <class Visit>
void for_groups(std::size_t rows, Visit visit) {
  for (std::size_t first = 0; first < rows; first += kGroup) visit(first, std::min(kGroup, rows - first));
}

/// A single net: scales rows, rebuilds them and measures how far they are from what they were.
class NetScorer : public Scorer {
 public:
  /// With an untrained net, for rows scaled `with` a scaler.
  NetScorer(const ModelOptions& wanted, Scaler with, int top_k);
  /// Of a model that has been validated.
  explicit NetScorer(const Model& model);

  Scaler scaler;
  std::vector<float> low;  ///< range of every column in training, scaled
  std::vector<float> high;

  Network& net() { return nets[0]; }
  const Network& net() const { return nets[0]; }

  Model model() const override;
  std::size_t columns() const override { return scaler.columns(); }
  bool sound() override;
  void weights_moved() override { row_network_set_ = false; }
  void score(TableView rows, std::span<float> out, std::size_t first_row) override;
  void feature_errors(TableView rows, std::span<float> out, std::size_t first_row) override;
  void reconstruct(TableView rows, std::span<double> out, std::size_t first_row) override;
  std::vector<ColumnReason> reasons(TableView row, std::span<const std::int32_t> features) override;
  std::vector<RepairStep> repair(TableView row, std::span<const std::int32_t> features, std::size_t most) override;
  NetScorer* as_net() override { return this; }

  /// Codes into `out`, rows x latent, and codes back to rows in the columns' own units.
  void encode(TableView rows, std::span<float> out, std::size_t first_row);
  void decode(TableView codes, std::span<float> out, std::size_t first_row);
  /// The activations of all layers for one row, one layer after another, the row itself first.
  void activations(TableView row, std::span<float> out);

  /// All for one group of at most kGroup scaled rows, NaN where a cell is missing.
  void score_group(std::span<const float> z, std::span<float> out);
  /// Squared residuals, row-major, 0 where a cell is missing.
  void errors_group(std::span<const float> z, std::span<float> out);
  /// Reconstruction, scaled; 0 in columns that were constant.
  void reconstruct_group(std::span<const float> z, std::span<float> out);
  /// Scores of any number of rows that are scaled already.
  void score_scaled(std::span<const float> rows, std::span<float> out);
  /// Room for a group of scaled rows.
  std::span<float> scaled_room(std::size_t rows) { return {scaled_.data(), rows * columns()}; }

 private:
  /// Scales group after group and calls visit(scaled group, first row of the group, its rows).
  template <class Visit>
  void for_scaled(TableView rows, std::size_t first_row, Visit visit);
  /// One row without gaps; the same bits as in a group.
  float score_row(std::span<const float> z);
  /// The workspace with at most kGroup row-major rows as its input; missing cells enter as zeros and are marked in its mask.
  Workspace& load(std::span<const float> cells, int rows);
  /// Scaled cells, from column 0 on, in the columns' own units.
  template <class Own>
  void restore(std::span<const float> scaled, std::span<Own> own) const;

  Workspace workspace_;
  std::vector<float> scaled_;  ///< a group of rows, row-major
  std::vector<float> errors_;
  std::vector<float> codes_;
  RowNetwork row_network_;        ///< of the net, for rows that come one by one
  bool row_network_set_ = false;  ///< whether it has the weights of this moment
};

}  // namespace anomalens
