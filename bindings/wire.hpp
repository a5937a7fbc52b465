// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>

#include "anomalens/architecture.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/training.hpp"

/// What crosses between C++ and JavaScript: plain structs of doubles, read and written field by field in this order.
/// bindings/ts/wire.ts declares the same fields; both sides compare their counts when the module is loaded.
namespace anomalens::wire {

/// The version that the JavaScript beside this module must have.
inline constexpr char kVersion[16] = "0.1.0";

/// Most hidden layers an encoder may have; the wire holds a place for each.
inline constexpr int kMaxHidden = 16;

/// ModelOptions. NaN anywhere means "not given": the default of the C++ struct stays.
struct Model {
  double hidden_count;
  double hidden[kMaxHidden];
  double latent;
  double activation;
  double scaler;
  double seed;
  double compatibility;
};

/// TrainOptions. NaN means "not given".
struct Train {
  double epochs;
  double batch_size;
  double learning_rate;
  double weight_decay;
  double threshold_kind;
  double threshold_value;
};

/// synthetic::ArticleOptions. NaN means "not given".
struct Article {
  double seed;
  double rows;
  double normals;
  double anomalies;
  double kinds;
  double strength;
};

/// Progress and what else is asked after every run.
struct Progress {
  double epoch;
  double epochs;
  double step;
  double loss;
  double elapsed_ms;
  double eta_ms;
  double done;
};

/// TrainReport without its losses, which JavaScript reads before it finishes a training.
struct Report {
  double epochs;
  double threshold;
  double rows_per_second;
};

/// What a model is at this moment.
struct Status {
  double fitted;
  double threshold;
  double columns;
  double latent;
};

/// Memory lent to JavaScript until the next call: an address and the number of elements there.
struct Lent {
  double address;
  double count;
};

/// The last failure, kept outside the heap so that it can be told when the heap is full.
struct Failure {
  double row;     ///< -1: no cell is to blame
  double column;  ///< -1: no cell is to blame
  double option_bytes;
  double message_bytes;
  char option[48];
  char message[976];
};

/// How many doubles each struct holds, and the version: compared when the module is loaded.
struct Contract {
  double model = sizeof(Model) / sizeof(double);
  double train = sizeof(Train) / sizeof(double);
  double article = sizeof(Article) / sizeof(double);
  double progress = sizeof(Progress) / sizeof(double);
  double report = sizeof(Report) / sizeof(double);
  double status = sizeof(Status) / sizeof(double);
  double failure = sizeof(Failure) / sizeof(double);
  double layer = sizeof(LayerShape) / sizeof(std::int32_t);
  char version[16] = {};
};

/// Puts a value into an option when JavaScript gave one.
template <class Option>
void give(double value, Option& option) {
  if (!std::isnan(value)) option = static_cast<Option>(value);
}

inline ModelOptions model_options(const Model& wire) {
  ModelOptions options;
  options.hidden_given = !std::isnan(wire.hidden_count);
  if (options.hidden_given) options.hidden.assign(wire.hidden, wire.hidden + static_cast<int>(wire.hidden_count));
  give(wire.latent, options.latent);
  give(wire.activation, options.activation);
  give(wire.scaler, options.scaler);
  give(wire.seed, options.seed);
  give(wire.compatibility, options.compatibility);
  return options;
}

inline TrainOptions train_options(const Train& wire) {
  TrainOptions options;
  give(wire.epochs, options.epochs);
  give(wire.batch_size, options.batch_size);
  give(wire.learning_rate, options.learning_rate);
  give(wire.weight_decay, options.weight_decay);
  give(wire.threshold_kind, options.threshold.kind);
  give(wire.threshold_value, options.threshold.value);
  return options;
}

inline synthetic::ArticleOptions article_options(const Article& wire) {
  synthetic::ArticleOptions options;
  give(wire.seed, options.seed);
  give(wire.rows, options.rows);
  give(wire.normals, options.normals);
  give(wire.anomalies, options.anomalies);
  give(wire.kinds, options.kinds);
  give(wire.strength, options.strength);
  return options;
}

}  // namespace anomalens::wire
