// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "kernels/kernels.hpp"
#include "math/ordered.hpp"
#include "math/sorting.hpp"
#include "math/tensor.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

/// All cells there, all rows kept, squares: one fused pass.
double mean_square(Workspace& workspace, const Blocks& target, int rows, double parts) {
  const int features = static_cast<int>(target.shape()[1]);
  const double cells = static_cast<double>(rows) * (parts > 0 ? parts : features);
  const auto scale = static_cast<float>(2 / cells);
  float* output = workspace.values.back().data();
  const double squares = Active::residual(output, target.data(), output, rows, features, scale);
  return squares / (static_cast<double>(scale) * static_cast<double>(scale)) / cells;
}

/// The largest row loss that still counts when the worst `trim` of the rows are left out; ties with it count too.
float cutoff(std::span<const float> losses, double trim) {
  const double keep = std::nearbyint(static_cast<double>(losses.size()) * (1 - trim));
  return nth_smallest(losses, static_cast<std::size_t>(std::max(1.0, keep)) - 1);
}

kernels::Residual residual_of(LossKind kind) {
  switch (kind) {
    case LossKind::kMae:
      return kernels::Residual::kAbsolute;
    case LossKind::kHuber:
      return kernels::Residual::kHuber;
    default:
      return kernels::Residual::kSquare;
  }
}

}  // namespace

double loss_of_batch(const LossOptions& options, Workspace& workspace, int rows) {
  const Blocks& target = options.spoiled ? workspace.target : workspace.values[0];
  if (options.kind == LossKind::kMse && options.trim == 0 && !options.masked) {
    return mean_square(workspace, target, rows, options.parts);
  }
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  const int features = static_cast<int>(target.shape()[1]);
  const float* mask = options.masked ? workspace.mask.data() : nullptr;
  float* output = workspace.values.back().data();
  Active::loss(residual_of(options.kind), output, target.data(), mask, output, rows, features,
               workspace.row_losses.data());
  if (options.masked && options.parts == 0) {
    Active::row_sums(mask, blocks, features, workspace.row_cells.data());
  } else {
    workspace.row_cells.fill(options.parts > 0 ? static_cast<float>(options.parts) : static_cast<float>(features));
  }
  const auto count = static_cast<std::size_t>(rows);
  const std::span<float> row_losses(workspace.row_losses.data(), count);
  const std::span<float> row_cells(workspace.row_cells.data(), count);
  const auto losses = tensor(row_losses);
  const auto cells = tensor(row_cells);
  ordered::assign(row_losses, losses / cells);
  const float worst = options.trim > 0 ? cutoff(row_losses, options.trim) : std::numeric_limits<float>::infinity();
  const double weight = 1 / (rows * (1 - options.trim));
  const auto keep = [&](const auto& kept) {
    workspace.row_factors.fill(0.F);
    ordered::assign(std::span(workspace.row_factors.data(), count), xt::where(kept, weight / cells, 0.0));
    Active::scale_rows(output, workspace.row_factors.data(), blocks, features);
    return ordered::sum(xt::where(kept, losses, 0.F)) / static_cast<double>(ordered::count(kept));
  };
  const auto kept = !(losses > worst);  // a loss that is not a number stays, to be found
  if (workspace.shielded.empty()) return keep(kept);
  return keep(kept || (tensor(workspace.shielded) > std::uint8_t{0}));
}

void add_code_penalty(const Sparsity& sparsity, const Blocks& codes, int rows, Blocks& deltas) {
  if (sparsity.kind != Sparsity::Kind::kL1 && sparsity.kind != Sparsity::Kind::kKl) return;
  const std::size_t latent = codes.shape()[1];
  const auto count = static_cast<std::size_t>(rows);
  const auto blocks = static_cast<std::size_t>(kernels::blocks_for(count));
  if (sparsity.kind == Sparsity::Kind::kL1) {
    const auto weight = static_cast<float>(sparsity.weight / (static_cast<double>(rows) * static_cast<double>(latent)));
    Active::add_sign(deltas.data(), codes.data(), weight, blocks * latent * kLanes);
  } else {
    // Loops, here and below: views into blocks of four rows are compiled to more than twice the code of this whole file.
    for (std::size_t j = 0; j < latent; j++) {
      double sum = 0;
      for (std::size_t row = 0; row < count; row++) sum += static_cast<double>(codes(row / kLanes, j, row % kLanes));
      const double mean = std::clamp(sum / rows, 1e-6, 1 - 1e-6);
      const double slope = (1 - sparsity.target) / (1 - mean) - sparsity.target / mean;
      const auto step = static_cast<float>(sparsity.weight * slope / rows);
      for (std::size_t row = 0; row < blocks * kLanes; row++) deltas(row / kLanes, j, row % kLanes) += step;
    }
  }
  // Rows that are only padding have codes too (of their biases), but must not pull at the weights.
  for (std::size_t row = count; row < blocks * kLanes; row++) {
    for (std::size_t j = 0; j < latent; j++) deltas(row / kLanes, j, row % kLanes) = 0.F;
  }
}

}  // namespace anomalens
