// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#include "network/loss.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernels.hpp"
#include "math/sorting.hpp"

namespace anomalens {

using kernels::Active;
using kernels::kLanes;

namespace {

/// All cells there, all rows kept, squares: one fused pass.
double mean_square(Workspace& workspace, const Blocks& target, int rows) {
  const int features = static_cast<int>(target.shape()[1]);
  const double cells = static_cast<double>(rows) * features;
  const auto scale = static_cast<float>(2 / cells);
  float* output = workspace.values.back().data();
  const double squares = Active::residual(output, target.data(), output, rows, features, scale);
  return squares / (static_cast<double>(scale) * static_cast<double>(scale)) / cells;
}

/// The largest row loss that still counts when the worst `trim` of the rows are left out; ties with it count too.
float cutoff(const xt::xtensor<float, 1>& losses, int rows, double trim) {
  const auto keep = static_cast<std::size_t>(std::max(1.0, std::nearbyint(rows * (1 - trim))));
  return nth_smallest({losses.data(), static_cast<std::size_t>(rows)}, keep - 1);
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
    return mean_square(workspace, target, rows);
  }
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  const int features = static_cast<int>(target.shape()[1]);
  const float* mask = options.masked ? workspace.mask.data() : nullptr;
  float* output = workspace.values.back().data();
  Active::loss(residual_of(options.kind), output, target.data(), mask, output, rows, features,
               workspace.row_losses.data());
  if (options.masked) {
    Active::row_sums(mask, blocks, features, workspace.row_cells.data());
  } else {
    workspace.row_cells.fill(static_cast<float>(features));
  }
  for (int row = 0; row < rows; row++) {
    const auto i = static_cast<std::size_t>(row);
    workspace.row_losses[i] /= workspace.row_cells[i];
  }
  const float worst = options.trim > 0 ? cutoff(workspace.row_losses, rows, options.trim) : 0;
  const double weight = 1 / (rows * (1 - options.trim));
  double sum = 0;
  double kept = 0;
  workspace.row_factors.fill(0.F);
  for (int row = 0; row < rows; row++) {
    const auto i = static_cast<std::size_t>(row);
    const float loss = workspace.row_losses[i];
    if (options.trim > 0 && loss > worst) continue;
    workspace.row_factors[i] = static_cast<float>(weight / static_cast<double>(workspace.row_cells[i]));
    sum += static_cast<double>(loss);
    kept++;
  }
  Active::scale_rows(output, workspace.row_factors.data(), blocks, features);
  return sum / kept;
}

void add_code_penalty(const Sparsity& sparsity, const Blocks& codes, int rows, Blocks& deltas) {
  const std::size_t latent = codes.shape()[1];
  const int blocks = kernels::blocks_for(static_cast<std::size_t>(rows));
  if (sparsity.kind == Sparsity::Kind::kL1) {
    const auto weight = static_cast<float>(sparsity.weight / (static_cast<double>(rows) * static_cast<double>(latent)));
    Active::add_sign(deltas.data(), codes.data(), weight, static_cast<std::size_t>(blocks) * latent * kLanes);
  } else if (sparsity.kind == Sparsity::Kind::kKl) {
    for (std::size_t j = 0; j < latent; j++) {
      double mean = 0;
      for (int row = 0; row < rows; row++) {
        mean += static_cast<double>(
            codes(static_cast<std::size_t>(row / kLanes), j, static_cast<std::size_t>(row % kLanes)));
      }
      mean = std::clamp(mean / rows, 1e-6, 1 - 1e-6);
      const double slope = (1 - sparsity.target) / (1 - mean) - sparsity.target / mean;
      const auto step = static_cast<float>(sparsity.weight * slope / rows);
      for (int block = 0; block < blocks; block++) {
        for (std::size_t lane = 0; lane < kLanes; lane++) deltas(static_cast<std::size_t>(block), j, lane) += step;
      }
    }
  } else {
    return;
  }
  // Rows that are only padding have codes too (of their biases), but must not pull at the weights.
  for (int row = rows; row < blocks * kLanes; row++) {
    for (std::size_t j = 0; j < latent; j++) {
      deltas(static_cast<std::size_t>(row / kLanes), j, static_cast<std::size_t>(row % kLanes)) = 0.F;
    }
  }
}

}  // namespace anomalens
