// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
#pragma once

#include "network/network.hpp"

/// What a training step makes smaller, and its derivative by the outputs and by the codes.
namespace anomalens {

/// How a batch's residuals become a loss.
struct LossOptions {
  LossKind kind = LossKind::kMse;
  double trim = 0;       ///< share of the worst rows whose gradient is dropped
  bool masked = false;   ///< some cells are missing; workspace.mask says which
  bool spoiled = false;  ///< the target is workspace.target, not the input
  double parts = 0;      ///< cells_i of every row; 0: the number of its cells that are there
};

/// Loss of the batch whose output is in the workspace: the mean of l_i = sum_j loss(r_ij) / cells_i over the rows that are
/// kept, all but those with a loss above the trim's cutoff; r = output - target, cells_i the cells of row i that are there unless `parts` is given. Rows that
/// workspace.shielded marks are always kept.
/// Leaves the derivative of sum_kept l_i / (rows (1 - trim)) by the output in the place of the output.
double loss_of_batch(const LossOptions& options, Workspace& workspace, int rows);

/// Adds to `deltas` the derivative of a penalty on the codes z, both [blocks][latent][4]:
///   kL1: weight * mean |z|,   kKl: weight * sum_j KL(target || m_j), m_j the mean of z_j, at least 1e-6 off 0 and 1.
/// Clears the deltas of the missing rows of the last block.
void add_code_penalty(const Sparsity& sparsity, const Blocks& codes, int rows, Blocks& deltas);

}  // namespace anomalens
