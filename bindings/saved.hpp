// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "anomalens/autoencoder.hpp"
#include "wire.hpp"

namespace anomalens::wire {

/// A model taken apart, for JavaScript to read list by list or to fill list by list.
struct TakenApart {
  ModelState state;
  std::vector<double> center;
  std::vector<double> scale;
  std::vector<std::uint8_t> constant;
};

inline TakenApart taken_apart(const Autoencoder& model) {
  TakenApart parts;
  parts.state = model.saved();
  const Scaler& scaler = parts.state.scaler;
  parts.center.assign(scaler.center().begin(), scaler.center().end());
  parts.scale.assign(scaler.scale().begin(), scaler.scale().end());
  parts.constant.assign(scaler.constant().begin(), scaler.constant().end());
  return parts;
}

/// Throws kBadFile.
inline Autoencoder put_together(TakenApart& parts) {
  const ModelOptions& options = parts.state.options;
  parts.state.scaler = Scaler::restored(options.scaler, std::move(parts.center), std::move(parts.scale),
                                        std::move(parts.constant), options.missing == Missing::kMask);
  return Autoencoder::restored(std::move(parts.state));
}

/// Calls visit(list number `which`); wire.ts names the lists in this order.
template <class Visit>
void visit_list(TakenApart& parts, int which, Visit visit) {
  CommitteeStatistics& committee = parts.state.committee;
  switch (which) {
    case 0:
      return visit(parts.center);
    case 1:
      return visit(parts.scale);
    case 2:
      return visit(parts.constant);
    case 3:
      return visit(parts.state.low);
    case 4:
      return visit(parts.state.high);
    case 5:
      return visit(parts.state.calibration);
    case 6:
      return visit(parts.state.parameters);
    case 7:
      return visit(committee.ordinary);
    case 8:
      return visit(committee.low);
    case 9:
      return visit(committee.high);
    default:
      return visit(committee.rarity);
  }
}

inline Saved numbers_of(const ModelState& state) {
  const CommitteeStatistics& committee = state.committee;
  return {static_cast<double>(state.top_k), state.threshold,           static_cast<double>(state.held_out),
          committee.residual_center,        committee.residual_spread, committee.rarity_center,
          committee.rarity_spread};
}

inline void set_numbers(ModelState& state, const Saved& numbers) {
  CommitteeStatistics& committee = state.committee;
  state.top_k = static_cast<int>(numbers.top_k);
  state.threshold = numbers.threshold;
  state.held_out = numbers.held_out != 0;
  committee.residual_center = numbers.residual_center;
  committee.residual_spread = numbers.residual_spread;
  committee.rarity_center = numbers.rarity_center;
  committee.rarity_spread = numbers.rarity_spread;
}

}  // namespace anomalens::wire
