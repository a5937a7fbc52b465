// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "guard.hpp"
#include "span.hpp"

namespace anomalens::binding {

/// A model taken apart, for JavaScript to read list by list or to fill list by list.
struct SavedModel {
  Model model;
  std::vector<double> center;
  std::vector<double> scale;
  std::vector<std::uint8_t> constant;
};

/// Its single numbers.
struct SavedNumbers {
  int top_k = 0;
  double threshold = 0;
  bool held_out = false;
  double residual_center = 0;
  double residual_spread = 1;
  double rarity_center = 0;
  double rarity_spread = 1;
};

inline SavedModel* save(const Autoencoder& model) {
  return guard([&] {
    auto saved = std::make_unique<SavedModel>();
    saved->model = model.model();
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

/// The model; the lists of the scaler are used up.
inline Autoencoder* restore(SavedModel& saved) {
  return guard([&] {
    const ModelOptions& options = saved.model.options;
    saved.model.scaler = Scaler::restored(options.scaler, std::move(saved.center), std::move(saved.scale),
                                          std::move(saved.constant), options.missing == Missing::kMask);
    return std::make_unique<Autoencoder>(saved.model);
  });
}

inline SavedNumbers numbers(const SavedModel& saved) {
  const Model& model = saved.model;
  const CommitteeStatistics& committee = model.committee;
  return {model.top_k,
          model.threshold,
          model.held_out,
          committee.residual_center,
          committee.residual_spread,
          committee.rarity_center,
          committee.rarity_spread};
}

inline void set_numbers(SavedModel& saved, const SavedNumbers& numbers) {
  CommitteeStatistics& committee = saved.model.committee;
  saved.model.top_k = numbers.top_k;
  saved.model.threshold = numbers.threshold;
  saved.model.held_out = numbers.held_out;
  committee.residual_center = numbers.residual_center;
  committee.residual_spread = numbers.residual_spread;
  committee.rarity_center = numbers.rarity_center;
  committee.rarity_spread = numbers.rarity_spread;
}

/// The list that `List` finds in a saved model.
template <auto List>
Span saved_list(const SavedModel& saved) {
  return lend(List(saved));
}

/// Room for `count` numbers in that list.
template <auto List>
std::optional<Span> saved_room(SavedModel& saved, Size count) {
  return guard([&] {
    List(saved).resize(count);
    return lend(List(saved));
  });
}

}  // namespace anomalens::binding
