# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Rows that a trimmed committee never leaves out.

Per member, before training, on the encoded cells (float32) of its m rows: D_i = distance of row i to its k-th neighbour
among the m rows, k = max(1, floor(.15 m)), where position 0 is the row itself at distance 0. Row i is protected if
D_i <= the 60 % quantile (numpy's linear) of all D. Squared distances are compared, and the quantile is one of squares.
q_i + q_j - 2 x_i.x_j is exact enough here: it decides who teaches, and no number that is compared.
"""

import numpy as np

MASS, SHARE = 0.15, 0.6


def protected(rows):
    neighbour = max(1, int(MASS * len(rows)))
    q = (rows ** 2).sum(axis=1)
    squared = q[:, None] + q - 2 * rows @ rows.T
    distances = np.partition(squared, neighbour, axis=1)[:, neighbour]
    return distances <= np.quantile(distances, SHARE)
