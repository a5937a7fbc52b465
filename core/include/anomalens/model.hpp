// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "anomalens/architecture.hpp"
#include "anomalens/scaler.hpp"

namespace anomalens {

/// What a committee knows of its training rows (per column unless it says otherwise): the units in which it measures.
struct CommitteeStatistics {
  static constexpr int kBins = 10;

  std::vector<double> ordinary;  ///< trimmed mean of the squared residuals (the smallest 90 %) + 1e-3
  std::vector<double> low;       ///< range of the scaled values: the ends of the histogram
  std::vector<double> high;
  std::vector<double>
      rarity;  ///< columns x (kBins + 1): -ln of the smoothed relative height of each bin; last, outside
  double residual_center = 0;  ///< median and quartile distance (at least .05) of ln P and of ln H over the rows
  double residual_spread = 1;
  double rarity_center = 0;
  double rarity_spread = 1;
};

/// Everything a trained model consists of, in plain numbers: what files hold. See Autoencoder::model() and the constructor
/// that takes one.
struct Model {
  ModelOptions options;
  Scaler scaler;
  int top_k = 0;                  ///< codes a row keeps; 0: all
  std::vector<float> parameters;  ///< of all members, one after another
  std::vector<float> low;         ///< range of every column in training, scaled
  std::vector<float> high;
  CommitteeStatistics committee;  ///< empty vectors for a single net
  double threshold = 0;
  std::vector<float> calibration;  ///< scores p-values are taken from, ascending
  bool held_out = false;           ///< calibration rows took no part in the training

  /// Throws kBadFile, naming the member at fault, unless all sizes agree and all numbers are in their ranges; only
  /// the threshold may be infinite.
  void validate() const;
};

}  // namespace anomalens
