# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Why a row is strange, per column: its share, what is expected there, and of which kind the reason is.

Share: max(drop, 0) of every feature and departure, divided by their sum over the row (0 if the sum is 0); the shares of
a number and of its "missing" feature add up to the column's. Reasons are sorted by falling share, ties in column order.
A constant at its constant and a skipped column have no share and are not listed.
Expected: the best candidate, in the column's units. The value feature's, except: the cell is missing and its "missing"
feature expects it to be -> missing; the cell is there, its "missing" feature has the larger drop and expects a gap ->
missing. "Other" decodes to OTHER: some value that is neither a level nor new. Departures: the constant; for a missing
number its best candidate.

Kind, the first that fits:
  constant  the column was the same in all training rows and differs now.
  missing   the cell is missing.
  unseen    a value that training never had (code -1).
  rare      the value itself: at most 5 % of the training cells lie in bins (or have values) as rare as this one, i.e.
            the counts that are at most its own add up to at most .05 n. Outside all bins: 0.
  relation  everything else: common by itself, it does not fit the other columns.
Why not by the term that the repair lowers most: P, E and N jump for any value far out, related or not, and H is
bounded, so that term says "relation" of every far value (measured: of 160 of 160 values 8 deviations off; the tail says
"rare" of all of them, and of 2 in 160 values that were moved to another row).
Tail of a value = the sum of those counts / n; n counts the cells in the bins (numbers: all cells that have a bin).
"""

from dataclasses import dataclass

import numpy as np

import repairs
from encoding import MISSING

OTHER, RARE_TAIL = "(other)", 0.05


@dataclass
class Reason:
    column: int
    share: float
    drop: float
    kind: str
    expected: object   # None: missing
    percentile: float  # or share of rows: see the features; NaN for a missing number


def tail(feature, raw, cells):
    """Share of training cells that are at least as rare."""
    if feature.kind == "category":
        counts, own = np.array(list(feature.count.values())), feature.counts_of(raw)
    else:
        counts = feature.counts
        if feature.kind == "number":
            bins = feature.bins(cells[:, 0])
        else:
            there = ~np.isnan(raw)
            bins = np.where(there, feature.bin_of(np.mod(np.where(there, raw, 0.0), feature.bins_count)), -1)
        own = np.where(bins >= 0, counts[bins], 0)
    return np.array([counts[counts <= count].sum() for count in own]) / counts.sum()


def decoded(feature, choice):
    if feature.kind == "category":
        return [*feature.levels, OTHER][int(choice[0])]
    return float(feature.decode(choice[None, :feature.size])[0])


def value_kind(feature, code, rare_tail):
    if code < 0:
        return "unseen"
    return "rare" if rare_tail <= RARE_TAIL else "relation"


def expected_of(model, found, row, column, gap):
    """Column's value feature, its missing feature (or None), what is expected."""
    mine = [j for j, f in enumerate(model.encoder.features) if f.column == column]
    value = decoded(model.encoder.features[mine[0]].model, found.choice[row, mine[0]])
    if len(mine) == 2:
        expects_gap = decoded(model.encoder.features[mine[1]].model, found.choice[row, mine[1]]) is True
        if expects_gap and (gap or found.drop[row, mine[1]] > found.drop[row, mine[0]]):
            return None
    return value


def reasons(model, table):
    """A list of Reason for every row."""
    encoder, encoded = model.encoder, model.encoder.encode(table)
    found = repairs.drops(model, encoded)
    tails = [tail(f.model, raw, encoded.cells[:, encoder.block(j)].astype(float))
             for j, (f, raw) in enumerate(zip(encoder.features, encoded.raw))]
    places = [f.model.percentile(raw) for f, raw in zip(encoder.features, encoded.raw)]
    gaps = [column.gaps() for column in table]
    out = []
    for row in range(len(table[0])):
        by = {}
        for j, feature in enumerate(encoder.features):
            by.setdefault(feature.column, []).append(j)
        drop = {column: sum(max(found.drop[row, j], 0) for j in mine) + found.departures[row, column]
                for column, mine in by.items()}
        drop |= {column: found.departures[row, column] for column in encoder.constants
                 if encoded.departures[row, column]}
        total, mine = sum(drop.values()), []
        for column in sorted(drop):
            departed, gap = encoded.departures[row, column], bool(gaps[column][row])
            if column in encoder.constants:
                kind, expected = ("missing" if departed == MISSING else "constant"), encoder.constants[column]
                place = np.nan if gap else 0.0
            else:
                j = by[column][0]
                kind = "missing" if gap else value_kind(encoder.features[j].model, encoded.codes[row, j], tails[j][row])
                expected, place = expected_of(model, found, row, column, gap), float(places[j][row])
            share = drop[column] / total if total > 0 else 0.0
            mine.append(Reason(column, float(share), float(drop[column]), kind, expected, place))
        out.append(sorted(mine, key=lambda reason: -reason.share))
    return out
