// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/error.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/trainer.hpp"
#include "data/experiment.hpp"

/// What several suites need.
namespace anomalens::testing {

/// Required agreement with PyTorch.
constexpr double kRelative = 1e-5;
/// Weights below it are compared absolutely, within kRelative * kFloor = 1e-6.
constexpr double kFloor = 0.1;

constexpr Activation kActivations[] = {Activation::kLinear,  Activation::kRelu,      Activation::kTanh,
                                       Activation::kSigmoid, Activation::kLeakyRelu, Activation::kElu,
                                       Activation::kGelu,    Activation::kSoftplus};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr float kFloatNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

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

/// Expects an error that names `option`.
template <class Call>
void check_option(Call call, const std::string& option) {
  CAPTURE(option);
  const auto error = error_of(call);
  REQUIRE_MESSAGE(error, "not refused");
  CHECK(static_cast<int>(error->code()) == static_cast<int>(ErrorCode::kBadOption));
  REQUIRE(error->option() != nullptr);
  CHECK(error->option() == option);
}

inline ModelOptions model_options(const fixtures::Experiment& e) {
  ModelOptions options;
  options.hidden.emplace(e.hidden.begin(), e.hidden.begin() + static_cast<std::ptrdiff_t>(e.hidden_count));
  if (e.decoder_count > 0) {
    options.decoder.emplace(e.decoder.begin(), e.decoder.begin() + static_cast<std::ptrdiff_t>(e.decoder_count));
  }
  options.latent = e.latent;
  options.activation = e.activation;
  options.latent_activation = e.latent_activation;
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
  options.loss = e.loss;
  options.optimizer = e.optimizer;
  options.momentum = e.momentum;
  options.schedule = e.schedule;
  options.l1 = e.l1;
  options.clip_norm = e.clip;
  options.sparsity = e.sparsity;
  return options;
}

inline TableView table_of(const fixtures::Experiment& e) { return {e.table.data(), e.rows, e.columns}; }

/// The rows as a set that a model with these options learns from.
inline TrainingSet set_for(const ModelOptions& model, TableView rows) {
  const Missing missing = model.missing_cells();
  if (model.committee()) return TrainingSet(std::vector<Column>(rows.columns()), rows, missing);
  return TrainingSet(model.scaler, rows, missing == Missing::kMask);
}

inline std::vector<float> scores_of(const Autoencoder& model, TableView rows) {
  std::vector<float> scores(rows.rows());
  model.score(rows, scores);
  return scores;
}

/// Reasons of one row whose columns are features of their own, in the order of the columns.
inline std::vector<ColumnReason> reasons_of(const Autoencoder& model, TableView row) {
  std::vector<std::int32_t> apart(row.columns());
  std::iota(apart.begin(), apart.end(), 0);
  std::vector<ColumnReason> reasons = model.reasons(row, apart);
  std::ranges::sort(reasons, {}, &ColumnReason::column);
  return reasons;
}

/// Shares of all columns in the score of every row, rows x columns; 0 where a column has none.
inline std::vector<float> shares_of(const Autoencoder& model, TableView rows) {
  std::vector<float> shares(rows.rows() * rows.columns(), 0.F);
  for (std::size_t row = 0; row < rows.rows(); row++) {
    for (const ColumnReason& reason : reasons_of(model, rows.slice(row, 1))) {
      shares[row * rows.columns() + reason.column] = static_cast<float>(reason.share);
    }
  }
  return shares;
}

/// The report of a new model's training.
inline TrainReport fit_new(const ModelOptions& model, TableView rows, const TrainOptions& options) {
  Autoencoder subject(model);
  return fit(subject, rows, options);
}

/// A small native-mode model of a given shape.
inline ModelOptions small_options(Activation activation = Activation::kTanh, std::vector<int> hidden = {9, 5},
                                  int latent = 3) {
  ModelOptions options;
  options.hidden = std::move(hidden);
  options.latent = latent;
  options.activation = activation;
  options.seed = 7;
  return options;
}

inline ThresholdRule rule(ThresholdRule::Kind kind, double value = 0) {
  ThresholdRule made;
  made.kind = kind;
  made.value = value;
  return made;
}

/// All rows learn: the threshold is a quantile of their own scores.
inline TrainOptions short_training(int epochs = 6, int batch_size = 16) {
  TrainOptions options;
  options.epochs = epochs;
  options.batch_size = batch_size;
  options.learning_rate = 1e-2;
  options.weight_decay = 1e-4;
  options.threshold = rule(ThresholdRule::Kind::kQuantile, 0.95);
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

/// The small table with every seventh cell missing.
inline std::vector<float> table_with_holes(std::size_t rows = 90) {
  std::vector<float> table = small_table(rows);
  for (std::size_t i = 3; i < table.size(); i += 7) table[i] = kFloatNaN;
  return table;
}

/// A model with every option of the architecture away from its default.
inline ModelOptions every_model_option(int members = 1) {
  ModelOptions options = small_options(Activation::kGelu, {9, 5}, 4);
  options.decoder = {6, 7};
  options.latent_activation = Activation::kSigmoid;
  if (members == 1) options.scaler = ScalerKind::kRobust;
  options.missing = Missing::kMask;
  options.members = members;
  return options;
}

/// A training with every option away from its default.
inline TrainOptions every_train_option() {
  using Kind = Corruption::Kind;
  TrainOptions options = short_training(14);
  options.optimizer = OptimizerKind::kRmsProp;
  options.momentum = 0.5;
  options.learning_rate = 1e-3;
  options.schedule.kind = Schedule::Kind::kCosine;
  options.schedule.warmup = 3;
  options.loss = LossKind::kHuber;
  options.l1 = 1e-4;
  options.dropout = 0.2;
  options.clip_norm = 0.5;
  options.corruption = {
      {Kind::kGaussian, 0.1}, {Kind::kMask, 0.1}, {Kind::kSaltPepper, 0.05}, {Kind::kSwap, 0.1}, {Kind::kScale, 0.1}};
  options.sparsity.kind = Sparsity::Kind::kKl;
  options.sparsity.weight = 0.1;
  options.sparsity.target = 0.2;
  options.clean = false;
  options.trim = 0.2;
  options.validation_split = 0.2;
  options.patience = 8;
  options.threshold = rule(ThresholdRule::Kind::kConformal, 0.1);
  return options;
}

inline TableView view(const std::vector<float>& table, std::size_t columns = 4) {
  return {table.data(), table.size() / columns, columns};
}

}  // namespace anomalens::testing
