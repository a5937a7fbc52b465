# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""A position on a cycle (hour of the day, day of the week, month of the year) as two cells.

A cell is a position v in [0, B), B = 24, 7 or 12 (8:30 is 8.5), taken modulo B; NaN when missing. Which cycles a date
column becomes is the caller's business; each is a feature, or a constant if training has it at one position only.
angle t = 2 pi v / B. Centres m_s, m_c: means of sin t and cos t over the cells that are there;
s = sqrt(var sin t + var cos t), n in the denominator (differences from the means are squared): total variance 1.
Cells: squash((sin t - m_s) / s), squash((cos t - m_c) / s); a missing cell is (0, 0), and has the feature "missing" as
a number has. q = the sum of the two squared residuals = the squared distance.
Rarity: counts of floor(v) over the cells that are there, n of them: -ln((max(count - own, 0) + n/100) / (top + n/100));
a missing cell has rarity 0 (its other feature speaks for it).
Decoding: unsquash both, times s, plus the centres; v = atan2(sin, cos) B / 2 pi modulo B. An output at the very centre
of the circle (both coordinates 0) has no angle: v = 0.
Candidates of a repair: the position that the mean output decodes to, put on the circle again, and the mean position of
the commonest bin (ties: the first).
"""

import numpy as np

from quantities import squash, unsquash


class Cycle:
    kind, size = "cycle", 2

    def __init__(self, cells, bins):
        self.bins_count = bins
        v = np.mod(cells[~np.isnan(cells)], bins)
        t = 2 * np.pi * v / bins
        self.centre = np.array([np.sin(t).mean(), np.cos(t).mean()])
        self.s = float(np.sqrt(((np.stack([np.sin(t), np.cos(t)], 1) - self.centre) ** 2).mean(axis=0).sum()))
        self.s = self.s or 1.0  # positions that differ by less than sin and cos can tell
        self.present = len(v)
        self.counts = np.bincount(self.bin_of(v), minlength=bins)
        common = int(self.counts.argmax())
        self.commonest = float(v[self.bin_of(v) == common].mean())

    def bin_of(self, v):
        return np.minimum(np.floor(v).astype(int), self.bins_count - 1)

    def cells_of(self, v):
        t = 2 * np.pi * v / self.bins_count
        return squash((np.stack([np.sin(t), np.cos(t)], axis=1) - self.centre) / self.s)

    def encode(self, cells):
        there = ~np.isnan(cells)
        v = np.mod(np.where(there, cells, 0.0), self.bins_count)
        return np.where(there[:, None], self.cells_of(v), 0.0), there - 1

    def decode(self, cells):
        sine, cosine = (unsquash(cells) * self.s + self.centre).T
        return np.mod(np.arctan2(sine, cosine) * self.bins_count / (2 * np.pi), self.bins_count)

    def learn_rarity(self, cells):
        """Nothing to learn: the constructor has counted."""

    def rarity_of(self, v, own=0):
        floor = 0.01 * self.present
        counts = np.maximum(self.counts[self.bin_of(np.mod(v, self.bins_count))] - own, 0)
        return -np.log((counts + floor) / (self.counts.max() + floor))

    def rarity(self, raw, cells, own=0):
        there = ~np.isnan(raw)
        return np.where(there, self.rarity_of(np.where(there, raw, 0.0), own), 0.0)

    def percentile(self, raw):
        """A cycle has no lower end: the percentage of training cells in the same bin; NaN for a missing cell."""
        there = ~np.isnan(raw)
        counts = self.counts[self.bin_of(np.mod(np.where(there, raw, 0.0), self.bins_count))]
        return np.where(there, 100 * counts / self.present, np.nan)
