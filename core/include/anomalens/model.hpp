// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/detector_model.hpp"
#include "anomalens/scaler.hpp"

namespace anomalens {

/// Everything a trained model consists of, in plain numbers: what files hold. See Autoencoder::model() and the constructor
/// that takes one.
struct Model {
  ModelOptions options;
  Scaler scaler;
  int top_k = 0;                  ///< codes a row keeps; 0: all
  std::vector<float> parameters;  ///< of all nets, one after another
  std::vector<float> low;         ///< range of every column in training, scaled
  std::vector<float> high;
  std::optional<DetectorModel> detector;  ///< of the default detector, which has no scaler and no ranges of its own
  double threshold = 0;
  std::vector<float> calibration;  ///< scores p-values are taken from, ascending
  bool held_out = false;           ///< calibration rows took no part in the training

  /// Throws kBadFile, naming the member at fault, unless all sizes agree and all numbers are in their ranges; only
  /// the threshold of a detector of fewer than nine rows may be infinite.
  void validate() const;
};

}  // namespace anomalens
