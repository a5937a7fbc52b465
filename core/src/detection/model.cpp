// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/model.hpp"

#include <algorithm>
#include <cmath>

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

void Model::validate() const {
  options.validate();
  const std::size_t columns = scaler.columns();
  if (columns == 0) refuse_saved("scaler.center", Reason::kSavedCount, {1, 0});
  std::size_t needed = 0;
  for (int m = 0; m < options.member_count(); m++) {
    const LayerShape last = layers_for(options, columns, m).back();
    needed += last.bias + static_cast<std::size_t>(last.outputs);
    if (needed > parameters.size()) break;  // refused below, before sums can wrap around
  }
  check_numbers("parameters", parameters, needed);
  check_numbers("low", low, columns);
  check_numbers("high", high, columns);
  check_numbers("calibration", calibration, calibration.size());
  if (!std::ranges::is_sorted(calibration)) refuse_saved("calibration", Reason::kSavedNotAscending);
  if (std::isnan(threshold)) refuse_saved("threshold", Reason::kSavedNotFinite, {0});
  if (options.committee()) check_statistics(committee, columns);
  const int latent = layers_for(options, columns)[encoder_layers_for(options) - 1].outputs;
  if (top_k < 0 || top_k > latent) refuse_saved("top_k", Reason::kSavedOutOfRange, {0, latent, top_k});
}

}  // namespace anomalens
