// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "detection/state.hpp"

#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"

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

void Autoencoder::State::build(Scaler with, int top_k) {
  const std::size_t columns = with.columns();
  const auto count = static_cast<std::size_t>(options.member_count());
  std::size_t codes_wide = 1;
  members = std::vector<Network>(count);
  workspaces = std::vector<Workspace>(count);
  workspace_of.resize(count);
  for (std::size_t m = 0; m < count; m++) {
    Network& member = members[m];
    member = Network(layers_for(options, columns, static_cast<int>(m)), encoder_layers_for(options), top_k);
    codes_wide = std::max(codes_wide, member.latent());
    std::size_t home = 0;
    while (!same_shape(members[home], member)) home++;
    workspace_of[m] = home;
    if (home == m) workspaces[m] = Workspace(member.layers(), kGroup, false);
  }
  scaled.resize(kGroup * columns);
  squashed.resize(kGroup * columns);
  errors.resize(kGroup * columns);
  codes.resize(kGroup * codes_wide);
  squares = workspaces[0].values[0];
  low.assign(columns, 0);
  high.assign(columns, 0);
  scaler = std::move(with);
}

std::unique_ptr<Autoencoder::State> Autoencoder::State::successor() const {
  auto next = std::make_unique<State>();
  next->options = options;
  next->build(scaler, members[0].top_k());
  std::vector<float> parameters;
  copy_parameters(parameters);
  next->set_parameters(parameters.data());
  next->low = low;  // of columns that the new rows have no cells in
  next->high = high;
  next->statistics = statistics;
  next->calibration = calibration;
  next->held_out = held_out;
  next->fitted = fitted;
  next->trainings = trainings + 1;
  return next;
}

std::size_t Autoencoder::State::parameter_count() const {
  std::size_t count = 0;
  for (const Network& member : members) count += member.parameter_count();
  return count;
}

void Autoencoder::State::copy_parameters(std::vector<float>& out) const {
  out.resize(parameter_count());
  float* to = out.data();
  for (const Network& member : members) to = std::copy_n(member.parameters().data(), member.parameter_count(), to);
}

void Autoencoder::State::set_parameters(const float* parameters) {
  for (Network& member : members) {
    member.set_parameters(parameters);
    parameters += member.parameter_count();
  }
}

Workspace& Autoencoder::State::load(std::size_t member, std::span<const float> cells, int rows) {
  Workspace& workspace = workspaces[workspace_of[member]];
  Blocks& input = workspace.values[0];
  const std::size_t columns = scaler.columns();
  Active::gather(cells.data(), nullptr, rows, static_cast<int>(columns), input.data());
  if (scaler.missing()) {
    if (workspace.mask.size() != input.size()) workspace.mask = input;
    Active::split_missing(input.data(), workspace.mask.data(), floats_of(rows, columns));
  }
  return workspace;
}

void Autoencoder::State::errors_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  const int rows = static_cast<int>(z.size() / columns);
  std::span<const float> input = z;
  if (committee()) {
    for (std::size_t i = 0; i < z.size(); i++) squashed[i] = committee::squash(z[i]);
    input = {squashed.data(), z.size()};
  }
  const std::size_t count = floats_of(rows, columns);
  std::fill_n(squares.data(), count, 0.F);
  for (std::size_t m = 0; m < members.size(); m++) {
    Workspace& workspace = load(m, input, rows);
    members[m].forward(workspace, rows);
    members[m].residual(workspace, rows, 1);
    if (scaler.missing()) Active::multiply(workspace.values.back().data(), workspace.mask.data(), count);
    Active::add_squares(workspace.values.back().data(), squares.data(), count);
  }
  if (committee()) Active::multiply(squares.data(), 1.F / static_cast<float>(members.size()), count);
  Active::scatter(squares.data(), rows, static_cast<int>(columns), out.data());
}

float Autoencoder::State::score_row(std::span<const float> z) {
  // While a training is open the weights move from call to call.
  if (!row_network_set || before != nullptr) row_network.take(members[0]);
  row_network_set = before == nullptr;
  const std::span<const float> y = row_network.forward(z.data());
  float sum = 0;
  for (std::size_t j = 0; j < z.size(); j++) {
    const float r = y[j] - z[j];
    sum += r * r;
  }
  return sum / static_cast<float>(z.size());
}

void Autoencoder::State::score_group(std::span<const float> z, std::span<float> out) {
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
  errors_group(z, errors);
  for (std::size_t row = 0; row < out.size(); row++) {
    const std::span<const float> cells = z.subspan(row * columns, columns);
    const std::span<const float> q(errors.data() + row * columns, columns);
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

void Autoencoder::State::shares_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  errors_group(z, errors);
  for (std::size_t first = 0; first < z.size(); first += columns) {
    const std::span<const float> cells = z.subspan(first, columns);
    const std::span<const float> q(errors.data() + first, columns);
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

void Autoencoder::State::reconstruct_group(std::span<const float> z, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  const int rows = static_cast<int>(z.size() / columns);
  std::span<const float> input = z;
  if (committee()) {
    for (std::size_t i = 0; i < z.size(); i++) squashed[i] = committee::squash(z[i]);
    input = {squashed.data(), z.size()};
  }
  const std::size_t count = floats_of(rows, columns);
  std::fill_n(squares.data(), count, 0.F);
  for (std::size_t m = 0; m < members.size(); m++) {
    Workspace& workspace = load(m, input, rows);
    members[m].forward(workspace, rows);
    const float* y = workspace.values.back().data();
    for (std::size_t i = 0; i < count; i++) squares.data()[i] += y[i];
  }
  Active::scatter(squares.data(), rows, static_cast<int>(columns), out.data());
  for (std::size_t i = 0; i < out.size(); i++) {
    const std::size_t j = i % columns;
    double mean = static_cast<double>(out[i]);
    if (committee()) mean = committee::unsquash(mean / static_cast<double>(members.size()));
    out[i] = scaler.constant()[j] != 0 ? 0.F : static_cast<float>(mean);
  }
}

void Autoencoder::State::score_scaled(std::span<const float> rows, std::span<float> out) {
  const std::size_t columns = scaler.columns();
  update_statistics();
  for_groups(out.size(), [&](std::size_t first, std::size_t count) {
    score_group(rows.subspan(first * columns, count * columns), out.subspan(first, count));
  });
}

}  // namespace anomalens
