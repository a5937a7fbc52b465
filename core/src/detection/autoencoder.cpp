// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/autoencoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "anomalens/error.hpp"
#include "detection/state.hpp"
#include "kernels/kernels.hpp"

namespace anomalens {

using kernels::Active;

namespace {

void check_room(std::span<float> out, std::size_t needed) {
  if (out.size() == needed) return;
  throw Error(ErrorCode::kShape, "The results need room for " + std::to_string(needed) + " numbers, but there is room for " +
                                     std::to_string(out.size()) + ".");
}

/// Calls visit(first, count) for groups of rows.
template <class Visit>
void for_groups(std::size_t rows, Visit visit) {
  for (std::size_t first = 0; first < rows; first += kGroup) visit(first, std::min(kGroup, rows - first));
}

}  // namespace

void Autoencoder::State::build(Scaler with) {
  network = Network(layers_for(options, with.columns()));
  workspace = Workspace(network.layers(), kGroup);
  scaled.resize(kGroup * with.columns());
  codes.resize(kGroup * network.latent());
  scaler = std::move(with);
}

void Autoencoder::State::score_scaled(std::span<const float> rows, std::span<float> out) {
  const std::size_t columns = network.columns();
  for_groups(out.size(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    const int features = static_cast<int>(columns);
    Active::gather(rows.data() + first * columns, nullptr, n, features, workspace.values[0].data());
    network.forward(workspace, n);
    network.residual(workspace, n, 1);
    Active::row_means_of_squares(workspace.deltas.back().data(), n, features, out.data() + first);
  });
}

Autoencoder::Autoencoder(ModelOptions options) : state_(std::make_unique<State>()) {
  options.validate();
  state_->options = std::move(options);
}

Autoencoder::~Autoencoder() = default;
Autoencoder::Autoencoder(Autoencoder&&) noexcept = default;
Autoencoder& Autoencoder::operator=(Autoencoder&&) noexcept = default;

TrainReport Autoencoder::fit(TableView rows, const TrainOptions& options) {
  Trainer trainer(*this, TrainingSet(state_->options.scaler, rows), options);
  trainer.run(Budget::epochs(trainer.progress().epochs));
  return trainer.finish();
}

namespace {

void require_fitted(bool usable) {
  if (!usable) throw Error(ErrorCode::kNotFitted, "The model has not been trained yet: call fit() first.");
}

}  // namespace

void Autoencoder::score(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_fitted(state_->usable());
  check_room(out, rows.rows());
  const std::size_t columns = state_->network.columns();
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const std::span<float> scaled(state_->scaled.data(), count * columns);
    state_->scaler.transform(rows.slice(first, count), scaled, first_row + first);
    state_->score_scaled(scaled, out.subspan(first, count));
  });
}

void Autoencoder::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_fitted(state_->usable());
  const std::size_t columns = state_->network.columns();
  check_room(out, rows.rows() * columns);
  Workspace& workspace = state_->workspace;
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    const int features = static_cast<int>(columns);
    state_->scaler.transform(rows.slice(first, count), state_->scaled, first_row + first);
    Active::gather(state_->scaled.data(), nullptr, n, features, workspace.values[0].data());
    state_->network.forward(workspace, n);
    state_->network.residual(workspace, n, 1);
    const std::span<float> part = out.subspan(first * columns, count * columns);
    Active::scatter(workspace.deltas.back().data(), n, features, part.data());
    for (float& residual : part) residual *= residual;
  });
}

void Autoencoder::reconstruct(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_fitted(state_->usable());
  const std::size_t columns = state_->network.columns();
  check_room(out, rows.rows() * columns);
  Workspace& workspace = state_->workspace;
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    const int features = static_cast<int>(columns);
    state_->scaler.transform(rows.slice(first, count), state_->scaled, first_row + first);
    Active::gather(state_->scaled.data(), nullptr, n, features, workspace.values[0].data());
    state_->network.forward(workspace, n);
    const std::span<float> part = out.subspan(first * columns, count * columns);
    Active::scatter(workspace.values.back().data(), n, features, part.data());
    for (std::size_t i = 0; i < part.size(); i++) {
      part[i] = static_cast<float>(state_->scaler.restore(i % columns, static_cast<double>(part[i])));
    }
  });
}

void Autoencoder::encode(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_fitted(state_->usable());
  const Network& network = state_->network;
  check_room(out, rows.rows() * network.latent());
  Workspace& workspace = state_->workspace;
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    state_->scaler.transform(rows.slice(first, count), state_->scaled, first_row + first);
    Active::gather(state_->scaled.data(), nullptr, n, static_cast<int>(network.columns()), workspace.values[0].data());
    network.forward(workspace, n, 0, network.encoder_layers());
    Active::scatter(workspace.values[network.encoder_layers()].data(), n, static_cast<int>(network.latent()),
                    out.data() + first * network.latent());
  });
}

void Autoencoder::decode(TableView codes, std::span<float> out, std::size_t first_row) const {
  require_fitted(state_->usable());
  const Network& network = state_->network;
  const std::size_t latent = network.latent();
  const std::size_t columns = network.columns();
  if (codes.columns() != latent) {
    throw Error(ErrorCode::kShape, "The codes must have " + std::to_string(latent) + " columns, but they have " +
                                       std::to_string(codes.columns()) + ".");
  }
  check_room(out, codes.rows() * columns);
  Workspace& workspace = state_->workspace;
  for_groups(codes.rows(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    for (std::size_t i = 0; i < count * latent; i++) {
      const double cell = codes(first + i / latent, i % latent);
      if (!std::isfinite(cell)) {
        throw Error(ErrorCode::kNonFinite, "The code in row " + std::to_string(first_row + first + i / latent) +
                                               ", column " + std::to_string(i % latent) + " is not a finite number.")
            .at(first_row + first + i / latent, i % latent);
      }
      state_->codes[i] = static_cast<float>(cell);
    }
    const std::size_t start = network.encoder_layers();
    Active::gather(state_->codes.data(), nullptr, n, static_cast<int>(latent), workspace.values[start].data());
    network.forward(workspace, n, start, network.layers().size());
    const std::span<float> part = out.subspan(first * columns, count * columns);
    Active::scatter(workspace.values.back().data(), n, static_cast<int>(columns), part.data());
    for (std::size_t i = 0; i < part.size(); i++) {
      part[i] = static_cast<float>(state_->scaler.restore(i % columns, static_cast<double>(part[i])));
    }
  });
}

void Autoencoder::activations(TableView row, std::span<float> out) const {
  require_fitted(state_->usable());
  const Network& network = state_->network;
  std::size_t needed = network.columns();
  for (const LayerShape& layer : network.layers()) needed += static_cast<std::size_t>(layer.outputs);
  check_room(out, needed);
  if (row.rows() != 1) throw Error(ErrorCode::kShape, "Activations are those of one row.");
  Workspace& workspace = state_->workspace;
  state_->scaler.transform(row, state_->scaled);
  Active::gather(state_->scaled.data(), nullptr, 1, static_cast<int>(network.columns()), workspace.values[0].data());
  network.forward(workspace, 1);
  float* at = out.data();
  for (const auto& values : workspace.values) {
    const auto features = static_cast<int>(values.shape()[1]);
    Active::scatter(values.data(), 1, features, at);
    at += features;
  }
}

double Autoencoder::calibrate(TableView rows, const ThresholdRule& rule) {
  require_fitted(state_->usable());
  rule.validate();
  if (rows.rows() == 0) throw Error(ErrorCode::kShape, "Calibration needs at least one row.");
  std::vector<float> scores(rows.rows());
  score(rows, scores);
  state_->threshold = threshold_from(rule, scores);
  return state_->threshold;
}

double Autoencoder::threshold() const { return state_->threshold; }
void Autoencoder::set_threshold(double threshold) {
  require_fitted(state_->usable());
  ThresholdRule{ThresholdRule::Kind::kFixed, threshold}.validate();
  state_->threshold = threshold;
}

bool Autoencoder::fitted() const { return state_->fitted; }
const ModelOptions& Autoencoder::options() const { return state_->options; }
std::span<const LayerShape> Autoencoder::layers() const { return state_->network.layers(); }
std::span<const float> Autoencoder::parameters() const {
  return {state_->network.parameters().data(), state_->network.parameter_count()};
}
const Scaler& Autoencoder::scaler() const { return state_->scaler; }
std::size_t Autoencoder::columns() const { return state_->scaler.columns(); }
std::size_t Autoencoder::latent() const { return state_->usable() ? state_->network.latent() : 0; }

std::uint64_t Autoencoder::fingerprint() const {
  require_fitted(state_->usable());
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto mix = [&](std::uint32_t word) {
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((word >> shift) & 0xFFU)) * 0x100000001B3ULL;
  };
  for (const LayerShape& layer : layers()) {
    mix(static_cast<std::uint32_t>(layer.inputs));
    mix(static_cast<std::uint32_t>(layer.outputs));
    mix(static_cast<std::uint32_t>(layer.activation));
  }
  for (const float parameter : parameters()) mix(std::bit_cast<std::uint32_t>(parameter));
  return hash;
}

Autoencoder Autoencoder::restored(ModelOptions options, Scaler scaler, std::span<const float> parameters,
                                  double threshold) {
  Autoencoder model(std::move(options));
  if (scaler.columns() == 0) throw Error(ErrorCode::kBadFile, "A saved model must have at least one column.");
  model.state_->build(std::move(scaler));
  Network& network = model.state_->network;
  if (parameters.size() != network.parameter_count()) {
    throw Error(ErrorCode::kBadFile, "A model of this shape has " + std::to_string(network.parameter_count()) +
                                         " parameters, but " + std::to_string(parameters.size()) + " were saved.");
  }
  for (const float parameter : parameters) {
    if (!std::isfinite(parameter)) throw Error(ErrorCode::kBadFile, "A saved parameter is not a finite number.");
  }
  if (!std::isfinite(threshold)) throw Error(ErrorCode::kBadFile, "The saved threshold is not a finite number.");
  std::copy(parameters.begin(), parameters.end(), network.parameters().begin());
  model.state_->threshold = threshold;
  model.state_->fitted = true;
  return model;
}

}  // namespace anomalens
