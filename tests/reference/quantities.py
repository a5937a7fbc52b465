# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""A column of numbers as one encoded cell. Everything here is float64.

Percentiles are numpy's linear ones. x: the cells that are there. A column comes here only if it has at least three
distinct values.

1. g(x) = x, or the logarithm when all of these hold: min x > 0, more than 10 distinct values, q10 < q90,
   K(q10, q50, q90) > 0.4, |K(ln q10, ln q50, ln q90)| < 0.2, and lo = 0.3 q01 > 0 (it can underflow to 0).
   K(a, m, b) = ((b - m) - (m - a)) / (b - a).
   g(x) = ln x for x >= lo, else ln lo + (x - lo) / lo: continuous, and defined for x <= 0.
2. e = g - q50 (subtract first, in double: 1e15 +- 10 keeps its digits).
   r = max((q75 - q25) / 1.349, (q90 - q10) / 2.563), quantiles of e. If r = 0: the median of |e| over e != 0.
3. e is clipped to +-20 r and divided by D = max |e| after clipping, before anything is squared (spreads of 1e-300).
   u = e / D;  c = q50 + D mean(u);  s = D sd(u), n in the denominator. If s underflows to 0: s = r, else D.
   No absolute or relative floor: a spread is a spread.
4. z = (g(x) - c) / s, held within +-1e300 (the difference or quotient may overflow; NaN cannot come out of it);
   a = squash(z): z for |z| <= 5, else sign(z) (5 + ln(1 + |z| - 5)). A missing cell is a = 0.
   The nets and the distances see a rounded to float32; the histogram sees the double.
5. Histogram of all training cells, missing ones included as 0: ten equal bins over [low, high],
   low = max(min a, -6), high = min(max a, 6), high = low + 1 if that is not above low.
   bin(a) = min(9, floor(10 (a - low) / (high - low) + 1e-6)); the 1e-6 keeps whole numbers that lie on an edge from
   falling left or right by the last bit of c. Outside (no bin, count 0): a < low - 1e-6 or a > high + 1e-6.
   rarity(a) = -ln((max(count - own, 0) + n/100) / (top + n/100)), n = training rows, top = the largest count;
   own = 1 for a training row, which does not count itself, else 0.
"""

import numpy as np

KNEE, FENCE, SKEW, SYMMETRIC, BINS, REACH = 5.0, 20.0, 0.4, 0.2, 10, 6.0
MOST, EDGE, BIN_EDGE = 1e300, 1e-6, 1e-6
LARGEST = np.finfo(np.float64).max
QUANTILES = np.linspace(0, 100, 101)


def squash(z):
    size = np.abs(z)
    return np.sign(z) * np.where(size <= KNEE, size, KNEE + np.log1p(np.maximum(size - KNEE, 0)))


def unsquash(a):
    size = np.abs(a)
    return np.sign(a) * np.where(size <= KNEE, size, KNEE + np.expm1(np.clip(size - KNEE, 0, 700)))


def skewness(low, middle, high):
    return ((high - middle) - (middle - low)) / (high - low)


class Number:
    kind, size = "number", 1

    def __init__(self, cells):
        x = cells[~np.isnan(cells)]
        self.quantiles = np.percentile(x, QUANTILES)  # of the column in its own units: percentiles of cells
        self.log, self.lo = False, 0.0
        low, middle, high = np.percentile(x, [10, 50, 90])
        if x.min() > 0 and len(np.unique(x)) > 10 and low < high and skewness(low, middle, high) > SKEW:
            lo = 0.3 * np.percentile(x, 1)
            if lo > 0 and abs(skewness(*np.log([low, middle, high]))) < SYMMETRIC:
                self.log, self.lo = True, float(lo)
        g = self.transformed(x)
        middle = np.percentile(g, 50)
        e = g - middle
        if not np.all(np.isfinite(e)):
            raise ValueError("the spread of a column is not finite")
        q10, q25, q75, q90 = np.percentile(e, [10, 25, 75, 90])
        r = max((q75 - q25) / 1.349, (q90 - q10) / 2.563)
        if r == 0:
            r = np.median(np.abs(e[e != 0]))
        with np.errstate(over="ignore"):
            fence = FENCE * r
        e = np.clip(e, -fence, fence)
        largest = np.abs(e).max()
        u = e / largest
        self.c = float(middle + largest * u.mean())
        self.s = float(largest * u.std()) or float(r) or float(largest)

    def transformed(self, x):
        if not self.log:
            return x
        below = np.log(self.lo) + (x - self.lo) / self.lo
        return np.where(x >= self.lo, np.log(np.maximum(x, self.lo)), below)

    def encode(self, cells):
        """(rows, 1) cells and their codes: 0, or -1 where the cell is missing."""
        there = ~np.isnan(cells)
        with np.errstate(over="ignore"):
            z = np.clip((self.transformed(np.where(there, cells, 0.0)) - self.c) / self.s, -MOST, MOST)
        return np.where(there, squash(z), 0.0)[:, None], there - 1

    def decode(self, cells):
        """The value in the column's units. Always finite."""
        with np.errstate(over="ignore"):
            v = np.clip(unsquash(cells[:, 0]) * self.s + self.c, -LARGEST, LARGEST)
            if not self.log:
                return v
            below = np.clip(self.lo + self.lo * (v - np.log(self.lo)), -LARGEST, LARGEST)
            return np.where(v >= np.log(self.lo), np.exp(np.minimum(v, 709.0)), below)

    def learn_rarity(self, cells):
        a, self.rows = cells[:, 0], len(cells)
        self.low, self.high = max(a.min(), -REACH), min(a.max(), REACH)
        if not self.high > self.low:
            self.high = self.low + 1
        bins = self.bins(a)
        self.counts = np.bincount(bins[bins >= 0], minlength=BINS)

    def bins(self, a):
        """Bin of every cell, -1 outside."""
        bins = np.floor((np.clip(a, self.low, self.high) - self.low) * BINS / (self.high - self.low) + BIN_EDGE)
        outside = (a < self.low - EDGE) | (a > self.high + EDGE)
        return np.where(outside, -1, np.minimum(bins, BINS - 1)).astype(int)

    def rarity(self, raw, cells, own=0):
        bins = self.bins(cells[:, 0])
        counts = np.where(bins >= 0, self.counts[bins], 0)
        floor = 0.01 * self.rows
        return -np.log((np.maximum(counts - own, 0) + floor) / (self.counts.max() + floor))

    def percentile(self, raw):
        """Where a cell lies among the training cells, 0 to 100: linear between the 101 percentiles, the middle of a
        stretch of equal ones, 0 below and 100 above all of them; NaN for a missing cell."""
        q, out = self.quantiles, np.full(len(raw), np.nan)
        for i, x in enumerate(raw):
            if np.isnan(x):
                continue
            left, right = np.searchsorted(q, x, "left"), np.searchsorted(q, x, "right")
            if right > left:
                out[i] = (left + right - 1) / 2
            elif left == 0 or left == len(q):
                out[i] = 0 if left == 0 else 100
            else:
                out[i] = left - 1 + (x - q[left - 1]) / (q[left] - q[left - 1])
        return out
