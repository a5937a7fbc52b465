# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""From encoded rows to the terms of a score. Sums in float64.

n: training rows, F: features, k: the cells of feature j.
q_j, number and cycle: mean over members of the sum over k of (y - a)^2 (one cell, two cells). A missing cell is a = 0
   and is judged as such.
q_j, category: mean over members of pi of the code that is there (categories.py), 0 for code -1.
Training rows: the mean runs over the members that did not have the row; if all had it (n < 9), over all. New rows: all.
ordinary_j = mean of the smallest max(1, floor(.9 n)) of the training rows' q_j, + 1e-3.  (var_j)
   An engine may take what float32 cannot tell from the largest of these for equal to it.
nats_j = mean over the training rows of -ln max(q_j, .5/n).  (s0_j)
p_j = sqrt(q_j / ordinary_j), or sqrt(max(.1, 1 + 2 (-ln max(q_j, .5/n) - nats_j))) for a category.
L_k(p) = ln((mean_j p_j^k)^(1/k) + .001).  pf: parts of the free committee, pt: of the trimmed one.
   P = L_1(pt), clean: L_2(pf);  E = L_4(pf);  H = ln(mean_j rarity_j + .01);
   clean only: N = ln(D + .001), D = distance in encoded space to the nearest row of the pool. A training row that is in
   the pool is not its own neighbour; an equal row is (distance 0). Distances are sums of squared differences, not
   q + r - 2 x.x, which loses near neighbours to float32. Every category with code -1 adds 4 to the squared distance:
   by its cells alone a value never seen (-p) is nearer to every known row than another known value is (1 instead of 2).
Per term: middle = median, spread = max(q75 - q25, .05), over the training rows; t = (term - middle) / spread.
Score: not clean P + .5 H + 3 max(0, E - 3); clean P + .5 H + N + max(0, E - 3), of the t's.
Without the cut (reasons): 3 E, and E, instead of 3 max(0, E - 3) and max(0, E - 3).
"""

import numpy as np

KEPT, LEAST, RARE_LEAST, LEAST_SPREAD = 0.9, 1e-3, 1e-2, 0.05
UNSEEN_SQUARED = 4.0
CUT, RARITY_WEIGHT, GROSS_WEIGHT = 3.0, 0.5, 3.0


def residuals(encoder, committee, encoded, precision, members=None):
    """rows x F. members: members x rows, 1 where a member judges a row; None: all judge."""
    cells = encoded.cells.astype(precision)
    shape = (committee.members, len(cells))
    share = np.ones(shape) if members is None else members.astype(float)
    share[:, share.sum(axis=0) == 0] = 1
    share = share / share.sum(axis=0)
    out, rows = np.zeros((len(cells), len(encoder.features))), np.arange(len(cells))
    for i in range(committee.members):
        y = committee.output(i, cells)
        for j, feature in enumerate(encoder.features):
            block, codes = encoder.block(j), encoded.codes[:, j]
            if feature.model.kind == "category":
                pi = feature.model.probabilities(y[:, block])[rows, np.maximum(codes, 0)]
                value = np.where(codes >= 0, pi, 0)
            else:
                value = ((y[:, block] - cells[:, block]) ** 2).sum(axis=1)
            out[:, j] += share[i] * value
    return out


class Units:
    """What is ordinary for a committee."""

    def __init__(self, encoder, q):
        n = len(q)
        self.ordinary = np.sort(q, axis=0)[:max(1, int(KEPT * n))].mean(axis=0) + LEAST
        self.nats = -np.log(np.maximum(q, 0.5 / n)).mean(axis=0)
        self.rows = n

    def parts(self, encoder, q):
        p = np.sqrt(q / self.ordinary)
        j = encoder.categories
        nats = -np.log(np.maximum(q[:, j], 0.5 / self.rows))
        p[:, j] = np.sqrt(np.maximum(0.1, 1 + 2 * (nats - self.nats[j])))
        return p


def power_mean(p, k):
    return np.log((p ** k).mean(axis=1) ** (1 / k) + LEAST)


def nearest(pool, cells, precision, own=None, unseen=0):
    """ln of the distance to the nearest pool row; own[i]: place in the pool of row i itself, -1 if it is not in it;
    unseen: of every row, how many values training never saw."""
    pool, cells, out = pool.astype(precision), cells.astype(precision), np.empty(len(cells))
    for i, row in enumerate(cells):
        squared = ((pool - row) ** 2).sum(axis=1)
        if own is not None and own[i] >= 0:
            squared[own[i]] = np.inf
        out[i] = squared.min()
    return np.log(np.sqrt(out + UNSEEN_SQUARED * unseen) + LEAST)


def centre(term):
    low, middle, high = np.percentile(term, [25, 50, 75])
    return float(middle), float(max(high - low, LEAST_SPREAD))


def combine(t, clean, cut=True):
    gross = np.maximum(0, t["E"] - CUT) if cut else t["E"]
    rest = t["P"] + RARITY_WEIGHT * t["H"]
    return rest + t["N"] + gross if clean else rest + GROSS_WEIGHT * gross
