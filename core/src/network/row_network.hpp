// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "network/network.hpp"

namespace anomalens {

/// A copy of a network for one row at a time, with the weights so arranged that outputs lie along the lanes where a batch
/// has its rows. Gives the same bits as the network.
class RowNetwork {
 public:
  /// Takes over the present weights. Networks that keep only their largest codes are not supported.
  void take(const Network& network);

  /// Outputs for a row of scaled cells; good until the next call.
  std::span<const float> forward(const float* x);

 private:
  std::vector<LayerShape> layers_;  ///< with `outputs` a multiple of 4, and `weights` and `bias` as they lie here
  std::vector<float> parameters_;   ///< layer by layer the tiles of forward_row(), then biases
  std::vector<float> values_;       ///< outputs of the layers of even number, then of odd number
};

}  // namespace anomalens
