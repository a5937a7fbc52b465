// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// The table between C++ and JavaScript: numbers and addresses in, a status code out (0 = done, else an ErrorCode whose
// sentence is in wire::failure). Handles are addresses of objects made here. Arguments are checked in TypeScript.

#include <emscripten/bind.h>
#include <emscripten/stack.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "anomalens/metrics.hpp"
#include "guard.hpp"
#include "options.hpp"
#include "saved.hpp"
#include "wire.hpp"

namespace {

using namespace anomalens;  // this file is the table of everything in it
using wire::guard;

using Address = std::uintptr_t;
using Size = std::size_t;

static_assert(sizeof(LayerShape) == 5 * sizeof(std::int32_t), "wire.ts reads a layer as five 32-bit integers");

template <class T>
T& at(Address address) {
  return *reinterpret_cast<T*>(address);
}

template <class T>
std::span<T> cells(Address address, Size count) {
  return {reinterpret_cast<T*>(address), count};
}

TableView view(Address data, bool doubles, Size rows, Size columns) {
  return doubles ? TableView(reinterpret_cast<const double*>(data), rows, columns)
                 : TableView(reinterpret_cast<const float*>(data), rows, columns);
}

template <class List>
void lend(const List& list, Address out) {
  at<wire::Lent>(out) = {static_cast<double>(reinterpret_cast<Address>(list.data())), static_cast<double>(list.size())};
}

template <class T>
void hand_over(T object, Address out) {
  at<double>(out) = static_cast<double>(reinterpret_cast<Address>(new T(std::move(object))));
}

template <class T>
void destroy(Address handle) {
  delete reinterpret_cast<T*>(handle);
}

double number(auto value) { return static_cast<double>(value); }

// --- the module ----------------------------------------------------------------------------------------------------
Address contract() {
  static wire::Contract contract;
  std::ranges::copy(wire::kVersion, contract.version);
  return reinterpret_cast<Address>(&contract);
}
Address failure() { return reinterpret_cast<Address>(&wire::failure); }
double heap_bytes() { return number(static_cast<unsigned>(mallinfo().uordblks)); }
double stack_address() { return number(emscripten_stack_get_current()); }

// --- models --------------------------------------------------------------------------------------------------------
int model_create(Address options, Address out) {
  return guard([&] { hand_over(Autoencoder(wire::model_options(at<wire::Model>(options))), out); });
}
int model_status(Address model, Address out) {
  return guard([&] {
    const auto& m = at<Autoencoder>(model);
    at<wire::Status>(out) = {number(m.fitted()), m.threshold(),       number(m.columns()),
                             number(m.latent()), number(m.members()), number(m.parameter_count())};
  });
}
int model_layers(Address model, int member, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).layers(member), out); });
}
int model_parameters(Address model, int member, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).parameters(member), out); });
}
int model_constant(Address model, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).scaler().constant(), out); });
}
int model_scaled(Address model, int column, double value, Address out) {
  return guard(
      [&] { at<double>(out) = number(at<Autoencoder>(model).scaler().scaled(static_cast<Size>(column), value)); });
}
int model_fingerprint(Address model, Address out) {
  return guard([&] { at<std::uint64_t>(out) = at<Autoencoder>(model).fingerprint(); });
}
int model_set_threshold(Address model, double threshold) {
  return guard([&] { at<Autoencoder>(model).set_threshold(threshold); });
}
int model_calibrate(Address model, Address scores, Size count, Address rule, Address out) {
  return guard([&] {
    const ThresholdRule how = wire::threshold_rule(at<wire::Rule>(rule));
    at<double>(out) = at<Autoencoder>(model).calibrate_scores(cells<const float>(scores, count), how);
  });
}

/// A chunk of rows in, a chunk of numbers out. `which` counts the methods in the order of bindings/ts/glue.ts.
int model_read(int which, Address model, Address data, bool doubles, Size rows, Size columns, Size first_row,
               Address out, Size count) {
  return guard([&] {
    using Method = void (Autoencoder::*)(TableView, std::span<float>, Size) const;
    constexpr Method kMethods[] = {&Autoencoder::score,       &Autoencoder::feature_errors, &Autoencoder::shares,
                                   &Autoencoder::reconstruct, &Autoencoder::encode,         &Autoencoder::decode};
    const auto& m = at<Autoencoder>(model);
    const TableView table = view(data, doubles, rows, columns);
    if (static_cast<Size>(which) < std::size(kMethods)) {
      (m.*kMethods[which])(table, cells<float>(out, count), first_row);
    } else {
      m.expected(table, cells<double>(out, count), first_row);
    }
  });
}
int model_activations(Address model, Address data, bool doubles, Size columns, Address out, Size count) {
  return guard([&] { at<Autoencoder>(model).activations(view(data, doubles, 1, columns), cells<float>(out, count)); });
}
int model_repair(Address model, Address data, bool doubles, Size columns, Address groups, Address out) {
  return guard([&] {
    const Repair r =
        at<Autoencoder>(model).repair(view(data, doubles, 1, columns), cells<const std::int32_t>(groups, columns));
    at<wire::Repair>(out) = {number(r.group), number(r.column), r.from, r.to, r.score};
  });
}
int model_p_values(Address model, Address scores, Size count, Address out) {
  return guard([&] { at<Autoencoder>(model).p_values(cells<const float>(scores, count), cells<double>(out, count)); });
}

// --- thresholds ----------------------------------------------------------------------------------------------------
int rule_check(Address rule, Size rows) {
  return guard([&] { wire::threshold_rule(at<wire::Rule>(rule)).validate(rows); });
}
int discover(Address p_values, Size count, double rate, Address out) {
  return guard(
      [&] { std::ranges::copy(discoveries(cells<const double>(p_values, count), rate), &at<std::uint8_t>(out)); });
}

// --- files ---------------------------------------------------------------------------------------------------------
int saved_of(Address model, Address out) {
  return guard([&] { hand_over(wire::taken_apart(at<Autoencoder>(model)), out); });
}
int saved_create(Address options, Address out) {
  return guard([&] {
    wire::TakenApart parts;
    parts.state.options = wire::model_options(at<wire::Model>(options));
    hand_over(std::move(parts), out);
  });
}
int saved_list(Address saved, int which, Address out) {
  return guard([&] { visit_list(at<wire::TakenApart>(saved), which, [&](const auto& list) { lend(list, out); }); });
}
int saved_room(Address saved, int which, Size count, Address out) {
  return guard([&] {
    visit_list(at<wire::TakenApart>(saved), which, [&](auto& list) {
      list.resize(count);
      lend(list, out);
    });
  });
}
int saved_numbers(Address saved, Address out) {
  return guard([&] { at<wire::Saved>(out) = wire::numbers_of(at<wire::TakenApart>(saved).state); });
}
int saved_set_numbers(Address saved, Address numbers) {
  return guard([&] { wire::set_numbers(at<wire::TakenApart>(saved).state, at<wire::Saved>(numbers)); });
}
int saved_restore(Address saved, Address out) {
  return guard([&] { hand_over(wire::put_together(at<wire::TakenApart>(saved)), out); });
}

// --- training ------------------------------------------------------------------------------------------------------
int train_check(Address model, Address options, Size rows, Size columns) {
  return guard([&] {
    const TrainOptions train = wire::train_options(at<wire::Train>(options));
    train.validate(at<Autoencoder>(model).options(), rows, columns);
  });
}
/// Rows for `model`: for another training of it with its own scaler (`resume`), else with a new one.
int set_create(Address model, bool resume, Size rows, Size columns, Address out) {
  return guard([&] {
    const auto& m = at<Autoencoder>(model);
    const bool missing = m.options().missing == Missing::kMask;
    hand_over(resume ? TrainingSet(m.scaler(), rows) : TrainingSet(m.options().scaler, rows, columns, missing), out);
  });
}
int set_observe(Address set, Address data, bool doubles, Size rows, Size columns) {
  return guard([&] { at<TrainingSet>(set).observe(view(data, doubles, rows, columns)); });
}
int set_append(Address set, Address data, bool doubles, Size rows, Size columns) {
  return guard([&] { at<TrainingSet>(set).append(view(data, doubles, rows, columns)); });
}
int trainer_create(Address model, Address set, Address options, Address out) {
  return guard([&] {
    auto trainer = std::make_unique<Trainer>(at<Autoencoder>(model), std::move(at<TrainingSet>(set)),
                                             wire::train_options(at<wire::Train>(options)));
    at<double>(out) = number(reinterpret_cast<Address>(trainer.release()));
  });
}
int trainer_progress(Address trainer, Address out) {
  return guard([&] {
    const auto& t = at<Trainer>(trainer);
    const Progress p = t.progress();
    at<wire::Progress>(out) = {
        number(p.epoch), number(p.epochs), number(p.step),  p.loss, p.validation_loss.value_or(std::nan("")),
        p.elapsed_ms,    p.eta_ms,         number(t.done())};
  });
}
int trainer_run(Address trainer, int kind, double amount) {
  return guard([&] { at<Trainer>(trainer).run({static_cast<Budget::Kind>(kind), amount}); });
}
int trainer_losses(Address trainer, Address out) {
  return guard([&] { lend(at<Trainer>(trainer).losses(), out); });
}
template <auto Method>
int trainer_set(Address trainer, double value) {
  return guard([&] { (at<Trainer>(trainer).*Method)(value); });
}
int trainer_train_member(Address trainer, int member) {
  return guard([&] { at<Trainer>(trainer).train_member(member); });
}
int trainer_adopt_member(Address trainer, int member, Address parameters, Size count) {
  return guard([&] { at<Trainer>(trainer).adopt_member(member, cells<const float>(parameters, count)); });
}
int trainer_settle(Address trainer, double ms, Address out) {
  return guard([&] { at<double>(out) = number(at<Trainer>(trainer).settle(ms)); });
}
int trainer_finish(Address trainer, Address out) {
  return guard([&] { hand_over(at<Trainer>(trainer).finish(), out); });
}
int report_read(Address report, Address out) {
  return guard([&] {
    const auto& r = at<TrainReport>(report);
    at<wire::Report>(out) = {number(r.epochs),           r.threshold,       number(r.rule.kind),
                             number(r.calibration_rows), number(r.stopped), r.rows_per_second};
  });
}
int report_losses(Address report, bool validation, Address out) {
  return guard([&] {
    const auto& r = at<TrainReport>(report);
    lend(validation ? r.validation_loss : r.loss, out);
  });
}

// --- metrics -------------------------------------------------------------------------------------------------------
template <auto Metric>
int metric(Address scores, Address labels, Size count, Address out) {
  return guard(
      [&] { at<double>(out) = Metric(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count)); });
}
int precision_at(Address scores, Address labels, Size count, Size k, Address out) {
  return guard([&] {
    at<double>(out) =
        metrics::precision_at(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count), k);
  });
}
int confusion(Address scores, Address labels, Size count, double threshold, Address out) {
  return guard([&] {
    const metrics::Confusion c =
        metrics::confusion(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count), threshold);
    at<wire::Confusion>(out) = {number(c.true_positives), number(c.false_positives), number(c.true_negatives),
                                number(c.false_negatives)};
  });
}
int curve_create(Address scores, Address labels, Size count, Address out) {
  return guard([&] {
    hand_over(metrics::curve(cells<const float>(scores, count), cells<const std::uint8_t>(labels, count)), out);
  });
}
int curve_list(Address curve, int which, Address out) {
  return guard([&] {
    const auto& c = at<metrics::Curve>(curve);
    const std::vector<double>* lists[] = {&c.thresholds, &c.true_positive_rate, &c.false_positive_rate, &c.precision};
    lend(*lists[which], out);
  });
}

// --- data for tutorials and tests ----------------------------------------------------------------------------------
int data_create(int which, Address options, Address out) {
  return guard([&] { hand_over(wire::generate(which, at<wire::Synthetic>(options)), out); });
}
int data_list(Address data, int which, Address out) {
  return guard([&] {
    const auto& d = at<synthetic::PatternsData>(data);
    const std::vector<float>* lists[] = {&d.train, &d.test, &d.patterns};
    lend(*lists[which], out);
  });
}
int data_labels(Address data, Address out) {
  return guard([&] { lend(at<synthetic::PatternsData>(data).labels, out); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(anomalens) {
  using emscripten::function;
  function("contract", &contract);
  function("failure", &failure);
  function("heapBytes", &heap_bytes);
  function("stackAddress", &stack_address);

  function("modelCreate", &model_create);
  function("modelDestroy", &destroy<Autoencoder>);
  function("modelStatus", &model_status);
  function("modelLayers", &model_layers);
  function("modelParameters", &model_parameters);
  function("modelConstant", &model_constant);
  function("modelScaled", &model_scaled);
  function("modelFingerprint", &model_fingerprint);
  function("modelSetThreshold", &model_set_threshold);
  function("modelCalibrate", &model_calibrate);
  function("modelRead", &model_read);
  function("modelActivations", &model_activations);
  function("modelRepair", &model_repair);
  function("modelPValues", &model_p_values);

  function("ruleCheck", &rule_check);
  function("discover", &discover);

  function("savedOf", &saved_of);
  function("savedCreate", &saved_create);
  function("savedDestroy", &destroy<wire::TakenApart>);
  function("savedList", &saved_list);
  function("savedRoom", &saved_room);
  function("savedNumbers", &saved_numbers);
  function("savedSetNumbers", &saved_set_numbers);
  function("savedRestore", &saved_restore);

  function("trainCheck", &train_check);
  function("setCreate", &set_create);
  function("setDestroy", &destroy<TrainingSet>);
  function("setObserve", &set_observe);
  function("setAppend", &set_append);
  function("trainerCreate", &trainer_create);
  function("trainerDestroy", &destroy<Trainer>);
  function("trainerProgress", &trainer_progress);
  function("trainerRun", &trainer_run);
  function("trainerLosses", &trainer_losses);
  function("trainerSetLearningRate", &trainer_set<&Trainer::set_learning_rate>);
  function("trainerSetWeightDecay", &trainer_set<&Trainer::set_weight_decay>);
  function("trainerSetL1", &trainer_set<&Trainer::set_l1>);
  function("trainerTrainMember", &trainer_train_member);
  function("trainerAdoptMember", &trainer_adopt_member);
  function("trainerSettle", &trainer_settle);
  function("trainerFinish", &trainer_finish);
  function("reportRead", &report_read);
  function("reportLosses", &report_losses);
  function("reportDestroy", &destroy<TrainReport>);

  function("auroc", &metric<&metrics::auroc>);
  function("averagePrecision", &metric<&metrics::average_precision>);
  function("precisionAt", &precision_at);
  function("confusion", &confusion);
  function("curveCreate", &curve_create);
  function("curveList", &curve_list);
  function("curveDestroy", &destroy<metrics::Curve>);

  function("dataCreate", &data_create);
  function("dataList", &data_list);
  function("dataLabels", &data_labels);
  function("dataDestroy", &destroy<synthetic::PatternsData>);
}
