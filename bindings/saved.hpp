// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "flattened.hpp"
#include "guard.hpp"
#include "span.hpp"

namespace anomalens::binding {

/// A model taken apart, for JavaScript to read or to fill.
struct SavedModel {
  Model model;
  std::vector<double> center;
  std::vector<double> scale;
  std::vector<std::uint8_t> constant;
  std::vector<double> detector;  ///< flattened
  std::vector<float> pool;
};

/// What it holds: single numbers, and where its lists lie.
struct SavedParts {
  int top_k = 0;
  double threshold = 0;
  bool held_out = false;
  Span center, scale, constant, low, high, calibration, parameters, detector, pool;
};

/// Calls `work` with every single number and its part.
template <class Saved, class Parts, class Work>
void for_each_number(Saved& model, Parts& parts, Work work) {
  work(model.top_k, parts.top_k);
  work(model.threshold, parts.threshold);
  work(model.held_out, parts.held_out);
}

/// Calls `work` with every list and its span.
template <class Saved, class Parts, class Work>
void for_each_list(Saved& saved, Parts& parts, Work work) {
  work(saved.center, parts.center);
  work(saved.scale, parts.scale);
  work(saved.constant, parts.constant);
  work(saved.model.low, parts.low);
  work(saved.model.high, parts.high);
  work(saved.model.calibration, parts.calibration);
  work(saved.model.parameters, parts.parameters);
  work(saved.detector, parts.detector);
  work(saved.pool, parts.pool);
}

inline SavedModel* save(const Autoencoder& model) {
  return guard([&] {
    auto saved = std::make_unique<SavedModel>();
    saved->model = model.model();
    if (saved->model.detector) {
      saved->detector = flattened(*saved->model.detector);
      saved->pool = std::move(saved->model.detector->pool);
    }
    const Scaler& scaler = saved->model.scaler;
    saved->center.assign(scaler.center().begin(), scaler.center().end());
    saved->scale.assign(scaler.scale().begin(), scaler.scale().end());
    saved->constant.assign(scaler.constant().begin(), scaler.constant().end());
    return saved;
  });
}

/// One to be filled.
inline SavedModel* saved_model(const ModelOptions& options) {
  return guard([&] {
    auto saved = std::make_unique<SavedModel>();
    saved->model.options = options;
    return saved;
  });
}

/// The model; the lists of the scaler and of the detector are used up.
inline Autoencoder* restore(SavedModel& saved) {
  return guard([&] {
    const ModelOptions& options = saved.model.options;
    if (options.committee()) {
      saved.model.detector = unflattened(saved.detector);
      saved.model.detector->pool = std::move(saved.pool);
    } else {
      saved.model.scaler = Scaler::restored(options.scaler, std::move(saved.center), std::move(saved.scale),
                                            std::move(saved.constant), options.missing_cells() == Missing::kMask);
    }
    return std::make_unique<Autoencoder>(saved.model);
  });
}

inline SavedParts parts(const SavedModel& saved) {
  SavedParts parts;
  for_each_number(saved.model, parts, [](const auto& number, auto& part) { part = number; });
  for_each_list(saved, parts, [](const auto& list, Span& span) { span = lend(list); });
  return parts;
}

/// Takes the numbers and makes room for lists of those counts; returns where that is.
inline std::optional<SavedParts> make_room(SavedModel& saved, const SavedParts& wanted) {
  return guard([&] {
    for_each_number(saved.model, wanted, [](auto& number, const auto& part) { number = part; });
    for_each_list(saved, wanted, [](auto& list, const Span& span) { list.resize(span.count); });
    return parts(saved);
  });
}

}  // namespace anomalens::binding
