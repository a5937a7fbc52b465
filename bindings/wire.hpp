// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "anomalens/architecture.hpp"

/// What crosses between C++ and JavaScript: plain structs of doubles, read and written field by field in this order.
/// bindings/ts/wire.ts declares the same fields; both sides compare their counts when the module is loaded.
/// In what JavaScript gives, NaN means "not given": the default of the C++ struct stays.
namespace anomalens::wire {

/// The version that the JavaScript beside this module must have.
inline constexpr char kVersion[16] = "0.1.0";

/// Most hidden layers an encoder or a decoder may have, and most kinds of corruption; the wire holds a place for each.
inline constexpr int kMaxHidden = 16;
inline constexpr int kMaxCorruption = 8;

/// ModelOptions.
struct Model {
  double hidden_count;
  double hidden[kMaxHidden];
  double decoder_count;
  double decoder[kMaxHidden];
  double latent;
  double activation;
  double latent_activation;
  double scaler;
  double missing;
  double members;
  double seed;
  double compatibility;
};

/// ThresholdRule. `labels` is the address of `label_count` bytes, lent for the call.
struct Rule {
  double kind;
  double value;
  double held_out;
  double labels;
  double label_count;
};

/// TrainOptions.
struct Train {
  double epochs;
  double batch_size;
  double optimizer;
  double learning_rate;
  double momentum;
  double schedule_kind;
  double schedule_warmup;
  double schedule_every;
  double schedule_patience;
  double schedule_factor;
  double loss;
  double weight_decay;
  double l1;
  double dropout;
  double clip_norm;
  double corruption_count;
  double corruption_kind[kMaxCorruption];
  double corruption_amount[kMaxCorruption];
  double sparsity_kind;
  double sparsity_weight;
  double sparsity_target;
  double sparsity_k;
  double clean;
  double trim;
  double validation_split;
  double patience;
  double resume;
  Rule threshold;
};

/// The options of all generators of namespace synthetic; each reads its own.
struct Synthetic {
  double seed;
  double rows;
  double normals;
  double anomalies;
  double kinds;
  double strength;
  double noise;
  double distance;
};

/// Progress and what else is asked after every run.
struct Progress {
  double epoch;
  double epochs;
  double step;
  double loss;
  double validation_loss;
  double elapsed_ms;
  double eta_ms;
  double done;
};

/// TrainReport without its losses.
struct Report {
  double epochs;
  double threshold;
  double rule;
  double calibration_rows;
  double stopped;
  double rows_per_second;
};

/// What a model is at this moment.
struct Status {
  double fitted;
  double threshold;
  double columns;
  double latent;
  double members;
  double parameters;
};

/// The single numbers of a saved model; its lists are lent one by one.
struct Saved {
  double top_k;
  double threshold;
  double held_out;
  double residual_center;
  double residual_spread;
  double rarity_center;
  double rarity_spread;
};

/// anomalens::Repair.
struct Repair {
  double group;
  double column;
  double from;
  double to;
  double score;
};

/// metrics::Confusion.
struct Confusion {
  double true_positives;
  double false_positives;
  double true_negatives;
  double false_negatives;
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
  double rule = sizeof(Rule) / sizeof(double);
  double train = sizeof(Train) / sizeof(double);
  double synthetic = sizeof(Synthetic) / sizeof(double);
  double progress = sizeof(Progress) / sizeof(double);
  double report = sizeof(Report) / sizeof(double);
  double status = sizeof(Status) / sizeof(double);
  double saved = sizeof(Saved) / sizeof(double);
  double repair = sizeof(Repair) / sizeof(double);
  double confusion = sizeof(Confusion) / sizeof(double);
  double failure = sizeof(Failure) / sizeof(double);
  double layer = sizeof(LayerShape) / sizeof(std::int32_t);
  char version[16] = {};
};

}  // namespace anomalens::wire
