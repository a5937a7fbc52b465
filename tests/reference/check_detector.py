# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Checks of the reference itself.

    python check_detector.py                  its own promises: few rows, equal rows, gaps, constants, far offsets
    python check_detector.py --other FILE     also compares with another implementation that has fit, score, repairs,
                                              encode, sequence and expected, in float32, on tables that both define

Eight things are decided otherwise here than there, and are undone for the comparison (`as_there`): distances to the pool
are sums of squared differences, an edge of a histogram has a tolerance, fewer than 10 distinct rows all count, a value
never seen is farther from the pool, nothing is repaired to "other", gaps are also filled together, beyond 1,000 rows fewer nets are
trimmed, and values that are about equally frequent are no levels.
"""

import argparse
import importlib.util

import numpy as np

import anatomy
import categories
import detector
import parts
import quantities
import reasons
import repairs
import threshold
from detector_tables import edge_tables, plain_tables
from encoding import Column
from nets import Settings


def foreign(table):
    """The table as the other implementation takes it."""
    return [(c.name, c.cells if c.kind == "number" else np.array(c.cells, dtype=object)) for c in table]


def far(a, b):
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)), initial=0))


def expanded_nearest(pool, cells, precision, own=None, unseen=0):
    """ln of the distance to the nearest pool row by q + r - 2 x.x, which rounds near neighbours away."""
    squared = np.maximum((cells ** 2).sum(1)[:, None] + (pool ** 2).sum(1) - 2 * cells @ pool.T, 0)
    if own is not None:
        mine = np.flatnonzero(own >= 0)
        squared[mine, own[mine]] = np.inf
    return np.log(np.sqrt(squared.min(axis=1)).astype(np.float64) + parts.LEAST)


def exact_bins(self, a):
    edges = np.linspace(self.low, self.high, quantities.BINS + 1)
    outside = (a < self.low - quantities.EDGE) | (a > self.high + quantities.EDGE)
    return np.where(outside, -1, np.clip(np.searchsorted(edges, a, "right") - 1, 0, quantities.BINS - 1))


def as_there():
    parts.nearest, quantities.Number.bins, threshold.FEW_DISTINCT = expanded_nearest, exact_bins, 0
    repairs.is_other = lambda feature, codes: np.zeros(len(codes), dtype=bool)
    repairs.share_gaps, detector.MANY_ROWS = lambda *_: None, np.inf
    categories.EVEN = np.inf


def compare(name, train, test, clean, other):
    mine = detector.fit(train, clean, 3, precision=np.float32)
    theirs = other.fit(foreign(train), clean, 3)
    encoded, foreign_encoded = mine.encoder.encode(test), other.encode(theirs, foreign(test))
    off = {"cells": far(encoded.cells, foreign_encoded[0]), "rarity": far(encoded.rarity, foreign_encoded[2])}
    for which in ["free"] + ([] if clean else ["trim"]):
        off["weights " + which] = max(far(a, b) for a, b in zip(getattr(mine, which).weights, getattr(theirs, which).P))
    off["own"] = far(mine.train_score, theirs.train_score)
    off["scores"] = far(detector.score(mine, test), other.score(theirs, foreign(test)))
    off["threshold"] = far(mine.threshold, theirs.threshold)
    found, (drop, _) = repairs.drops(mine, encoded), other.repairs(theirs, *foreign_encoded)
    off["drops"] = far(found.drop, drop)
    order = other.sequence(theirs, foreign(test), 2)[:, 0]
    off["first repair"] = float(np.mean(found.drop.argmax(axis=1) != order))
    shown = other.expected(theirs, foreign(test))
    for j, feature in enumerate(mine.encoder.features):
        got = [reasons.decoded(feature.model, choice) for choice in found.choice[:, j]]
        if feature.model.kind == "number":
            off["expected"] = max(off.get("expected", 0), far(got, shown[feature.name]))
        else:
            same = [str(a) == str(b) or {a, b} == {None, ""} for a, b in zip(got, shown[feature.name])]
            off["other levels"] = max(off.get("other levels", 0), 1 - float(np.mean(same)))
    print(f"{name:14} {'clean' if clean else 'dirty'}", "  ".join(f"{key} {value:.0e}" for key, value in off.items()))
    return max(off.values())


def check_edge(name, train, test, clean):
    model = detector.fit(train, clean, 1, Settings(members=3, steps=60))
    scores = detector.score(model, test)
    taken_apart = anatomy.anatomy(model, test)
    assert np.isfinite(model.train_score).all() and np.isfinite(scores).all(), name
    assert far(taken_apart.score, scores) < 1e-9, name
    for row, mine in enumerate(reasons.reasons(model, test)):
        total = sum(reason.share for reason in mine)
        assert abs(total - 1) < 1e-9 or total == 0, (name, row)
        assert all(r.kind in ("rare", "relation", "unseen", "missing", "constant") for r in mine)
        assert all(np.isfinite(r.expected) for r in mine if isinstance(r.expected, float)), name
    for steps, value in zip(repairs.repair(model, test), scores):
        assert bool(steps) <= (value > model.threshold), name
        assert all(np.isfinite(step.score) for step in steps), name
    departed = model.encoder.departures(test).any(axis=1)
    assert not departed.any() or (scores[departed] > model.threshold).all() or len(train[0]) < 9, name
    return f"{name} {'clean' if clean else 'dirty'}: {len(model.encoder.features)} features, scores " + " ".join(
        f"{value:.3g}" for value in scores[:6]) + f", threshold {model.threshold:.3g}"


def refused(what, call):
    try:
        call()
    except ValueError as error:
        return f"{what}: refused, {error}"
    raise AssertionError(what)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--other", metavar="FILE")
    path = arguments.parse_args().other
    for name, train, test in edge_tables():
        for clean in (True, False):
            print(check_edge(name, train, test, clean))
    print(refused("one row", lambda: detector.fit([Column("a", "number", [1.0])])))
    print(refused("names only", lambda: detector.fit([Column("a", "text", [str(i) for i in range(50)])])))
    print(refused("infinite", lambda: Column("a", "number", [1.0, np.inf])))
    if path:
        as_there()
        spec = importlib.util.spec_from_file_location("other", path)
        other = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(other)
        print("largest distance:", max(compare(name, train, test, clean, other)
                                       for name, train, test in plain_tables() for clean in (True, False)))


if __name__ == "__main__":
    main()
