// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/error.hpp"
#include "anomalens/synthetic.hpp"
#include "data/experiment.hpp"

/// What several suites need.
namespace anomalens::testing {

/// Required agreement with PyTorch.
constexpr double kRelative = 1e-5;
/// Weights below it are compared absolutely, within kRelative * kFloor = 1e-6.
constexpr double kFloor = 0.1;

constexpr Activation kActivations[] = {Activation::kLinear, Activation::kRelu, Activation::kTanh, Activation::kSigmoid};

/// Largest |got - wanted| / max(|wanted|, floor); infinite where sizes differ or a number is not finite.
template <class Got, class Wanted>
double distance(const Got& got, const Wanted& wanted, double floor = 0) {
  if (std::size(got) != std::size(wanted)) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < std::size(got); i++) {
    const auto g = static_cast<double>(got[i]);
    const auto w = static_cast<double>(wanted[i]);
    if (g == w) continue;
    const double d = std::fabs(g - w) / std::max(std::fabs(w), floor);
    if (!std::isfinite(d)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, d);
  }
  return worst;
}

/// FNV-1a, 64 bits, over 32-bit words, low byte first: the hash of the fixtures.
template <class Words>
std::uint64_t fnv1a(const Words& words) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const auto item : words) {
    const auto word = std::bit_cast<std::uint32_t>(item);
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((word >> shift) & 0xFFU)) * 0x100000001B3ULL;
  }
  return hash;
}

inline bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
           return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
         });
}

/// The error that `call` ends with, if any.
template <class Call>
std::optional<Error> error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

#define CHECK_CODE(call, wanted)                                                     \
  do {                                                                               \
    const auto error_ = ::anomalens::testing::error_of([&] { call; });               \
    CHECK_MESSAGE(error_.has_value(), #call " did not fail");                        \
    if (error_) CHECK(static_cast<int>(error_->code()) == static_cast<int>(wanted)); \
  } while (false)

inline ModelOptions model_options(const fixtures::Experiment& e) {
  ModelOptions options;
  options.hidden.assign(e.hidden.begin(), e.hidden.begin() + static_cast<std::ptrdiff_t>(e.hidden_count));
  options.hidden_given = true;
  options.latent = e.latent;
  options.activation = e.activation;
  options.seed = e.seed;
  options.compatibility = Compatibility::kPytorch;
  return options;
}

inline TrainOptions train_options(const fixtures::Experiment& e) {
  TrainOptions options;
  options.epochs = e.epochs;
  options.batch_size = e.batch_size;
  options.learning_rate = e.learning_rate;
  options.weight_decay = e.weight_decay;
  return options;
}

inline TableView table_of(const fixtures::Experiment& e) { return {e.table.data(), e.rows, e.columns}; }

inline std::vector<float> scores_of(const Autoencoder& model, TableView rows) {
  std::vector<float> scores(rows.rows());
  model.score(rows, scores);
  return scores;
}

/// A small native-mode model of a given shape.
inline ModelOptions small_options(Activation activation = Activation::kTanh, std::vector<int> hidden = {9, 5},
                                  int latent = 3) {
  ModelOptions options;
  options.hidden = std::move(hidden);
  options.hidden_given = true;
  options.latent = latent;
  options.activation = activation;
  options.seed = 7;
  return options;
}

inline TrainOptions short_training(int epochs = 6, int batch_size = 16) {
  TrainOptions options;
  options.epochs = epochs;
  options.batch_size = batch_size;
  options.learning_rate = 1e-2;
  options.weight_decay = 1e-4;
  return options;
}

/// Four linked columns; 61 rows are no multiple of anything.
inline std::vector<float> small_table(std::size_t rows = 61, std::uint32_t seed = 5) {
  synthetic::ArticleOptions options;
  options.seed = seed;
  options.rows = rows;
  options.normals = 0;
  options.anomalies = 0;
  return synthetic::article(options).train;
}

inline TableView view(const std::vector<float>& table, std::size_t columns = 4) {
  return {table.data(), table.size() / columns, columns};
}

}  // namespace anomalens::testing
