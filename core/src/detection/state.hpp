// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "network/network.hpp"

namespace anomalens {

/// Rows a scoring pass works on at once: the activations of a group stay in the first-level cache.
constexpr std::size_t kGroup = 64;

/// Everything a model knows. `network` is empty until a training starts.
struct Autoencoder::State {
  ModelOptions options;
  Scaler scaler;
  Network network;
  /// NaN while no threshold has been set.
  double threshold = std::numeric_limits<double>::quiet_NaN();
  bool fitted = false;
  /// For scoring; kept, so that scoring one row allocates nothing.
  Workspace workspace;
  std::vector<float> scaled;
  std::vector<float> codes;

  bool usable() const { return !network.layers().empty(); }
  /// Installs a network for rows scaled by `scaler` and makes room for scoring.
  void build(Scaler with);
  /// Scores of rows that are scaled already.
  void score_scaled(std::span<const float> rows, std::span<float> out);
};

}  // namespace anomalens
