// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "detection/detector_fit.hpp"
#include "detection/scorer.hpp"

namespace anomalens {

/// The default detector as a Scorer.
class DetectorScorer : public Scorer {
 public:
  /// With untrained nets, for rows that `encoding` encodes.
  DetectorScorer(const ModelOptions& wanted, Encoding encoding, bool clean);
  /// Of a model that has been validated.
  explicit DetectorScorer(const Model& model);

  Detector& detector() { return *detector_; }
  const Detector& detector() const { return *detector_; }
  /// Nets of one committee.
  std::size_t members() const { return static_cast<std::size_t>(options.member_count()); }
  Anatomy anatomy(TableView row);

  /// The rows that an open training learns from; it outlives this, or calls stop_following().
  struct Learning {
    const EncodedRows* rows;
    const Samples* samples;
    std::span<const std::uint32_t> pool;
  };
  /// From now on units and terms are those of the weights of the moment over these rows, taken when they are needed.
  void follow(Learning rows);
  /// Those of this moment stay.
  void stop_following() { learning_.reset(); }

  Model model() const override;
  std::size_t columns() const override { return detector_->encoding().columns.size(); }
  bool sound() override { return detector_->sound(); }
  void weights_moved() override { moved_ = true; }
  void score(TableView rows, std::span<float> out, std::size_t first_row) override;
  void feature_errors(TableView rows, std::span<float> out, std::size_t first_row) override;
  void reconstruct(TableView rows, std::span<double> out, std::size_t first_row) override;
  std::vector<ColumnReason> reasons(TableView row, std::span<const std::int32_t> features) override;
  std::vector<RepairStep> repair(TableView row, std::span<const std::int32_t> features, std::size_t most) override;
  DetectorScorer* as_detector() override { return this; }

 private:
  /// Brings units and terms up to date where an open training has moved the weights.
  void catch_up();

  std::unique_ptr<Detector> detector_;
  std::optional<Learning> learning_;
  bool moved_ = false;
};

}  // namespace anomalens
