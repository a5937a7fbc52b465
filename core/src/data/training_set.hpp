// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "math/tensor.hpp"

#include "anomalens/training_set.hpp"

namespace anomalens {

struct TrainingSet::Storage {
  Scaler scaler;
  xt::xtensor<float, 2> scaled;
  bool learned = false;  ///< the scaler is final
  std::size_t observed = 0;
  std::size_t appended = 0;

  void learn() {
    if (learned) return;
    scaler.finish();
    learned = true;
  }
};

}  // namespace anomalens
