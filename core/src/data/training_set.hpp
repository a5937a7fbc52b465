// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "anomalens/training_set.hpp"
#include "data/encoding_fit.hpp"
#include "math/tensor.hpp"

namespace anomalens {

/// What a detector learns from: some rows of the table, or all of them.
struct TrainingSet::Encoded {
  Encoding encoding;
  EncodedRows sample;
  std::vector<std::uint32_t> rows;  ///< their numbers in the table, ascending
};

struct TrainingSet::Storage {
  void begin_encoding();

  // For a single net.
  Scaler scaler;
  xt::xtensor<float, 2> scaled;
  bool learned = false;  ///< the scaler is final
  std::size_t observed = 0;
  std::size_t appended = 0;
  // For the detector.
  std::unique_ptr<EncodingFit> fit;  ///< until all rows are encoded
  std::unique_ptr<Encoding> known;   ///< to train on with
  std::unique_ptr<Encoded> encoded;  ///< so far
  std::size_t rows = 0;
  std::vector<Column> columns;
  Missing missing = Missing::kLearn;

  /// A piece of what the scaler has to learn; returns whether none is left.
  bool learn_next() {
    if (!learned) learned = scaler.finish_next();
    return learned;
  }
};

}  // namespace anomalens
