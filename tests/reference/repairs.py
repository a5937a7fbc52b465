# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""How much the score falls when one feature is repaired, and repairs one after another.

Everything here uses the score without the cut. y: mean output of the free committee for the row as it is.
Candidates of feature j, tried in this order, all other features as they are; the lowest score wins, ties: the first.
  number: y1, y3 and 0, where y1 is y's cell, y2 the cell of the mean output for the row with y1 in place of the cell,
     y3 the same for the row with y2 in its place. Cells are rounded to float32 when they are put in.
  category: the three codes with the largest pi of y (pi of the mean output, not the mean of the members' pi; ties: the
     lower code; fewer when K < 3), code 0 (the commonest), the last ("other"). Rarity of a candidate: categories.py.
     But "other" is passed over where there is a level beside it: nobody can put it in.
  cycle: the position that y decodes to; the mean position of the commonest bin.
A feature "column missing" is a category like any other; the number beside it stays as it is (0 when missing).
drop_j = score as it is - lowest score. Missing cells often come together, and repairing one of them alone helps little. So
several gaps of a row are also filled at once (but for those that are repaired already), each with the best of its candidates that is not a gap. A gap whose own drop
is below an equal part of that drop has that part, and that candidate. (A gap: a "column missing" that is true, or the level
of the missing cells of a text.)
For code -1: 1.5 max(drop_j, 0) + .5, for a value never seen speaks for itself.
The drop of a departure is what it costs (detector.py); its repair is the constant, or for a missing number the centre.

repair(): while the score (with the cut) is above the threshold: of the features not repaired yet and the departures,
the one with the largest drop (ties: departures first, then the first feature), provided that it is above 0, is set to
its best candidate. Nothing flagged, nothing repaired. It ends with an ordinary row, or when nothing is left that helps.
"""

from dataclasses import dataclass

import numpy as np

import detector

LIKELIEST, UNSEEN_FACTOR, UNSEEN_BONUS, NONE = 3, 1.5, 0.5, -2


@dataclass
class Drops:
    drop: np.ndarray        # rows x F
    lowest: np.ndarray      # rows x F: the score with the best candidate
    choice: np.ndarray      # rows x F x 2: cell of a number, code of a category, cells of a cycle
    departures: np.ndarray  # rows x columns


def put(model, encoded, j, rows, choice):
    """Sets feature j of some rows to a choice."""
    feature, block = model.encoder.features[j].model, model.encoder.block(j)
    if feature.kind == "category":
        codes = choice[:, 0].astype(int)
        encoded.cells[rows, block] = feature.block(codes)
        encoded.codes[rows, j] = codes
        encoded.rarity[rows, j] = feature.rarity_of_codes(codes)
    else:
        cells = choice[:, :feature.size].astype(np.float32)
        encoded.cells[rows, block] = cells
        encoded.codes[rows, j] = 0
        cells = cells.astype(np.float64)
        encoded.rarity[rows, j] = (feature.rarity(None, cells) if feature.kind == "number"
                                   else feature.rarity_of(feature.decode(cells)))


def candidates(model, encoded, y, j):
    """List of rows x 2 choices."""
    feature, block, n = model.encoder.features[j].model, model.encoder.block(j), len(y)
    if feature.kind == "category":
        likely = np.argsort(-feature.probabilities(y[:, block]), axis=1, kind="stable")[:, :LIKELIEST].T
        return [np.stack([codes, codes], axis=1).astype(float)
                for codes in [*likely, np.zeros(n), np.full(n, feature.size - 1)]]
    if feature.kind == "cycle":
        commonest = np.full(n, feature.commonest)
        return [feature.cells_of(v) for v in (feature.decode(y[:, block].astype(np.float64)), commonest)]
    cells, guesses = encoded.cells.copy(), [y[:, block]]
    for _ in range(2):
        cells[:, block] = guesses[-1]
        guesses.append(model.free.mean_output(cells.astype(model.precision))[:, block])
    return [np.repeat(cell.astype(float), 2, axis=1) for cell in (guesses[0], guesses[2], np.zeros((n, 1)))]


def is_other(feature, codes):
    """Nothing can be repaired to "other" where there is a level."""
    return (codes == feature.size - 1) & (feature.kind == "category" and feature.size > 1)


def drops(model, encoded, done=()):
    rows, count = len(encoded.departures), len(model.encoder.features)
    base = detector.score_encoded(model, encoded, cut=False)
    lowest, choice = np.full((rows, count), np.inf), np.zeros((rows, count, 2))
    lowest_filled, filled = lowest.copy(), choice.copy()
    gaps = np.array([gap_code(feature) for feature in model.encoder.features])
    y = model.free.mean_output(encoded.cells.astype(model.precision)) if count else None
    everything = np.arange(rows)
    for j in range(count):
        for candidate in candidates(model, encoded, y, j):
            other = encoded.copy()
            put(model, other, j, everything, candidate)
            value = detector.score_encoded(model, other, cut=False)
            value[is_other(model.encoder.features[j].model, candidate[:, 0])] = np.inf
            better = value < lowest[:, j]
            choice[better, j], lowest[better, j] = candidate[better], value[better]
            better = (value < lowest_filled[:, j]) & (candidate[:, 0] != gaps[j])
            filled[better, j], lowest_filled[better, j] = candidate[better], value[better]
    drop = base[:, None] - lowest
    open_gaps = np.isfinite(lowest_filled) & (encoded.codes == gaps)
    open_gaps[:, list(done)] = False
    share_gaps(model, encoded, base, filled, open_gaps, drop, choice)
    for j in model.encoder.categories:
        unseen = encoded.codes[:, j] < 0
        drop[unseen, j] = np.maximum(drop[unseen, j], 0) * UNSEEN_FACTOR + UNSEEN_BONUS
    return Drops(drop, lowest, choice, model.departure * (encoded.departures > 0))


def gap_code(feature):
    """The code that tells of a missing cell; NONE of a feature without one."""
    if feature.model.kind != "category":
        return NONE
    if feature.about == "missing":
        return feature.model.code.get(True, feature.model.size - 1)
    return feature.model.code.get(None, NONE)


def share_gaps(model, encoded, base, filled, gaps, drop, choice):
    several = gaps.sum(axis=1) > 1
    if not several.any():
        return
    whole = encoded.copy()
    for j in range(drop.shape[1]):
        rows = np.flatnonzero(several & gaps[:, j])
        if len(rows):
            put(model, whole, j, rows, filled[rows, j])
    part = (base - detector.score_encoded(model, whole, cut=False)) / np.maximum(gaps.sum(axis=1), 1)
    better = several[:, None] & gaps & (drop < part[:, None])
    drop[better] = np.broadcast_to(part[:, None], drop.shape)[better]
    choice[better] = filled[better]


@dataclass
class Step:
    column: int
    feature: int  # -1: a departure
    choice: np.ndarray
    score: float  # after it


def repair_row(model, encoded):
    """Steps that make one row ordinary."""
    encoded, steps, done = encoded.copy(), [], []
    value = float(detector.score_encoded(model, encoded)[0])
    while value > model.threshold:
        found = drops(model, encoded, done)
        drop = found.drop[0].copy()
        drop[done] = -np.inf
        column = int(found.departures[0].argmax()) if found.departures.shape[1] else 0
        feature = int(drop.argmax()) if len(drop) else -1
        most = drop[feature] if feature >= 0 else -np.inf
        if max(most, found.departures[0, column]) <= 0:
            break
        if found.departures[0, column] >= most:
            encoded.departures[0, column] = 0
            feature, choice = -1, np.zeros(2)
        else:
            column, choice = model.encoder.features[feature].column, found.choice[0, feature]
            put(model, encoded, feature, np.array([0]), choice[None, :])
            done.append(feature)
        value = float(detector.score_encoded(model, encoded)[0])
        steps.append(Step(column, feature, choice, value))
    return steps


def row_of(encoded, row):
    one = slice(row, row + 1)
    return type(encoded)([raw[one] for raw in encoded.raw], encoded.cells[one], encoded.codes[one],
                         encoded.rarity[one], encoded.departures[one])


def repair(model, table):
    encoded = model.encoder.encode(table)
    return [repair_row(model, row_of(encoded, row)) for row in range(len(table[0]))]
