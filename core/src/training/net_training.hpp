// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "detection/net_scorer.hpp"
#include "training/trainer_state.hpp"

namespace anomalens {

/// The training of a single net, and its threshold from scores of rows held out or of the rows it learned from.
struct NetTraining final : Trainer::State {
  using Trainer::State::State;

  std::unique_ptr<Scorer> new_learner() override;
  std::unique_ptr<NetTrainer> new_net(Scorer& next, std::size_t net) override;
  SelectedRows validation_rows() override;
  int default_epochs(std::size_t batches) const override;
  void follow(Scorer& next) override;
  void begin_settling() override;
  bool settle_piece() override;
  void drop_settling() noexcept override { scores_ = {}; }
  Outcome conclude() override;
  void close() noexcept override { scores_ = {}; }
  void describe(TrainReport& report) const override;

 private:
  void measure_ranges(NetScorer& next) const;
  SelectedRows rows_of(std::vector<std::uint32_t> chosen) const;

  NetScorer* scorer_ = nullptr;
  std::vector<std::uint32_t> judged_;  ///< rows the threshold is taken from
  std::vector<float> scores_;          ///< theirs; the first `scored_` are known
  std::size_t scored_ = 0;
};

}  // namespace anomalens
