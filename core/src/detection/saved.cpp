// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>

#include "anomalens/autoencoder.hpp"
#include "detection/state.hpp"
#include "refusal.hpp"

namespace anomalens {

namespace {

template <class Numbers>
void check_numbers(const char* member, const Numbers& numbers, std::size_t expected) {
  if (numbers.size() != expected) refuse_saved(member, Reason::kSavedCount, {expected, numbers.size()});
  for (std::size_t i = 0; i < numbers.size(); i++) {
    if (!std::isfinite(numbers[i])) refuse_saved(member, Reason::kSavedNotFinite, {i});
  }
}

void check_positive(const char* member, double number, std::size_t at = 0) {
  if (!std::isfinite(number)) refuse_saved(member, Reason::kSavedNotFinite, {at});
  if (!(number > 0)) refuse_saved(member, Reason::kSavedNotPositive, {at});
}

void check_statistics(const CommitteeStatistics& statistics, std::size_t columns) {
  check_numbers("committee.ordinary", statistics.ordinary, columns);
  check_numbers("committee.low", statistics.low, columns);
  check_numbers("committee.high", statistics.high, columns);
  check_numbers("committee.rarity", statistics.rarity, columns * (CommitteeStatistics::kBins + 1));
  for (std::size_t j = 0; j < columns; j++) {
    check_positive("committee.ordinary", statistics.ordinary[j], j);
    if (!(statistics.high[j] > statistics.low[j])) refuse_saved("committee.high", Reason::kSavedNotAbove, {j});
  }
  check_positive("committee.residual_spread", statistics.residual_spread);
  check_positive("committee.rarity_spread", statistics.rarity_spread);
  if (!std::isfinite(statistics.residual_center)) {
    refuse_saved("committee.residual_center", Reason::kSavedNotFinite, {0});
  }
  if (!std::isfinite(statistics.rarity_center)) refuse_saved("committee.rarity_center", Reason::kSavedNotFinite, {0});
}

}  // namespace

ModelState Autoencoder::saved() const {
  if (!state_->fitted) refuse_untrained();
  ModelState saved;
  saved.options = state_->options;
  saved.scaler = state_->scaler;
  saved.top_k = state_->members[0].top_k();
  state_->copy_parameters(saved.parameters);
  saved.low = state_->low;
  saved.high = state_->high;
  saved.committee = state_->statistics;
  saved.threshold = state_->threshold;
  saved.calibration = state_->calibration;
  saved.held_out = state_->held_out;
  return saved;
}

Autoencoder Autoencoder::restored(ModelState saved) {
  Autoencoder model(std::move(saved.options));
  State& state = *model.state_;
  const std::size_t columns = saved.scaler.columns();
  if (columns == 0) refuse_saved("scaler.center", Reason::kSavedCount, {1, 0});
  std::size_t needed = 0;
  for (int m = 0; m < model.members(); m++) {
    const LayerShape last = layers_for(state.options, columns, m).back();
    needed += last.bias + static_cast<std::size_t>(last.outputs);
    if (needed > saved.parameters.size()) break;  // refused below, before sums can wrap around
  }
  check_numbers("parameters", saved.parameters, needed);
  check_numbers("low", saved.low, columns);
  check_numbers("high", saved.high, columns);
  check_numbers("calibration", saved.calibration, saved.calibration.size());
  if (!std::is_sorted(saved.calibration.begin(), saved.calibration.end())) {
    refuse_saved("calibration", Reason::kSavedNotAscending);
  }
  if (std::isnan(saved.threshold)) refuse_saved("threshold", Reason::kSavedNotFinite, {0});
  if (state.options.committee()) check_statistics(saved.committee, columns);
  state.build(std::move(saved.scaler), saved.top_k);
  if (saved.top_k < 0 || saved.top_k > static_cast<int>(state.members[0].latent())) {
    refuse_saved("top_k", Reason::kSavedOutOfRange, {0, state.members[0].latent(), saved.top_k});
  }
  state.set_parameters(saved.parameters.data());
  state.low = std::move(saved.low);
  state.high = std::move(saved.high);
  state.statistics = std::move(saved.committee);
  state.threshold = saved.threshold;
  state.calibration = std::move(saved.calibration);
  state.held_out = saved.held_out;
  state.fitted = true;
  return model;
}

}  // namespace anomalens
