// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>

#include "anomalens/synthetic.hpp"
#include "anomalens/training.hpp"
#include "wire.hpp"

/// From the structs of the wire to those of the engine.
namespace anomalens::wire {

/// Puts a value into an option when JavaScript gave one.
template <class Option>
void give(double value, Option& option) {
  if (!std::isnan(value)) option = static_cast<Option>(value);
}
template <class Option>
void give(double value, std::optional<Option>& option) {
  if (!std::isnan(value)) option = static_cast<Option>(value);
}

/// The same for yes and no.
inline void give(double value, bool& option) {
  if (!std::isnan(value)) option = value != 0;
}

/// The same for layer widths.
inline void give(double count, const double (&widths)[kMaxHidden], std::optional<std::vector<int>>& option) {
  if (!std::isnan(count)) option.emplace(widths, widths + static_cast<int>(count));
}

inline ModelOptions model_options(const Model& wire) {
  ModelOptions options;
  give(wire.hidden_count, wire.hidden, options.hidden);
  give(wire.decoder_count, wire.decoder, options.decoder);
  give(wire.latent, options.latent);
  give(wire.activation, options.activation);
  give(wire.latent_activation, options.latent_activation);
  give(wire.scaler, options.scaler);
  give(wire.missing, options.missing);
  give(wire.members, options.members);
  give(wire.seed, options.seed);
  give(wire.compatibility, options.compatibility);
  return options;
}

inline ThresholdRule threshold_rule(const Rule& wire) {
  ThresholdRule rule;
  give(wire.kind, rule.kind);
  give(wire.value, rule.value);
  give(wire.held_out, rule.held_out);
  if (!std::isnan(wire.label_count)) {
    const auto* labels = reinterpret_cast<const std::uint8_t*>(static_cast<std::uintptr_t>(wire.labels));
    rule.labels.assign(labels, labels + static_cast<std::size_t>(wire.label_count));
  }
  return rule;
}

inline Schedule schedule(const Train& wire) {
  Schedule schedule;
  give(wire.schedule_kind, schedule.kind);
  give(wire.schedule_warmup, schedule.warmup);
  give(wire.schedule_every, schedule.every);
  give(wire.schedule_patience, schedule.patience);
  give(wire.schedule_factor, schedule.factor);
  return schedule;
}

inline Sparsity sparsity(const Train& wire) {
  Sparsity sparsity;
  give(wire.sparsity_kind, sparsity.kind);
  give(wire.sparsity_weight, sparsity.weight);
  give(wire.sparsity_target, sparsity.target);
  give(wire.sparsity_k, sparsity.k);
  return sparsity;
}

inline TrainOptions train_options(const Train& wire) {
  TrainOptions options;
  give(wire.epochs, options.epochs);
  give(wire.batch_size, options.batch_size);
  give(wire.optimizer, options.optimizer);
  give(wire.learning_rate, options.learning_rate);
  give(wire.momentum, options.momentum);
  options.schedule = schedule(wire);
  give(wire.loss, options.loss);
  give(wire.weight_decay, options.weight_decay);
  give(wire.l1, options.l1);
  give(wire.dropout, options.dropout);
  give(wire.clip_norm, options.clip_norm);
  int corruptions = 0;
  give(wire.corruption_count, corruptions);
  options.corruption = std::vector<Corruption>(static_cast<std::size_t>(corruptions));
  for (int i = 0; i < corruptions; i++) {
    auto& corruption = options.corruption[static_cast<std::size_t>(i)];
    corruption = {static_cast<Corruption::Kind>(wire.corruption_kind[i]), wire.corruption_amount[i]};
  }
  options.sparsity = sparsity(wire);
  give(wire.clean, options.clean);
  give(wire.trim, options.trim);
  give(wire.validation_split, options.validation_split);
  give(wire.patience, options.patience);
  give(wire.resume, options.resume);
  if (!std::isnan(wire.threshold.kind)) options.threshold = threshold_rule(wire.threshold);
  return options;
}

/// The options that every generator has.
template <class Options>
Options synthetic_options(const Synthetic& wire) {
  Options options;
  give(wire.seed, options.seed);
  give(wire.rows, options.rows);
  give(wire.normals, options.normals);
  give(wire.anomalies, options.anomalies);
  return options;
}

/// What the generator number `which` makes: article, broken relation, wave, patterns.
inline synthetic::PatternsData generate(int which, const Synthetic& wire) {
  synthetic::PatternsData data;
  if (which == 0) {
    auto options = synthetic_options<synthetic::ArticleOptions>(wire);
    give(wire.kinds, options.kinds);
    give(wire.strength, options.strength);
    static_cast<synthetic::Data&>(data) = synthetic::article(options);
  } else if (which == 1) {
    static_cast<synthetic::Data&>(data) =
        synthetic::broken_relation(synthetic_options<synthetic::BrokenRelationOptions>(wire));
  } else if (which == 2) {
    auto options = synthetic_options<synthetic::WaveOptions>(wire);
    give(wire.noise, options.noise);
    give(wire.distance, options.distance);
    static_cast<synthetic::Data&>(data) = synthetic::wave(options);
  } else {
    auto options = synthetic_options<synthetic::PatternsOptions>(wire);
    give(wire.kinds, options.kind);
    give(wire.noise, options.noise);
    data = synthetic::patterns(options);
  }
  return data;
}

}  // namespace anomalens::wire
