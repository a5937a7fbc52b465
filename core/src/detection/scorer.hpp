// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/model.hpp"
#include "anomalens/reasons.hpp"
#include "anomalens/table.hpp"
#include "network/network.hpp"

namespace anomalens {

class NetScorer;
class DetectorScorer;

/// Gives reasons their shares in the sum of their drops and sorts them by it; equal ones stay in their order.
std::vector<ColumnReason> by_share(std::vector<ColumnReason> reasons, double sum);

/// What judges rows of the caller's table with a model: its nets, what it knows of the training rows, and the work space
/// that makes judging allocate little. A single net (NetScorer) or the default detector (DetectorScorer).
class Scorer {
 public:
  explicit Scorer(const ModelOptions& wanted) : options(wanted) {}
  virtual ~Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;

  ModelOptions options;
  std::vector<Network> nets;
  std::optional<double> threshold;
  std::vector<float> calibration;  ///< ascending
  bool held_out = false;           ///< the calibration rows did not teach those who judged them
  bool fitted = false;
  std::uint32_t trainings = 0;  ///< resumed ones draw other random numbers than those before

  /// The parameters of all nets, one after another, into `out`; and the way back from parameter_count() of them.
  void copy_parameters(std::vector<float>& out) const;
  void set_parameters(const float* parameters);
  /// Exchanges them with those in `parameters`; allocates nothing.
  void swap_parameters(std::vector<float>& parameters);
  std::size_t parameter_count() const;

  /// A copy of everything that makes the model; `threshold` must be there.
  virtual Model model() const = 0;
  /// Of the tables it takes.
  virtual std::size_t columns() const = 0;
  /// Whether rows at the centre and at both ends of the training ranges get scores that a float holds: a model whose weights
  /// or units are too large for that judges nobody.
  virtual bool sound() = 0;
  /// Tells that weights have moved.
  virtual void weights_moved() = 0;

  virtual void score(TableView rows, std::span<float> out, std::size_t first_row) = 0;
  /// Rows x columns, as Autoencoder::feature_errors() and reconstruct() document them.
  virtual void feature_errors(TableView rows, std::span<float> out, std::size_t first_row) = 0;
  virtual void reconstruct(TableView rows, std::span<double> out, std::size_t first_row) = 0;
  /// `features` gives every column of a single net the number of its feature.
  virtual std::vector<ColumnReason> reasons(TableView row, std::span<const std::int32_t> features) = 0;
  virtual std::vector<RepairStep> repair(TableView row, std::span<const std::int32_t> features, std::size_t most) = 0;

  virtual NetScorer* as_net() { return nullptr; }
  virtual DetectorScorer* as_detector() { return nullptr; }
};

}  // namespace anomalens
