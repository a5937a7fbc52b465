# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""A text, boolean or two-valued column as ONE feature of several cells. float64.

Values: texts compare by code points (the order of UTF-8 bytes), false before true, numbers ascending; a missing cell is
a value of its own, and sorts last. An empty text is a text, not a missing cell.
Levels: values by falling count, ties in that order; the first 32 that occur at least twice. But none where the 33rd value
occurs more than half as often as the first: chance would choose the levels. Everything else known is
"other", the last of K = levels + 1 codes; it is there even when nothing is in it. p_k = share of code k in training.
Cells: b_k = [code = k] - p_k, not scaled. A value that training never saw has code -1: b_k = -p_k.
Entropy h = -sum f ln f over the shares f of all values (not of the levels).
rarity = max(0, -ln((max(count - own, 0) + .5) / (n + .5)) - h), count = training rows with that very value.
As a candidate of a repair a level has the rarity of its value and "other" that of the mean count of its values.
Probability that a net's output y gives to code k: pi_k = clip(y_k + p_k, .5/n, 1), divided by the sum over k.
"""

import numpy as np

LEVELS, EVEN = 32, 0.5


def order_of(value):
    """Sorting key: any mixture of kinds can be sorted, missing (None) last."""
    if value is None:
        return (3, 0)
    if isinstance(value, bool):
        return (0, value)
    return (2, value) if isinstance(value, str) else (1, value)


class Category:
    kind = "category"

    def __init__(self, cells):
        self.rows, self.count = len(cells), {}
        for value in cells:
            self.count[value] = self.count.get(value, 0) + 1
        self.values = sorted(self.count, key=order_of)
        ranked = sorted(self.values, key=lambda value: -self.count[value])  # stable
        even = len(ranked) > LEVELS and self.count[ranked[LEVELS]] > EVEN * self.count[ranked[0]]
        self.levels = [] if even else [value for value in ranked[:LEVELS] if self.count[value] >= 2]
        self.code = {value: code for code, value in enumerate(self.levels)}
        self.size = len(self.levels) + 1
        counts = [self.count[value] for value in self.levels]
        self.shares = np.array([*counts, self.rows - sum(counts)]) / self.rows
        f = np.array([self.count[value] for value in self.values]) / self.rows
        self.entropy = float(-(f * np.log(f)).sum())
        rest = [self.count[value] for value in self.values if value not in self.code]
        self.code_counts = np.array([*counts, np.mean(rest) if rest else 0.0])

    def codes(self, cells):
        other = self.size - 1
        return np.array([self.code.get(value, other if value in self.count else -1) for value in cells])

    def block(self, codes):
        cells = np.zeros((len(codes), self.size))
        known = np.flatnonzero(codes >= 0)
        cells[known, codes[known]] = 1
        return cells - self.shares

    def encode(self, cells):
        codes = self.codes(cells)
        return self.block(codes), codes

    def nats(self, counts):
        return np.maximum(0, -np.log((np.maximum(counts, 0) + 0.5) / (self.rows + 0.5)) - self.entropy)

    def learn_rarity(self, cells):
        """Nothing to learn: the constructor has counted."""

    def counts_of(self, raw):
        return np.array([self.count.get(value, 0) for value in raw], dtype=np.float64)

    def rarity(self, raw, cells, own=0):
        return self.nats(self.counts_of(raw) - own)

    def rarity_of_codes(self, codes):
        return self.nats(self.code_counts[codes])

    def probabilities(self, y):
        pi = np.clip(y + self.shares, 0.5 / self.rows, 1)
        return pi / pi.sum(axis=1, keepdims=True)

    def percentile(self, raw):
        """A category has no order: the percentage of training rows that have this very value."""
        return 100 * self.counts_of(raw) / self.rows
