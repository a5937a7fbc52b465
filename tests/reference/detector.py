# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""The default detector in numpy, slow and plain: what the C++ engine must compute for the same weights.

    model = fit(table, clean=False, seed=0)     table: list of encoding.Column
    model.train_score, model.threshold, score(model, table)
    reasons.reasons(model, table), repairs.repair(model, table), anatomy.anatomy(model, table)

Each file's first lines are its specification: encoding, quantities (numbers), categories, cycles, nets, protection,
parts, threshold, reasons, repairs, anatomy. Order of `fit`:
 1. Refuse fewer than 2 rows. Features from the columns (encoding); encode the training rows with own = 1.
 2. Draws (nets), the same for both committees. Train `free` (trim 0), and unless clean `trim` (trim .3). Beyond 1,000 rows
    the trimmed committee has only the first two thirds of the members, but at least three.
 3. Out-of-bag residuals, from them the units of each committee, from them the parts (parts).
 4. Clean: the pool, and each pool row's own place in it.
 5. Terms of the training rows, their middles and spreads, scores, the threshold (threshold).
 6. What a departure costs: 10 + max(0, T - lowest), T the threshold, or the highest training score where the threshold
    is infinite; lowest: the lowest training score, when clean less (lowest N - ln .001) / spread of N, for a copy of a
    row of the pool is at no distance from it, while that row itself was judged by its distance to the others. Score of a row = score of its terms + that for every departure of the row.
    So a row that would be the most ordinary of all is still 10 above the threshold with one departure, k departures
    cost k times as much (bounded), and repairing one takes exactly that away. A threshold set later does not change it.
Without features (F = 0) every term is 0: score 0, plus departures.

The judgement runs in double here (precision = float64) on cells and weights that are float32 numbers; an engine in
float32 stays within 1e-5 of it. float32 is for comparisons with other float32 code.
"""

import numpy as np

import nets
import parts
from encoding import Encoder
from threshold import own_threshold

POOL, DEPARTURE, POOL_STREAM, MANY_ROWS = 512, 10.0, 5, 1000


class Model:
    """What `fit` learned. pool_rows: training rows in the pool."""

    encoder = free = trim = free_units = trim_units = pool = None
    clean, rows, precision = False, 0, np.float64
    middle, spread = {}, {}
    threshold, departure = np.inf, 0.0

    def committees(self):
        return [self.free] if self.clean else [self.free, self.trim]


def raw_terms(model, encoded, q=None, own=None):
    """Terms before centring, and the parts of both committees. q: residuals that are known already."""
    encoder = model.encoder
    if not encoder.features:
        none = np.zeros((len(encoded.departures), 0))
        zero = np.zeros(len(encoded.departures))
        return {key: zero for key in ("PHEN" if model.clean else "PHE")}, none, none
    if q is None:
        q = [parts.residuals(encoder, net, encoded, model.precision) for net in model.committees()]
    free = model.free_units.parts(encoder, q[0])
    other = free if model.clean else model.trim_units.parts(encoder, q[1])
    terms = {"P": parts.power_mean(other, 2 if model.clean else 1),
             "H": np.log(encoded.rarity.mean(axis=1) + parts.RARE_LEAST), "E": parts.power_mean(free, 4)}
    if model.clean:
        unseen = (encoded.codes[:, encoder.categories] < 0).sum(axis=1)
        terms["N"] = parts.nearest(model.pool, encoded.cells, model.precision, own, unseen)
    return terms, free, other


def centred(model, terms):
    return {key: (value - model.middle[key]) / model.spread[key] for key, value in terms.items()}


def score_encoded(model, encoded, cut=True):
    terms = centred(model, raw_terms(model, encoded)[0])
    departures = (encoded.departures > 0).sum(axis=1)
    return parts.combine(terms, model.clean, cut) + model.departure * departures


def score(model, table):
    return score_encoded(model, model.encoder.encode(table))


def trimmed_members(n, members):
    return min(members, max(3, members - members // 3)) if n > MANY_ROWS else members


def fit(table, clean=False, seed=0, settings=None, draws=None, precision=np.float64):
    """draws: nets.Draws instead of those of the seed."""
    model, n = Model(), len(table[0])
    if n < 2:
        raise ValueError("at least 2 rows are needed")
    model.clean, model.rows, model.precision = clean, n, precision
    model.encoder = encoder = Encoder(table)
    encoded = model.train_encoded = encoder.encode(table, own=1)
    features, q, own = len(encoder.features), [], None
    if features:
        draws = draws or nets.draw(n, encoder.width, features, seed, settings)
        model.draws = draws
        model.free, _ = nets.train(encoded.cells, features, draws, 0.0, settings)
        if not clean:
            some = draws.first(trimmed_members(n, len(draws.samples)))
            model.trim, model.protected = nets.train(encoded.cells, features, some, nets.TRIM, settings)
        q = [parts.residuals(encoder, net, encoded, precision, ~net.seen) for net in model.committees()]
        model.free_units = parts.Units(encoder, q[0])
        model.trim_units = None if clean else parts.Units(encoder, q[1])
    if features and clean:
        known = np.unique(draws.samples)
        model.pool_rows = np.random.default_rng(seed + POOL_STREAM).permutation(known)[:POOL]
        model.pool, own = encoded.cells[model.pool_rows], np.full(n, -1)
        own[model.pool_rows] = np.arange(len(model.pool_rows))
    model.train_residuals = q
    model.train_terms, model.train_free, model.train_other = raw_terms(model, encoded, q, own)
    centres = {key: parts.centre(value) for key, value in model.train_terms.items()}
    model.middle = {key: value[0] for key, value in centres.items()}
    model.spread = {key: value[1] for key, value in centres.items()}
    model.train_score = parts.combine(centred(model, model.train_terms), clean)
    model.threshold = own_threshold(model.train_score, encoded.cells, clean)
    top = model.threshold if np.isfinite(model.threshold) else model.train_score.max()
    lowest = model.train_score.min()
    if features and clean:
        lowest -= (model.train_terms["N"].min() - np.log(parts.LEAST)) / model.spread["N"]
    model.departure = DEPARTURE + max(0.0, top - lowest)
    return model
