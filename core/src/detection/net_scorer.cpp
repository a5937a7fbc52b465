// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/net_scorer.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "kernels/kernels.hpp"
#include "math/finite.hpp"
#include "refusal.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

/// Codes, as scaled cells, must not overflow on their way through the layers.
constexpr double kMostCode = 1e18;

void hold(std::span<float> results) {
  for (float& result : results) result = finite::held(result);
}

std::size_t floats_of(int rows, std::size_t features) {
  return static_cast<std::size_t>(kernels::blocks_for(static_cast<std::size_t>(rows))) * features * kLanes;
}

}  // namespace

NetScorer::NetScorer(const ModelOptions& wanted, Scaler with, int top_k) : Scorer(wanted), scaler(std::move(with)) {
  const std::size_t wide = scaler.columns();
  nets = std::vector<Network>(1);
  net() = Network(layers_for(options, wide), encoder_layers_for(options), top_k);
  workspace_ = Workspace(net().layers(), kGroup, false);
  scaled_.resize(kGroup * wide);
  errors_.resize(kGroup * wide);
  codes_.resize(kGroup * net().latent());
  low.assign(wide, 0);
  high.assign(wide, 0);
}

NetScorer::NetScorer(const Model& model) : NetScorer(model.options, model.scaler, model.top_k) {
  set_parameters(model.parameters.data());
  low = model.low;
  high = model.high;
  threshold = model.threshold;
  calibration = model.calibration;
  held_out = model.held_out;
  fitted = true;
}

Model NetScorer::model() const {
  Model model{options, scaler, net().top_k(), {}, low, high, {}, chosen(threshold), calibration, held_out};
  copy_parameters(model.parameters);
  return model;
}

bool NetScorer::sound() {
  const std::span<float> probes = scaled_room(3);
  std::ranges::fill(probes, 0.F);
  std::ranges::copy(low, probes.begin() + static_cast<std::ptrdiff_t>(columns()));
  std::ranges::copy(high, probes.begin() + static_cast<std::ptrdiff_t>(2 * columns()));
  float scores[3];
  score_group(probes, scores);
  return std::ranges::all_of(scores, [](float score) { return score < finite::kLargest; });
}

// --- groups of scaled rows -------------------------------------------------------------------------------------------
Workspace& NetScorer::load(std::span<const float> cells, int rows) {
  Blocks& input = workspace_.values[0];
  Active::gather(cells.data(), nullptr, rows, static_cast<int>(columns()), input.data());
  if (scaler.missing()) {
    if (workspace_.mask.size() != input.size()) workspace_.mask = input;
    Active::split_missing(input.data(), workspace_.mask.data(), floats_of(rows, columns()));
  }
  return workspace_;
}

void NetScorer::errors_group(std::span<const float> z, std::span<float> out) {
  const int rows = static_cast<int>(z.size() / columns());
  Workspace& workspace = load(z, rows);
  net().forward(workspace, rows);
  net().residual(workspace, rows, 1);
  float* residuals = workspace.values.back().data();
  const std::size_t count = floats_of(rows, columns());
  if (scaler.missing()) Active::multiply(residuals, workspace.mask.data(), count);
  Active::multiply(residuals, residuals, count);
  Active::scatter(residuals, rows, static_cast<int>(columns()), out.data());
  for (std::size_t i = 0; i < z.size(); i++) out[i] = std::isnan(z[i]) ? 0 : finite::error(out[i]);
}

float NetScorer::score_row(std::span<const float> z) {
  if (!row_network_set_) row_network_.take(net());
  row_network_set_ = true;
  const std::span<const float> y = row_network_.forward(z.data());
  float sum = 0;
  for (std::size_t j = 0; j < z.size(); j++) {
    const float r = y[j] - z[j];
    sum += r * r;
  }
  return sum / static_cast<float>(z.size());
}

void NetScorer::score_group(std::span<const float> z, std::span<float> out) {
  const int rows = static_cast<int>(out.size());
  if (!scaler.missing()) {
    if (rows == 1 && net().top_k() == 0) {
      out[0] = finite::error(score_row(z));
      return;
    }
    Workspace& workspace = load(z, rows);
    net().forward(workspace, rows);
    Active::row_errors(workspace.values.back().data(), workspace.values[0].data(), rows, static_cast<int>(columns()),
                       out.data());
    for (float& score : out) score = finite::error(score);
    return;
  }
  errors_group(z, errors_);
  for (std::size_t row = 0; row < out.size(); row++) {
    double sum = 0;
    double present = 0;
    for (std::size_t at = row * columns(); at < (row + 1) * columns(); at++) {
      if (std::isnan(z[at])) continue;
      sum += static_cast<double>(errors_[at]);
      present++;
    }
    out[row] = finite::narrowed(sum / present);
  }
}

void NetScorer::reconstruct_group(std::span<const float> z, std::span<float> out) {
  const int rows = static_cast<int>(z.size() / columns());
  Workspace& workspace = load(z, rows);
  net().forward(workspace, rows);
  Active::scatter(workspace.values.back().data(), rows, static_cast<int>(columns()), out.data());
  for (std::size_t i = 0; i < out.size(); i++) {
    out[i] = scaler.constant()[i % columns()] != 0 ? 0.F : finite::held(out[i]);
  }
}

void NetScorer::score_scaled(std::span<const float> rows, std::span<float> out) {
  for_groups(out.size(), [&](std::size_t first, std::size_t count) {
    score_group(rows.subspan(first * columns(), count * columns()), out.subspan(first, count));
  });
}

// --- rows of the caller's table --------------------------------------------------------------------------------------
template <class Visit>
void NetScorer::for_scaled(TableView rows, std::size_t first_row, Visit visit) {
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const std::span<float> scaled = scaled_room(count);
    scaler.transform(rows.slice(first, count), scaled, first_row + first);
    visit(std::span<const float>(scaled), first, count);
  });
}

template <class Own>
void NetScorer::restore(std::span<const float> scaled, std::span<Own> own) const {
  for (std::size_t i = 0; i < scaled.size(); i++) {
    const double cell = scaler.restore(i % columns(), static_cast<double>(scaled[i]));
    if constexpr (std::is_same_v<Own, float>) {
      own[i] = finite::narrowed(cell);
    } else {
      own[i] = finite::held(cell);
    }
  }
}

void NetScorer::score(TableView rows, std::span<float> out, std::size_t first_row) {
  for_scaled(rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    score_group(z, out.subspan(first, count));
  });
}

void NetScorer::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) {
  for_scaled(rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    errors_group(z, out.subspan(first * columns(), count * columns()));
  });
}

void NetScorer::reconstruct(TableView rows, std::span<double> out, std::size_t first_row) {
  for_scaled(rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    const std::span<float> expected(errors_.data(), count * columns());
    reconstruct_group(z, expected);
    restore<double>(expected, out.subspan(first * columns(), count * columns()));
  });
}

void NetScorer::encode(TableView rows, std::span<float> out, std::size_t first_row) {
  const std::size_t wide = net().latent();
  for_scaled(rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    Workspace& workspace = load(z, n);
    net().forward(workspace, n, 0, net().encoder_layers());
    Active::scatter(workspace.values[net().encoder_layers()].data(), n, static_cast<int>(wide),
                    out.data() + first * wide);
    hold(out.subspan(first * wide, count * wide));
  });
}

void NetScorer::decode(TableView codes, std::span<float> out, std::size_t first_row) {
  const std::size_t wide = net().latent();
  const std::size_t start = net().encoder_layers();
  for_groups(codes.rows(), [&](std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count * wide; i++) {
      const std::size_t row = first + i / wide;
      const double code = codes(row, i % wide);
      if (!std::isfinite(code)) {
        refuse(ErrorCode::kNonFinite, Reason::kCodeNotFinite, {}, {first_row + row, i % wide});
      }
      codes_[i] = static_cast<float>(std::clamp(code, -kMostCode, kMostCode));
    }
    const int n = static_cast<int>(count);
    Active::gather(codes_.data(), nullptr, n, static_cast<int>(wide), workspace_.values[start].data());
    net().forward(workspace_, n, start, net().layers().size());
    const std::span<float> rows(errors_.data(), count * columns());
    Active::scatter(workspace_.values.back().data(), n, static_cast<int>(columns()), rows.data());
    hold(rows);
    restore<float>(rows, out.subspan(first * columns(), rows.size()));
  });
}

void NetScorer::activations(TableView row, std::span<float> out) {
  for_scaled(row, 0, [&](std::span<const float> z, std::size_t, std::size_t) {
    Workspace& workspace = load(z, 1);
    net().forward(workspace, 1);
    float* at = out.data();
    for (const Blocks& values : workspace.values) {
      const auto width = static_cast<int>(values.shape()[1]);
      Active::scatter(values.data(), 1, width, at);
      at += width;
    }
    hold(out);
  });
}

}  // namespace anomalens
