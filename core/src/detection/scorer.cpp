// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/scorer.hpp"

#include <cmath>
#include <utility>

#include "detection/statistics_fit.hpp"
#include "kernels/kernels.hpp"
#include "refusal.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

std::size_t floats_of(int rows, std::size_t features) {
  return static_cast<std::size_t>(kernels::blocks_for(static_cast<std::size_t>(rows))) * features * kLanes;
}

bool same_shape(const Network& a, const Network& b) {
  return a.layers().size() == b.layers().size() && a.parameter_count() == b.parameter_count() &&
         a.latent() == b.latent();
}

}  // namespace

Scorer::Scorer(const ModelOptions& wanted, Scaler with, int top_k) : options(wanted), scaler(std::move(with)) {
  const std::size_t columns = scaler.columns();
  const auto count = static_cast<std::size_t>(options.member_count());
  members = std::vector<Network>(count);
  workspaces_ = std::vector<Workspace>(count);
  workspace_of_.resize(count);
  for (std::size_t m = 0; m < count; m++) {
    Network& member = members[m];
    member = Network(layers_for(options, columns, static_cast<int>(m)), encoder_layers_for(options), top_k);
    std::size_t home = 0;
    while (!same_shape(members[home], member)) home++;
    workspace_of_[m] = home;
    if (home == m) workspaces_[m] = Workspace(member.layers(), kGroup, false);
  }
  scaled_.resize(kGroup * columns);
  squashed_.resize(kGroup * columns);
  errors_.resize(kGroup * columns);
  squares_ = workspaces_[0].values[0];
  low.assign(columns, 0);
  high.assign(columns, 0);
}

Scorer::Scorer(const Model& model) : Scorer(model.options, model.scaler, model.top_k) {
  set_parameters(model.parameters.data());
  low = model.low;
  high = model.high;
  statistics = model.committee;
  threshold = model.threshold;
  calibration = model.calibration;
  held_out = model.held_out;
  fitted = true;
}

Model Scorer::model() const {
  Model model{options, scaler, members[0].top_k(), {}, low, high, statistics, chosen(threshold), calibration, held_out};
  copy_parameters(model.parameters);
  return model;
}

std::size_t Scorer::parameter_count() const {
  std::size_t count = 0;
  for (const Network& member : members) count += member.parameter_count();
  return count;
}

void Scorer::copy_parameters(std::vector<float>& out) const {
  out.resize(parameter_count());
  float* to = out.data();
  for (const Network& member : members) to = std::copy_n(member.parameters().data(), member.parameter_count(), to);
}

void Scorer::set_parameters(const float* parameters) {
  weights_moved();
  for (Network& member : members) {
    member.set_parameters(parameters);
    parameters += member.parameter_count();
  }
}

Workspace& Scorer::load(std::size_t member, std::span<const float> cells, int rows) {
  Workspace& workspace = workspaces_[workspace_of_[member]];
  Blocks& input = workspace.values[0];
  const std::size_t columns = scaler.columns();
  Active::gather(cells.data(), nullptr, rows, static_cast<int>(columns), input.data());
  if (scaler.missing()) {
    if (workspace.mask.size() != input.size()) workspace.mask = input;
    Active::split_missing(input.data(), workspace.mask.data(), floats_of(rows, columns));
  }
  return workspace;
}

std::span<const float> Scorer::seen(std::span<const float> z) {
  if (!committee()) return z;
  for (std::size_t i = 0; i < z.size(); i++) squashed_[i] = committee::squash(z[i]);
  return {squashed_.data(), z.size()};
}

void Scorer::errors_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  const int rows = static_cast<int>(z.size() / columns);
  const std::span<const float> input = seen(z);
  const std::size_t count = floats_of(rows, columns);
  std::fill_n(squares_.data(), count, 0.F);
  for (std::size_t m = 0; m < members.size(); m++) {
    Workspace& workspace = load(m, input, rows);
    members[m].forward(workspace, rows);
    members[m].residual(workspace, rows, 1);
    if (scaler.missing()) Active::multiply(workspace.values.back().data(), workspace.mask.data(), count);
    Active::add_squares(workspace.values.back().data(), squares_.data(), count);
  }
  if (committee()) Active::multiply(squares_.data(), 1.F / static_cast<float>(members.size()), count);
  Active::scatter(squares_.data(), rows, static_cast<int>(columns), out.data());
}

float Scorer::score_row(std::span<const float> z) {
  if (!std::exchange(row_network_set_, true)) row_network_.take(members[0]);
  const std::span<const float> y = row_network_.forward(z.data());
  float sum = 0;
  for (std::size_t j = 0; j < z.size(); j++) {
    const float r = y[j] - z[j];
    sum += r * r;
  }
  return sum / static_cast<float>(z.size());
}

void Scorer::score_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  const int rows = static_cast<int>(out.size());
  if (!committee() && !scaler.missing()) {
    if (rows == 1 && members[0].top_k() == 0) {
      out[0] = score_row(z);
      return;
    }
    Workspace& workspace = load(0, z, rows);
    members[0].forward(workspace, rows);
    return Active::row_errors(workspace.values.back().data(), workspace.values[0].data(), rows,
                              static_cast<int>(columns), out.data());
  }
  errors_group(z, errors_);
  for (std::size_t row = 0; row < out.size(); row++) {
    const std::span<const float> cells = z.subspan(row * columns, columns);
    const std::span<const float> q(errors_.data() + row * columns, columns);
    if (committee()) {
      out[row] = static_cast<float>(committee::score_of(statistics, committee::parts_of(statistics, cells, q)));
      continue;
    }
    double sum = 0;
    double present = 0;
    for (std::size_t j = 0; j < columns; j++) {
      if (std::isnan(cells[j])) continue;
      sum += static_cast<double>(q[j]);
      present++;
    }
    out[row] = static_cast<float>(sum / present);
  }
}

void Scorer::shares_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  errors_group(z, errors_);
  for (std::size_t first = 0; first < z.size(); first += columns) {
    const std::span<const float> cells = z.subspan(first, columns);
    const std::span<const float> q(errors_.data() + first, columns);
    const std::span<float> shares = out.subspan(first, columns);
    if (committee()) {
      committee::shares_of(statistics, cells, q, shares);
      continue;
    }
    double sum = 0;
    for (const float square : q) sum += static_cast<double>(square);
    for (std::size_t j = 0; j < columns; j++) {
      shares[j] = sum > 0 ? static_cast<float>(static_cast<double>(q[j]) / sum) : 0.F;
    }
  }
}

void Scorer::reconstruct_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  const int rows = static_cast<int>(z.size() / columns);
  const std::span<const float> input = seen(z);
  const std::size_t count = floats_of(rows, columns);
  std::fill_n(squares_.data(), count, 0.F);
  for (std::size_t m = 0; m < members.size(); m++) {
    Workspace& workspace = load(m, input, rows);
    members[m].forward(workspace, rows);
    const float* y = workspace.values.back().data();
    for (std::size_t i = 0; i < count; i++) squares_.data()[i] += y[i];
  }
  Active::scatter(squares_.data(), rows, static_cast<int>(columns), out.data());
  for (std::size_t i = 0; i < out.size(); i++) {
    const std::size_t j = i % columns;
    double mean = static_cast<double>(out[i]);
    if (committee()) mean = committee::unsquash(mean / static_cast<double>(members.size()));
    out[i] = scaler.constant()[j] != 0 ? 0.F : static_cast<float>(mean);
  }
}

void Scorer::encode_group(std::span<const float> z, std::span<float> out) {
  const Network& network = members[0];
  const int rows = static_cast<int>(z.size() / scaler.columns());
  Workspace& workspace = load(0, z, rows);
  network.forward(workspace, rows, 0, network.encoder_layers());
  Active::scatter(workspace.values[network.encoder_layers()].data(), rows, static_cast<int>(network.latent()),
                  out.data());
}

void Scorer::decode_group(std::span<const float> codes, std::span<float> out) {
  const Network& network = members[0];
  Workspace& workspace = workspaces_[0];
  const std::size_t start = network.encoder_layers();
  const auto latent = static_cast<int>(network.latent());
  const int rows = static_cast<int>(codes.size()) / latent;
  Active::gather(codes.data(), nullptr, rows, latent, workspace.values[start].data());
  network.forward(workspace, rows, start, network.layers().size());
  Active::scatter(workspace.values.back().data(), rows, static_cast<int>(scaler.columns()), out.data());
}

void Scorer::activations_of(std::span<const float> z, std::span<float> out) {
  Workspace& workspace = load(0, z, 1);
  members[0].forward(workspace, 1);
  float* at = out.data();
  for (const Blocks& values : workspace.values) {
    const auto features = static_cast<int>(values.shape()[1]);
    Active::scatter(values.data(), 1, features, at);
    at += features;
  }
}

void Scorer::learn_from(LearningRows rows) {
  learning_ = rows;
  weights_moved();
}

void Scorer::weights_moved() {
  moved_ = true;
  row_network_set_ = false;
}

void Scorer::stop_learning() {
  learning_.reset();
  moved_ = false;
}

void Scorer::update_statistics() {
  if (!committee() || !learning_ || !moved_) return;
  StatisticsFit fit(*this, learning_->table, learning_->rows);
  while (!fit.complete()) fit.advance();
  moved_ = false;
}

void Scorer::score_scaled(std::span<const float> rows, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  update_statistics();
  for_groups(out.size(), [&](std::size_t first, std::size_t count) {
    score_group(rows.subspan(first * columns, count * columns), out.subspan(first, count));
  });
}

}  // namespace anomalens
