// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "anomalens/architecture.hpp"
#include "anomalens/training.hpp"

namespace anomalens::fixtures {

/// One training run of PyTorch: what went in and what came out.
struct Experiment {
  const char* name;
  std::size_t rows;
  std::size_t columns;
  std::array<int, 4> hidden;
  std::size_t hidden_count;
  int latent;
  Activation activation;
  std::uint32_t seed;
  int epochs;
  int batch_size;
  double learning_rate;
  double weight_decay;
  double threshold;       ///< 0.95 quantile of `errors`
  std::uint64_t initial;  ///< FNV-1a over the bits of all initial parameters
  std::array<int, 4> decoder = {};
  std::size_t decoder_count = 0;  ///< 0: mirrored
  Activation latent_activation = Activation::kLinear;
  LossKind loss = LossKind::kMse;
  OptimizerKind optimizer = OptimizerKind::kAdam;
  double momentum = 0;
  double l1 = 0;
  double clip = 0;
  Schedule schedule = {};
  Sparsity sparsity = {};
  std::span<const double> table;
  std::span<const double> center;
  std::span<const double> scale;
  std::span<const std::uint64_t> orders;  ///< FNV-1a over every epoch's row order
  std::span<const double> losses;
  std::span<const float> final;
  std::span<const float> errors;
};

}  // namespace anomalens::fixtures
