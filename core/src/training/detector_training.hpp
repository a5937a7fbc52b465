// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "data/training_set.hpp"
#include "detection/detector_fit.hpp"
#include "detection/detector_scorer.hpp"
#include "training/trainer_state.hpp"

namespace anomalens {

/// The training of the default detector: samples for its members, one committee or two of them, and a threshold from the
/// scores that rows get from members that did not see them.
struct DetectorTraining final : Trainer::State {
  using Trainer::State::State;

  std::unique_ptr<Scorer> new_learner() override;
  std::unique_ptr<NetTrainer> new_net(Scorer& next, std::size_t net) override;
  SelectedRows validation_rows() override;
  int default_epochs(std::size_t batches) const override;
  void follow(Scorer& next) override;
  void begin_settling() override;
  bool settle_piece() override;
  void drop_settling() noexcept override;
  Outcome conclude() override;
  void close() noexcept override;
  void describe(TrainReport& report) const override;

 private:
  std::uint32_t seed_of(std::uint32_t stream) const;
  /// The rule that was asked for, with the labels of the rows that are scored.
  ThresholdRule sampled_rule() const;
  void draw_samples(std::size_t members);
  void draw_pool();
  /// Makes the cells of a row's masked gaps NaN.
  void blank_gaps(std::size_t row, std::span<float> cells) const;

  const TrainingSet::Encoded* set_ = nullptr;
  Samples samples_;                         ///< of the members of a committee: places in the set's sample
  std::vector<std::uint32_t> pool_;         ///< places of the pool's rows
  std::vector<std::vector<float>> tables_;  ///< encoded cells of every net's sample
  DetectorScorer* scorer_ = nullptr;
  std::unique_ptr<DetectorFit> fit_;
  std::vector<float> scores_;  ///< of the sample, when concluded
};

}  // namespace anomalens
