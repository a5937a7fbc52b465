// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "training/net_trainer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "kernels/kernels.hpp"
#include "math/finite.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

/// Cells that are missing become zeros of the input and of the mask.
void mask_missing(Workspace& workspace, Blocks& x, int rows) {
  if (workspace.mask.size() != x.size()) workspace.mask = x;
  const std::size_t count =
      static_cast<std::size_t>(kernels::blocks_for(static_cast<std::size_t>(rows))) * x.shape()[1] * kLanes;
  Active::split_missing(x.data(), workspace.mask.data(), count);
}

/// Mean loss of `some` rows of a table.
double loss_without_noise(const Network& network, const SelectedRows& table, std::span<const std::uint32_t> some,
                          LossKind kind, Workspace& workspace) {
  const int count = static_cast<int>(some.size());
  Blocks& input = workspace.values[0];
  workspace.shielded.clear();
  Active::gather(table.table, some.data(), count, static_cast<int>(table.columns), input.data());
  if (table.masked) mask_missing(workspace, input, count);
  network.forward(workspace, count);
  return loss_of_batch({kind, 0, table.masked, false, table.parts}, workspace, count);
}

}  // namespace

NetTrainer::NetTrainer(Network& network, SelectedRows rows, BatchPlan plan, const TrainOptions& options, Mt19937 random,
                       std::uint32_t noise_seed)
    : network_(&network),
      rows_(std::move(rows)),
      plan_(plan),
      random_(random),
      noise_(noise_seed),
      corruptor_(options.corruption, rows_),
      optimizer_(options.optimizer, options.momentum, network.parameters().size()) {
  const std::size_t n = rows_.rows.size();
  plan_.batch = std::min(plan_.batch, n);
  batches_ = plan_.drop_last ? n / plan_.batch : (n + plan_.batch - 1) / plan_.batch;
  // PyTorch's order is one of positions; all others can shuffle the numbers of the rows themselves.
  if (plan_.compatibility == Compatibility::kPytorch) {
    order_.resize(n);
    selected_.resize(plan_.batch);
  } else {
    order_ = std::exchange(rows_.rows, {});
  }
  gradient_ = xt::xtensor<float, 1>(network.parameters().shape(), 0.F);
  good_ = network.parameters();
  loss_options_ = {options.loss, options.trim.value_or(0), rows_.masked, corruptor_.active(), rows_.parts};
}

void NetTrainer::load(std::span<const std::uint32_t> batch, Workspace& workspace) {
  const int count = static_cast<int>(batch.size());
  Blocks& input = workspace.values[0];
  Active::gather(rows_.table, batch.data(), count, static_cast<int>(rows_.columns), input.data());
  workspace.shielded.resize(rows_.shielded.empty() ? 0 : batch.size());
  for (std::size_t i = 0; i < workspace.shielded.size(); i++) workspace.shielded[i] = rows_.shielded[batch[i]];
  if (rows_.masked) mask_missing(workspace, input, count);
  if (!corruptor_.active()) return;
  workspace.target = input;
  corruptor_.apply(input, count, {rows_.table, rows_.columns, selected_.empty() ? order_ : rows_.rows}, noise_);
  if (rows_.masked) Active::multiply(input.data(), workspace.mask.data(), input.size());
}

bool NetTrainer::step(std::size_t at, double rate, const TrainOptions& options, Workspace& workspace) {
  if (at == 0) {
    if (plan_.compatibility == Compatibility::kPytorch) {
      pytorch_epoch_order(order_, random_);
    } else {
      shuffle(order_, random_);
    }
  }
  const std::size_t begin = at * plan_.batch;
  const std::size_t count = std::min(plan_.batch, order_.size() - begin);
  const std::span<const std::uint32_t> batch(order_.data() + begin, count);
  if (selected_.empty()) return step_on(batch, rate, options, workspace);
  for (std::size_t i = 0; i < count; i++) selected_[i] = rows_.rows[batch[i]];
  return step_on(std::span(selected_).first(count), rate, options, workspace);
}

bool NetTrainer::step_on(std::span<const std::uint32_t> batch, double rate, const TrainOptions& options,
                         Workspace& workspace) {
  const int count = static_cast<int>(batch.size());
  load(batch, workspace);
  const Dropout dropout{options.dropout, noise_};
  network_->forward(workspace, count, 0, network_->layers().size(), options.dropout > 0 ? &dropout : nullptr);
  const double loss = loss_of_batch(loss_options_, workspace, count);
  if (!std::isfinite(loss)) return false;
  network_->backward(workspace, count, options.sparsity, gradient_);
  network_->update([&](auto& parameters) { optimizer_.step(parameters, gradient_, rate, options); });
  loss_ += loss;
  return true;
}

bool NetTrainer::sound(Workspace& workspace) const {
  const auto bits_of = [](float w) { return std::bit_cast<std::uint32_t>(w); };
  std::uint32_t most = 0;  // without their signs, floats and their bits have one order
  for (const float w : network_->parameters()) most = std::max(most, bits_of(w) & 0x7FFFFFFFU);
  if (most >= bits_of(finite::kInfinity)) return false;
  constexpr float kOrdinary = 100.F;  // nets of a few layers with such weights stay far below the largest float
  if (most < bits_of(kOrdinary)) return true;
  const std::span<const std::uint32_t> all = selected_.empty() ? order_ : rows_.rows;
  const std::span<const std::uint32_t> some = all.first(std::min(all.size(), workspace.capacity));
  const double loss = loss_without_noise(*network_, rows_, some, LossKind::kMse, workspace);
  return loss * static_cast<double>(some.size()) < static_cast<double>(finite::kLargest);
}

void NetTrainer::keep() { std::copy(network_->parameters().begin(), network_->parameters().end(), good_.begin()); }

double NetTrainer::take_loss() { return std::exchange(loss_, 0.0); }

void NetTrainer::restore_good() { network_->set_parameters(good_.data()); }

double held_out_loss(const Network& network, const SelectedRows& rows, std::size_t first, LossKind kind,
                     Workspace& workspace) {
  const std::size_t count = std::min(workspace.capacity, rows.rows.size() - first);
  const std::span<const std::uint32_t> some = std::span(rows.rows).subspan(first, count);
  return loss_without_noise(network, rows, some, kind, workspace) * static_cast<double>(count);
}

}  // namespace anomalens
