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
#include "guard.hpp"
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

template <class T>
void lend(std::span<const T> span, Address out) {
  at<wire::Lent>(out) = {static_cast<double>(reinterpret_cast<Address>(span.data())), static_cast<double>(span.size())};
}

template <class T>
void hand_over(std::unique_ptr<T> object, Address out) {
  at<double>(out) = static_cast<double>(reinterpret_cast<Address>(object.release()));
}

template <class T>
void destroy(Address handle) {
  delete reinterpret_cast<T*>(handle);
}

// --- the module ----------------------------------------------------------------------------------------------------
Address contract() {
  static wire::Contract contract;
  std::ranges::copy(wire::kVersion, contract.version);
  return reinterpret_cast<Address>(&contract);
}
Address failure() { return reinterpret_cast<Address>(&wire::failure); }
double heap_bytes() { return static_cast<double>(static_cast<unsigned>(mallinfo().uordblks)); }
double stack_address() { return static_cast<double>(emscripten_stack_get_current()); }

// --- models --------------------------------------------------------------------------------------------------------
int model_create(Address options, Address out) {
  return guard([&] { hand_over(std::make_unique<Autoencoder>(wire::model_options(at<wire::Model>(options))), out); });
}
int model_status(Address model, Address out) {
  return guard([&] {
    const auto& m = at<Autoencoder>(model);
    at<wire::Status>(out) = {static_cast<double>(m.fitted()), m.threshold(), static_cast<double>(m.columns()),
                             static_cast<double>(m.latent())};
  });
}
int model_layers(Address model, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).layers(), out); });
}
int model_parameters(Address model, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).parameters(), out); });
}
int model_center(Address model, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).scaler().center(), out); });
}
int model_scale(Address model, Address out) {
  return guard([&] { lend(at<Autoencoder>(model).scaler().scale(), out); });
}
int model_fingerprint(Address model, Address out) {
  return guard([&] { at<std::uint64_t>(out) = at<Autoencoder>(model).fingerprint(); });
}
int model_set_threshold(Address model, double threshold) {
  return guard([&] { at<Autoencoder>(model).set_threshold(threshold); });
}
int model_restore(Address options, Address center, Address scale, Size columns, Address parameters, Size count,
                  double threshold, Address out) {
  return guard([&] {
    const ModelOptions model = wire::model_options(at<wire::Model>(options));
    const auto centers = cells<double>(center, columns), scales = cells<double>(scale, columns);
    hand_over(
        std::make_unique<Autoencoder>(Autoencoder::restored(
            model, Scaler::restored(model.scaler, {centers.begin(), centers.end()}, {scales.begin(), scales.end()}),
            cells<const float>(parameters, count), threshold)),
        out);
  });
}

/// score, featureErrors, reconstruct, encode, decode: a chunk of rows in, a chunk of numbers out.
template <auto Method>
int read(Address model, Address data, bool doubles, Size rows, Size columns, Size first_row, Address out, Size count) {
  return guard([&] {
    (at<Autoencoder>(model).*Method)(view(data, doubles, rows, columns), cells<float>(out, count), first_row);
  });
}
int model_activations(Address model, Address data, bool doubles, Size columns, Address out, Size count) {
  return guard([&] { at<Autoencoder>(model).activations(view(data, doubles, 1, columns), cells<float>(out, count)); });
}
int threshold_take(int kind, double value, Address scores, Size count, Address out) {
  return guard([&] {
    const ThresholdRule rule{static_cast<ThresholdRule::Kind>(kind), value};
    rule.validate();
    at<double>(out) = threshold_from(rule, cells<const float>(scores, count));
  });
}

// --- training ------------------------------------------------------------------------------------------------------
int train_check(Address options) {
  return guard([&] { wire::train_options(at<wire::Train>(options)).validate(); });
}
int set_create(int scaler, Size rows, Size columns, Address out) {
  return guard([&] { hand_over(std::make_unique<TrainingSet>(static_cast<ScalerKind>(scaler), rows, columns), out); });
}
int set_observe(Address set, Address data, bool doubles, Size rows, Size columns) {
  return guard([&] { at<TrainingSet>(set).observe(view(data, doubles, rows, columns)); });
}
int set_append(Address set, Address data, bool doubles, Size rows, Size columns) {
  return guard([&] { at<TrainingSet>(set).append(view(data, doubles, rows, columns)); });
}
int trainer_create(Address model, Address set, Address options, Address out) {
  return guard([&] {
    hand_over(std::make_unique<Trainer>(at<Autoencoder>(model), std::move(at<TrainingSet>(set)),
                                        wire::train_options(at<wire::Train>(options))),
              out);
  });
}
int trainer_progress(Address trainer, Address out) {
  return guard([&] {
    const auto& t = at<Trainer>(trainer);
    const Progress p = t.progress();
    at<wire::Progress>(out) = {static_cast<double>(p.epoch),
                               static_cast<double>(p.epochs),
                               static_cast<double>(p.step),
                               p.loss,
                               p.elapsed_ms,
                               p.eta_ms,
                               static_cast<double>(t.done())};
  });
}
int trainer_run(Address trainer, int kind, double amount) {
  return guard([&] { at<Trainer>(trainer).run({static_cast<Budget::Kind>(kind), amount}); });
}
int trainer_losses(Address trainer, Address out) {
  return guard([&] { lend(at<Trainer>(trainer).losses(), out); });
}
int trainer_set_learning_rate(Address trainer, double value) {
  return guard([&] { at<Trainer>(trainer).set_learning_rate(value); });
}
int trainer_set_weight_decay(Address trainer, double value) {
  return guard([&] { at<Trainer>(trainer).set_weight_decay(value); });
}
int trainer_finish(Address trainer, Address out) {
  return guard([&] {
    const TrainReport report = at<Trainer>(trainer).finish();
    at<wire::Report>(out) = {static_cast<double>(report.epochs), report.threshold, report.rows_per_second};
  });
}

// --- data for tutorials and tests ----------------------------------------------------------------------------------
int article_check(Address options) {
  return guard([&] { wire::article_options(at<wire::Article>(options)).validate(); });
}
int article(Address options, Address train, Address test, Address labels) {
  return guard([&] {
    const synthetic::ArticleData data = synthetic::article(wire::article_options(at<wire::Article>(options)));
    std::ranges::copy(data.train, &at<float>(train));
    std::ranges::copy(data.test, &at<float>(test));
    std::ranges::copy(data.labels, &at<std::uint8_t>(labels));
  });
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
  function("modelCenter", &model_center);
  function("modelScale", &model_scale);
  function("modelFingerprint", &model_fingerprint);
  function("modelSetThreshold", &model_set_threshold);
  function("modelRestore", &model_restore);
  function("modelScore", &read<&Autoencoder::score>);
  function("modelFeatureErrors", &read<&Autoencoder::feature_errors>);
  function("modelReconstruct", &read<&Autoencoder::reconstruct>);
  function("modelEncode", &read<&Autoencoder::encode>);
  function("modelDecode", &read<&Autoencoder::decode>);
  function("modelActivations", &model_activations);
  function("thresholdTake", &threshold_take);

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
  function("trainerSetLearningRate", &trainer_set_learning_rate);
  function("trainerSetWeightDecay", &trainer_set_weight_decay);
  function("trainerFinish", &trainer_finish);

  function("articleCheck", &article_check);
  function("article", &article);
}
