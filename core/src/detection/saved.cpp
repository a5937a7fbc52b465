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

[[noreturn]] void refuse_file(const char* sentence) { refuse(ErrorCode::kBadFile, {sentence}); }

template <class Numbers>
void check_numbers(const char* what, const Numbers& numbers, std::size_t expected) {
  if (numbers.size() != expected) {
    refuse(ErrorCode::kBadFile,
           {"The saved model must have ", expected, " numbers as its ", what, ", but it has ", numbers.size(), "."});
  }
  for (std::size_t i = 0; i < numbers.size(); i++) {
    if (!std::isfinite(numbers[i]))
      refuse(ErrorCode::kBadFile, {"Number ", i, " of the saved ", what, " is not finite."});
  }
}

void check_statistics(const CommitteeStatistics& statistics, std::size_t columns) {
  check_numbers("ordinary residuals", statistics.ordinary, columns);
  check_numbers("histogram starts", statistics.low, columns);
  check_numbers("histogram ends", statistics.high, columns);
  check_numbers("histogram heights", statistics.rarity, columns * (CommitteeStatistics::kBins + 1));
  for (const double ordinary : statistics.ordinary) {
    if (!(ordinary > 0)) refuse_file("The saved ordinary residuals must be above 0.");
  }
  for (std::size_t j = 0; j < columns; j++) {
    if (!(statistics.high[j] > statistics.low[j])) refuse_file("A saved histogram must end above its start.");
  }
  const bool centred = std::isfinite(statistics.residual_center) && std::isfinite(statistics.rarity_center);
  if (!centred || !(statistics.residual_spread > 0) || !(statistics.rarity_spread > 0) ||
      !std::isfinite(statistics.residual_spread) || !std::isfinite(statistics.rarity_spread)) {
    refuse_file("The saved centres and spreads of the score must be finite and the spreads above 0.");
  }
}

}  // namespace

ModelState Autoencoder::saved() const {
  if (!state_->fitted) refuse_unfitted();
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
  if (columns == 0) refuse_file("A saved model must have at least one column.");
  std::size_t needed = 0;
  for (int m = 0; m < model.members(); m++) {
    const LayerShape last = layers_for(state.options, columns, m).back();
    needed += last.bias + static_cast<std::size_t>(last.outputs);
    if (needed > saved.parameters.size()) break;  // refused below, before sums can wrap around
  }
  check_numbers("parameters", saved.parameters, needed);
  check_numbers("least values", saved.low, columns);
  check_numbers("largest values", saved.high, columns);
  check_numbers("calibration scores", saved.calibration, saved.calibration.size());
  if (!std::is_sorted(saved.calibration.begin(), saved.calibration.end())) {
    refuse_file("The saved calibration scores must ascend.");
  }
  if (std::isnan(saved.threshold)) refuse_file("The saved threshold is not a number.");
  if (state.options.committee()) check_statistics(saved.committee, columns);
  state.build(std::move(saved.scaler), saved.top_k);
  if (saved.top_k < 0 || saved.top_k > static_cast<int>(state.members[0].latent())) {
    refuse_file("The saved number of codes to keep must be from 0 to the width of the bottleneck.");
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
