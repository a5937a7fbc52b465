// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/comparison.hpp"
#include "anomalens/metrics.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/trainer.hpp"
#include "guard.hpp"
#include "options.hpp"
#include "results.hpp"
#include "span.hpp"

/// What JavaScript calls, where the engine's own function does not take addresses. Arguments are checked in TypeScript.
namespace anomalens::binding {

// --- models --------------------------------------------------------------------------------------------------------
inline Autoencoder* autoencoder(const ModelOptions& options) {
  return guard([&] { return std::make_unique<Autoencoder>(options); });
}

/// Rows in, numbers out: the methods of a model that take a chunk of a table, which begins at row `first_row`.
template <auto Method, class Number = float>
bool read(const Autoencoder& model, Address data, bool doubles, Size rows, Size columns, Size first_row, Address out,
          Size count) {
  return guard([&] { (model.*Method)(table(data, doubles, rows, columns), cells<Number>(out, count), first_row); });
}

/// The score of one row of doubles; NaN when it failed. Takes fewer arguments, for callers that score on every frame.
inline float score_row(const Autoencoder& model, Address row, Size columns) {
  float score = std::numeric_limits<float>::quiet_NaN();
  guard([&] { model.score(table(row, true, 1, columns), {&score, 1}); });
  return score;
}
inline bool activations(const Autoencoder& model, Address data, bool doubles, Size columns, Address out, Size count) {
  return guard([&] { model.activations(table(data, doubles, 1, columns), cells<float>(out, count)); });
}
/// `features` are as many integers as there are columns.
inline std::optional<Reasons> reasons(const Autoencoder& model, Address data, bool doubles, Size columns,
                                      Address features) {
  return guard([&] {
    return Reasons::of(model.reasons(table(data, doubles, 1, columns), cells<const std::int32_t>(features, columns)));
  });
}
inline std::optional<RepairSteps> repair(const Autoencoder& model, Address data, bool doubles, Size columns,
                                         Address features, Size most) {
  return guard([&] {
    return RepairSteps::of(
        model.repair(table(data, doubles, 1, columns), cells<const std::int32_t>(features, columns), most));
  });
}
inline std::optional<Anatomy> anatomy(const Autoencoder& model, Address data, bool doubles, Size columns) {
  return guard([&] { return model.anatomy(table(data, doubles, 1, columns)); });
}
inline bool p_values(const Autoencoder& model, Address scores, Size count, Address out) {
  return guard([&] { model.p_values(cells<const float>(scores, count), cells<double>(out, count)); });
}
inline std::optional<double> calibrate(Autoencoder& model, Address scores, Size count, const GivenRule& rule) {
  return guard(
      [&] { return model.calibrate_scores(cells<const float>(scores, count), Crossing<ThresholdRule>::in(rule)); });
}
inline Size layer_count(const Autoencoder& model, int net) { return model.layers(net).size(); }
inline LayerShape layer(const Autoencoder& model, int net, Size index) { return model.layers(net)[index]; }
inline Span parameters(const Autoencoder& model, int net) { return lend(model.parameters(net)); }
/// Columns that the detector leaves out.
inline Span skipped(const Autoencoder& model) {
  return model.encoding() == nullptr ? Span{} : lend(model.encoding()->skipped);
}
inline std::optional<Span> constant(const Autoencoder& model) {
  return guard([&] { return lend(model.scaler().constant()); });
}
/// Not clamped as scaled cells are, so that differences of large ones are told.
inline std::optional<double> scaled(const Autoencoder& model, Size column, double value) {
  return guard([&] {
    const Scaler& scaler = model.scaler();
    return scaler.constant()[column] != 0 ? static_cast<double>(scaler.scaled(column, value))
                                          : scaler.deviation(column, value);
  });
}

// --- comparing -----------------------------------------------------------------------------------------------------
/// Those of the training rows, kept until the next.
inline std::optional<Tallied> tallies(const Autoencoder& model) {
  static Tallies kept;
  return guard([&] {
    kept = tallies_of(model.trained_encoding());
    return Tallied{lend(kept.column), lend(kept.width), lend(kept.counts)};
  });
}
inline bool tally_rows(const Autoencoder& model, Address data, bool doubles, Size rows, Size columns, Address counts,
                       Size count) {
  return guard(
      [&] { tally(model.trained_encoding(), table(data, doubles, rows, columns), cells<double>(counts, count)); });
}
inline std::optional<double> homogeneous(Address counts, Address others, Size count) {
  return guard([&] { return homogeneity(cells<const double>(counts, count), cells<const double>(others, count)); });
}

// --- thresholds ----------------------------------------------------------------------------------------------------
inline bool check_rule(const GivenRule& rule, Size rows) {
  return guard([&] { Crossing<ThresholdRule>::in(rule).validate(rows); });
}
/// Into as many bytes as there are p-values.
inline bool discover(Address p_values, Size count, double rate, Address out) {
  return guard([&] {
    std::ranges::copy(discoveries(cells<const double>(p_values, count), rate), cells<std::uint8_t>(out, count).begin());
  });
}

// --- training ------------------------------------------------------------------------------------------------------
/// Before the rows are taken in, which takes a while.
inline bool check_training(const Autoencoder& model, const TrainOptions& options, Size rows, Size columns) {
  constexpr double kMostMemory = 2147483648.0;  // of a module
  return guard([&] {
    options.require_room(model.options(), rows, columns, kMostMemory);
    options.validate(model.options(), rows, columns);
  });
}
/// What each integer says of a column: 0 a number, 1 a category, -1 one that is kept however rarely its values repeat, any
/// other the period of a cycle.
inline std::vector<Column> columns_of(std::span<const std::int32_t> kinds) {
  std::vector<Column> columns;
  for (const std::int32_t kind : kinds) {
    if (kind >= -1 && kind <= 1) {
      columns.push_back({.kind = kind == 0 ? ColumnKind::kNumber : ColumnKind::kCategory, .kept = kind == -1});
    } else {
      columns.push_back({.kind = ColumnKind::kCycle, .period = static_cast<double>(kind)});
    }
  }
  return columns;
}
/// Rows for `model`: for training on, scaled or encoded as it has learned. `kinds` are as many integers as there are
/// columns, for the detector.
inline TrainingSet* training_set(const Autoencoder& model, bool resume, Size rows, Size columns, Address kinds) {
  return guard([&] {
    if (model.options().committee()) {
      return std::make_unique<TrainingSet>(resume ? TrainingSet(model.trained_encoding(), rows)
                                                  : TrainingSet(columns_of(cells<const std::int32_t>(kinds, columns)),
                                                                rows, model.options().missing_cells()));
    }
    const bool missing = model.options().missing_cells() == Missing::kMask;
    return std::make_unique<TrainingSet>(resume ? TrainingSet(model.trained_scaler(), rows)
                                                : TrainingSet(model.options().scaler, rows, columns, missing));
  });
}
template <auto Method>
bool put(TrainingSet& set, Address data, bool doubles, Size rows, Size columns) {
  return guard([&] { (set.*Method)(table(data, doubles, rows, columns)); });
}
/// Uses the training set up.
inline Trainer* trainer(Autoencoder& model, TrainingSet& set, const TrainOptions& options) {
  return guard([&] { return std::make_unique<Trainer>(model, std::move(set), options); });
}
inline std::optional<Progress> run(Trainer& trainer, Budget::Kind kind, double amount) {
  return guard([&] { return trainer.run({kind, amount}); });
}
inline std::optional<Span> losses(const Trainer& trainer) {
  return guard([&] { return lend(trainer.losses()); });
}
/// Its parameters are those of the model's member.
inline bool train_member(Trainer& trainer, int member) {
  return guard([&] { trainer.train_member(member); });
}
inline bool adopt_member(Trainer& trainer, int member, Address parameters, Size count) {
  return guard([&] { trainer.adopt_member(member, cells<const float>(parameters, count)); });
}
inline TrainReport* finish(Trainer& trainer) {
  return guard([&] {
    auto report = std::make_unique<TrainReport>();  // first: once the training is finished, nothing must fail any more
    *report = trainer.finish();
    return report;
  });
}

// --- metrics -------------------------------------------------------------------------------------------------------
template <auto Metric>
std::optional<double> metric(Address scores, Address labels, Size count) {
  return guard([&] { return Metric(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count)); });
}
inline std::optional<double> precision_at(Address scores, Address labels, Size count, Size k) {
  return guard([&] {
    return metrics::precision_at(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count), k);
  });
}
inline std::optional<metrics::Confusion> confusion(Address scores, Address labels, Size count, double threshold) {
  return guard([&] {
    return metrics::confusion(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count), threshold);
  });
}
inline metrics::Curve* curve(Address scores, Address labels, Size count) {
  return guard([&] {
    return std::make_unique<metrics::Curve>(
        metrics::curve(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count)));
  });
}

// --- lists and numbers of objects ----------------------------------------------------------------------------------
/// A list that an object has.
template <class Object, auto Member>
Span list(const Object& object) {
  return lend(object.*Member);
}

/// A member whose type JavaScript has no number for.
template <class Object, auto Member>
double number(const Object& object) {
  return static_cast<double>(object.*Member);
}
template <class Object, auto Member>
void set_number(Object& object, double value) {
  object.*Member = static_cast<std::remove_cvref_t<decltype(object.*Member)>>(value);
}

// --- data for tutorials and tests ----------------------------------------------------------------------------------
/// The options of all generators; each takes those that it has.
struct SyntheticOptions {
  std::optional<std::uint32_t> seed;
  std::optional<Size> rows;
  std::optional<Size> normals;
  std::optional<Size> anomalies;
  std::optional<unsigned> kinds;
  std::optional<double> strength;
  std::optional<double> noise;
  std::optional<double> distance;
  std::optional<synthetic::PatternKind> kind;
};

template <class Value>
void take(Value& option, const std::optional<Value>& given) {
  if (given) option = *given;
}

/// What the generator `Generate` makes, whether or not it has patterns to show.
template <class GeneratorOptions, auto Generate>
synthetic::PatternsData* generated(const SyntheticOptions& given) {
  return guard([&] {
    GeneratorOptions options;
    take(options.seed, given.seed);
    take(options.rows, given.rows);
    take(options.normals, given.normals);
    take(options.anomalies, given.anomalies);
    if constexpr (requires { options.kinds; }) take(options.kinds, given.kinds);
    if constexpr (requires { options.strength; }) take(options.strength, given.strength);
    if constexpr (requires { options.noise; }) take(options.noise, given.noise);
    if constexpr (requires { options.distance; }) take(options.distance, given.distance);
    if constexpr (requires { options.kind; }) take(options.kind, given.kind);
    auto data = std::make_unique<synthetic::PatternsData>();
    using Made = decltype(Generate(options));
    static_cast<Made&>(*data) = Generate(options);
    return data;
  });
}

}  // namespace anomalens::binding
