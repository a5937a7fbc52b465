// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "anomalens/autoencoder.hpp"
#include "detection/scorer.hpp"

namespace anomalens {

/// Who judges for a model: the scorer that was trained last, or that of an open training, while the one before it waits.
/// The only place where a training takes a model over or gives it back.
class Autoencoder::Seat {
 public:
  explicit Seat(ModelOptions options) : options_(std::move(options)) {}

  const ModelOptions& options() const { return options_; }
  /// Null while the model knows nothing.
  Scorer* scorer() const { return scorer_.get(); }
  /// What a training goes on from: the scorer that was trained last, or null.
  Scorer* trained() const;

  /// Installs a trained scorer.
  void install(std::unique_ptr<Scorer> trained) { scorer_ = std::move(trained); }
  /// Seats the scorer of a training that begins, in the place of another open training's if there is one. Returns the
  /// number of the training.
  std::uint64_t begin(std::unique_ptr<Scorer> learner);
  /// Whether this training is the one that began last, and whether it is still open.
  bool began_last(std::uint64_t training) const { return training == last_; }
  bool open(std::uint64_t training) const { return training == last_ && open_; }
  /// Makes the learner of the open training the model.
  void finish();
  /// Gives the model back to the scorer from before the open training.
  void abandon();

 private:
  ModelOptions options_;
  std::unique_ptr<Scorer> scorer_;
  std::unique_ptr<Scorer> before_;  ///< what waits while a training is open
  bool open_ = false;
  std::uint64_t last_ = 0;  ///< number of the training that began last
};

}  // namespace anomalens
