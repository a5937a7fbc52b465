# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""The detector's own threshold, from its n training scores. Flag: score > threshold.

n < 9: infinite. Every member saw every row, and nothing can be promised: nothing is flagged, and the report says so.
Clean: k = ceil((n + 1) .95); the k-th smallest score, or for k > n: s_(n) + .5 (s_(n) - s_(n-1)).
Not clean: training rows whose encoded cells are equal (all float32 of them) count once, with the mean of their scores;
   if that leaves fewer than 10, all rows count. b = max((q80 - q50) / ln 2.5, .05); threshold q50 + b ln(.5 / .04).
"""

import numpy as np

FEW_ROWS, FEW_DISTINCT, SHARE, DIRTY_SHARE, LEAST = 9, 10, 0.05, 0.04, 0.05


def own_threshold(scores, cells, clean):
    n = len(scores)
    if n < FEW_ROWS:
        return np.inf
    if clean:
        ordered, k = np.sort(scores), int(np.ceil((n + 1) * (1 - SHARE)))
        return float(ordered[k - 1] if k <= n else ordered[-1] + 0.5 * (ordered[-1] - ordered[-2]))
    if cells.shape[1] > 0:
        _, group, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
        if len(counts) >= FEW_DISTINCT:
            scores = np.bincount(group.ravel(), scores) / counts
    q50, q80 = np.percentile(scores, [50, 80])
    return float(q50 + max((q80 - q50) / np.log(2.5), LEAST) * np.log(0.5 / DIRTY_SHARE))
