// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "anomalens/autoencoder.hpp"

#include <bit>
#include <cmath>
#include <utility>

#include "detection/state.hpp"
#include "kernels/kernels.hpp"
#include "math/sorting.hpp"
#include "refusal.hpp"

namespace anomalens {

using kernels::Active;

namespace {

void check_room(std::size_t room, std::size_t needed) {
  if (room == needed) return;
  refuse(ErrorCode::kShape, Reason::kRoom, {needed, room});
}

void require_usable(const Autoencoder::State& state) {
  if (state.usable()) return;
  refuse_untrained();
}

void require_single(const Autoencoder::State& state) {
  require_usable(state);
  if (!state.committee()) return;
  refuse_option("members", Reason::kNeedsSingleNet, {state.members.size()});
}

/// Scales group after group and calls visit(scaled group, first row of the group, its rows).
template <class Visit>
void for_scaled_groups(Autoencoder::State& state, TableView rows, std::size_t first_row, Visit visit) {
  const std::size_t columns = state.scaler.columns();
  for_groups(rows.rows(), [&](std::size_t first, std::size_t count) {
    const std::span<float> scaled(state.scaled.data(), count * columns);
    state.scaler.transform(rows.slice(first, count), scaled, first_row + first);
    visit(std::span<const float>(scaled), first, count);
  });
}

}  // namespace

Autoencoder::Autoencoder(ModelOptions options) : state_(std::make_unique<State>()) {
  options.validate();
  state_->options = std::move(options);
}

Autoencoder::~Autoencoder() = default;
Autoencoder::Autoencoder(Autoencoder&&) noexcept = default;
Autoencoder& Autoencoder::operator=(Autoencoder&&) noexcept = default;

TrainReport Autoencoder::fit(TableView rows, const TrainOptions& options) {
  const bool missing = state_->options.missing == Missing::kMask;
  Trainer trainer(*this, TrainingSet(state_->options.scaler, rows, missing), options);
  trainer.run(Budget::epochs(trainer.progress().epochs));
  return trainer.finish();
}

void Autoencoder::score(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_usable(*state_);
  check_room(out.size(), rows.rows());
  state_->update_statistics();
  for_scaled_groups(*state_, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    state_->score_group(z, out.subspan(first, count));
  });
}

void Autoencoder::feature_errors(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_usable(*state_);
  const std::size_t columns = state_->scaler.columns();
  check_room(out.size(), rows.rows() * columns);
  for_scaled_groups(*state_, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    state_->errors_group(z, out.subspan(first * columns, count * columns));
  });
}

void Autoencoder::shares(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_usable(*state_);
  const std::size_t columns = state_->scaler.columns();
  check_room(out.size(), rows.rows() * columns);
  state_->update_statistics();
  for_scaled_groups(*state_, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    state_->shares_group(z, out.subspan(first * columns, count * columns));
  });
}

namespace {

/// Reconstructions in the columns' own units, as floats or doubles.
template <class Number>
void restore(Autoencoder::State& state, TableView rows, std::span<Number> out, std::size_t first_row) {
  require_usable(state);
  const std::size_t columns = state.scaler.columns();
  check_room(out.size(), rows.rows() * columns);
  for_scaled_groups(state, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    const std::span<float> expected(state.errors.data(), count * columns);
    state.reconstruct_group(z, expected);
    for (std::size_t i = 0; i < expected.size(); i++) {
      const double own = state.scaler.restore(i % columns, static_cast<double>(expected[i]));
      out[first * columns + i] = static_cast<Number>(own);
    }
  });
}

}  // namespace

void Autoencoder::reconstruct(TableView rows, std::span<float> out, std::size_t first_row) const {
  restore(*state_, rows, out, first_row);
}

void Autoencoder::expected(TableView rows, std::span<double> out, std::size_t first_row) const {
  restore(*state_, rows, out, first_row);
}

void Autoencoder::encode(TableView rows, std::span<float> out, std::size_t first_row) const {
  require_single(*state_);
  const Network& network = state_->members[0];
  check_room(out.size(), rows.rows() * network.latent());
  for_scaled_groups(*state_, rows, first_row, [&](std::span<const float> z, std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    Workspace& workspace = state_->load(0, z, n);
    network.forward(workspace, n, 0, network.encoder_layers());
    Active::scatter(workspace.values[network.encoder_layers()].data(), n, static_cast<int>(network.latent()),
                    out.data() + first * network.latent());
  });
}

void Autoencoder::decode(TableView codes, std::span<float> out, std::size_t first_row) const {
  require_single(*state_);
  const Network& network = state_->members[0];
  const std::size_t latent = network.latent();
  const std::size_t columns = network.columns();
  if (codes.columns() != latent) {
    refuse(ErrorCode::kShape, Reason::kColumns, {latent, codes.columns()});
  }
  check_room(out.size(), codes.rows() * columns);
  Workspace& workspace = state_->workspaces[0];
  for_groups(codes.rows(), [&](std::size_t first, std::size_t count) {
    const int n = static_cast<int>(count);
    for (std::size_t i = 0; i < count * latent; i++) {
      const std::size_t row = first + i / latent;
      const double cell = codes(row, i % latent);
      if (!std::isfinite(cell)) {
        refuse(ErrorCode::kNonFinite, Reason::kCodeNotFinite, {}, {first_row + row, i % latent});
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
  require_single(*state_);
  const Network& network = state_->members[0];
  std::size_t needed = network.columns();
  for (const LayerShape& layer : network.layers()) needed += static_cast<std::size_t>(layer.outputs);
  check_room(out.size(), needed);
  if (row.rows() != 1) refuse(ErrorCode::kShape, Reason::kNotOneRow, {row.rows()});
  for_scaled_groups(*state_, row, 0, [&](std::span<const float> z, std::size_t, std::size_t) {
    Workspace& workspace = state_->load(0, z, 1);
    network.forward(workspace, 1);
    float* at = out.data();
    for (const Blocks& values : workspace.values) {
      const auto features = static_cast<int>(values.shape()[1]);
      Active::scatter(values.data(), 1, features, at);
      at += features;
    }
  });
}

void Autoencoder::p_values(std::span<const float> scores, std::span<double> out) const {
  require_usable(*state_);
  check_room(out.size(), scores.size());
  if (state_->calibration.empty()) {
    refuse(ErrorCode::kNotFitted, Reason::kNoCalibration);
  }
  for (std::size_t i = 0; i < scores.size(); i++) out[i] = conformal_p_value(state_->calibration, scores[i]);
}

double Autoencoder::calibrate(TableView rows, const ThresholdRule& rule) {
  require_usable(*state_);
  rule.validate(rows.rows());
  if (rows.rows() == 0) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  std::vector<float> scores(rows.rows());
  score(rows, scores);
  return calibrate_scores(scores, rule);
}

double Autoencoder::calibrate_scores(std::span<const float> scores, const ThresholdRule& rule) {
  require_usable(*state_);
  if (scores.empty()) refuse(ErrorCode::kShape, Reason::kTooFewRows, {1, 0});
  const double threshold = threshold_from(rule, scores);
  std::vector<float> calibration;
  for (std::size_t i = 0; i < scores.size(); i++) {
    if (!rule.needs_labels() || rule.labels[i] == 0) calibration.push_back(scores[i]);
  }
  sort_ascending(calibration);
  state_->threshold = threshold;
  if (rule.kind != ThresholdRule::Kind::kFixed) {
    state_->calibration = std::move(calibration);
    state_->held_out = true;
  }
  return threshold;
}

double Autoencoder::threshold() const { return state_->threshold; }
void Autoencoder::set_threshold(double threshold) {
  require_usable(*state_);
  ThresholdRule rule;
  rule.kind = ThresholdRule::Kind::kFixed;
  rule.value = threshold;
  rule.validate(0);
  state_->threshold = threshold;
}

bool Autoencoder::fitted() const { return state_->fitted; }
bool Autoencoder::usable() const { return state_->usable(); }
const ModelOptions& Autoencoder::options() const { return state_->options; }
int Autoencoder::members() const { return state_->options.member_count(); }
std::span<const LayerShape> Autoencoder::layers(int member) const {
  if (!state_->usable()) return {};
  return state_->members.at(static_cast<std::size_t>(member)).layers();
}
std::span<const float> Autoencoder::parameters(int member) const {
  if (!state_->usable()) return {};
  const Network& network = state_->members.at(static_cast<std::size_t>(member));
  return {network.parameters().data(), network.parameter_count()};
}
std::size_t Autoencoder::parameter_count() const { return state_->parameter_count(); }
const Scaler& Autoencoder::scaler() const { return state_->scaler; }
std::size_t Autoencoder::columns() const { return state_->scaler.columns(); }
std::size_t Autoencoder::latent() const { return state_->usable() ? state_->members[0].latent() : 0; }
std::span<const float> Autoencoder::calibration() const { return state_->calibration; }
bool Autoencoder::calibration_held_out() const { return state_->held_out; }

std::uint64_t Autoencoder::fingerprint() const {
  require_usable(*state_);
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  const auto mix = [&](std::uint32_t word) {
    for (unsigned shift = 0; shift < 32; shift += 8) hash = (hash ^ ((word >> shift) & 0xFFU)) * 0x100000001B3ULL;
  };
  for (int m = 0; m < members(); m++) {
    for (const LayerShape& layer : layers(m)) {
      mix(static_cast<std::uint32_t>(layer.inputs));
      mix(static_cast<std::uint32_t>(layer.outputs));
      mix(static_cast<std::uint32_t>(layer.activation));
    }
    for (const float parameter : parameters(m)) mix(std::bit_cast<std::uint32_t>(parameter));
  }
  return hash;
}

}  // namespace anomalens
