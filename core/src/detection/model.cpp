// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/model.hpp"

#include <algorithm>
#include <cmath>
#include <span>

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

void check_term(const char* member, const Term& term) {
  if (!std::isfinite(term.middle)) refuse_saved(member, Reason::kSavedNotFinite, {0});
  check_positive(member, term.spread);
}

void check_units(const char* member, const ResidualUnits& units, std::size_t features) {
  check_numbers(member, units.ordinary, features);
  check_numbers(member, units.surprise, features);
  for (std::size_t f = 0; f < features; f++) check_positive(member, units.ordinary[f], f);
}

std::size_t parameters_of(const ModelOptions& options, std::size_t columns, int nets, std::size_t most) {
  std::size_t needed = 0;
  if (columns == 0) return needed;
  for (int net = 0; net < nets; net++) {
    const LayerShape last = layers_for(options, columns, net % options.member_count()).back();
    needed += last.bias + static_cast<std::size_t>(last.outputs);
    if (needed > most) break;  // refused by the caller, before sums can wrap around
  }
  return needed;
}

void check_detector(const DetectorModel& detector, const ModelOptions& options, std::span<const float> parameters) {
  const Encoding& encoding = detector.encoding;
  encoding.validate();
  const std::size_t features = encoding.features.size();
  if (encoding.missing != options.missing_cells()) {
    refuse_saved("missing", Reason::kSavedCount,
                 {static_cast<int>(options.missing_cells()), static_cast<int>(encoding.missing)});
  }
  const int nets = options.net_count(detector.clean, encoding.rows);
  check_numbers("parameters", parameters, parameters_of(options, encoding.width, nets, parameters.size()));
  check_units("detector.free", detector.free, features);
  check_units("detector.trimmed", detector.trimmed, detector.clean ? 0 : features);
  const std::size_t row = detector.clean ? encoding.width : 0;  // of the pool
  check_numbers("detector.pool", detector.pool, row == 0 ? 0 : detector.pool.size() / row * row);
  check_term("detector.residual", detector.residual);
  check_term("detector.rarity", detector.rarity);
  check_term("detector.excess", detector.excess);
  check_term("detector.distance", detector.distance);
  check_positive("detector.departure", detector.departure);
}

void check_top_k(const Model& model, std::size_t columns) {
  for (int member = 0; columns > 0 && member < model.options.member_count(); member++) {
    const int latent = layers_for(model.options, columns, member)[encoder_layers_for(model.options) - 1].outputs;
    if (model.top_k < 0 || model.top_k > latent) {
      refuse_saved("top_k", Reason::kSavedOutOfRange, {0, latent, model.top_k});
    }
  }
}

void check_net(const Model& model) {
  const std::size_t columns = model.scaler.columns();
  if (columns == 0) refuse_saved("scaler.center", Reason::kSavedCount, {1, 0});
  check_numbers("parameters", model.parameters, parameters_of(model.options, columns, 1, model.parameters.size()));
  check_numbers("low", model.low, columns);
  check_numbers("high", model.high, columns);
  check_top_k(model, columns);
}

}  // namespace

void Model::validate() const {
  options.validate();
  if (options.committee() != detector.has_value())
    refuse_saved("detector", Reason::kSavedCount, {options.committee(), detector.has_value()});
  if (detector) {
    check_detector(*detector, options, parameters);
    check_top_k(*this, detector->encoding.width);
  } else {
    check_net(*this);
  }
  check_numbers("calibration", calibration, calibration.size());
  if (!std::ranges::is_sorted(calibration)) refuse_saved("calibration", Reason::kSavedNotAscending);
  // From fewer scores the detector promises nothing.
  constexpr std::size_t kFewScores = 9;
  const bool none = detector && calibration.size() < kFewScores && threshold > 0;
  if (!std::isfinite(threshold) && !none) refuse_saved("threshold", Reason::kSavedNotFinite, {0});
}

}  // namespace anomalens
