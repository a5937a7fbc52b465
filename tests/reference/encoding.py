# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Tables, which features their columns become, and encoded rows.

A table is a list of Column. Kinds: "number" (float64 array, NaN = missing; an infinite cell is refused), "text" and
"boolean" (list, None = missing), "cycle" (float64 array of positions in [0, bins), NaN = missing).

Per column, in the order of the table, the first that fits; n = training rows:
1. constant: all n cells are equal (doubles exactly; a column of missing cells only is constant too). No feature: it
   takes no part in nets, parts, rarity, distances or F. Kept: its value. A later cell that differs is a departure.
2. text or boolean with more than n/2 distinct values and more than 20, missing counted as one: skipped and reported.
3. text, boolean, or a number with at most two distinct values among the cells that are there: a Category, whose values
   include "missing" when a cell is.
4. number or cycle. With missing cells in training: followed at once by one more feature, the Category "column missing"
   with the values False and True. Without: `gapless`; a later missing cell is a departure.
All columns skipped: refused. All columns constant, or constant and skipped: a model without features (F = 0).

A departure costs a fixed number of points of score (detector.py), kind "missing" if the cell is missing, else
"constant". A missing cell in a category that had none is no departure but a value never seen, code -1.
"""

from dataclasses import dataclass

import numpy as np

from categories import Category
from cycles import Cycle
from quantities import Number

TOO_MANY, FEW = 20, 2
CONSTANT, MISSING = 1, 2  # kinds of departures; 0: none


@dataclass
class Column:
    name: str
    kind: str
    cells: object
    bins: int = 0

    def __post_init__(self):
        if self.kind in ("number", "cycle"):
            self.cells = np.asarray(self.cells, dtype=np.float64)
            if np.isinf(self.cells).any():
                raise ValueError(f"{self.name}: a cell is infinite")

    def __len__(self):
        return len(self.cells)

    def gaps(self):
        return np.array([value is None or value != value for value in self.cells])

    def values(self):
        """Cells as hashable values, None where missing."""
        if self.kind in ("number", "cycle"):
            return [None if np.isnan(value) else float(value) for value in self.cells]
        return list(self.cells)


@dataclass
class Feature:
    name: str
    column: int
    model: object
    about: str  # "value", or "missing": whether the cell is missing

    def raw(self, column):
        if self.about == "missing":
            return column.gaps().tolist()
        return column.values() if self.model.kind == "category" else column.cells


@dataclass
class Encoded:
    raw: list               # per feature, as the feature takes it
    cells: np.ndarray       # rows x d, float32 numbers
    codes: np.ndarray       # rows x F: level of a category, -1 never seen; numbers and cycles 0, -1 missing
    rarity: np.ndarray      # rows x F, float64
    departures: np.ndarray  # rows x columns: 0, CONSTANT or MISSING

    def copy(self):
        return Encoded(list(self.raw), self.cells.copy(), self.codes.copy(), self.rarity.copy(), self.departures.copy())


class Encoder:
    def __init__(self, table):
        self.columns = [(column.name, column.kind, column.bins) for column in table]
        self.features, self.constants, self.skipped, self.gapless = [], {}, [], []
        for at, column in enumerate(table):
            self.add(at, column)
        if not self.features and not self.constants:
            raise ValueError("every column is a text that hardly ever repeats: nothing to learn from")
        sizes = [feature.model.size for feature in self.features]
        self.at = np.cumsum([0, *sizes])[:-1].astype(int)
        self.width = sum(sizes)
        self.group = np.repeat(np.arange(len(sizes)), sizes)
        self.categories = [j for j, f in enumerate(self.features) if f.model.kind == "category"]

    def add(self, at, column):
        values = column.values()
        distinct = len(set(values))
        there = distinct - (None in values)
        if distinct == 1:
            self.constants[at] = values[0]
        elif column.kind in ("text", "boolean") and distinct > max(len(values) / 2, TOO_MANY):
            self.skipped.append(at)
        elif column.kind in ("text", "boolean") or (column.kind == "number" and there <= FEW):
            self.features.append(Feature(column.name, at, Category(values), "value"))
        else:
            model = Number(column.cells) if column.kind == "number" else Cycle(column.cells, column.bins)
            self.features.append(Feature(column.name, at, model, "value"))
            if None in values:
                missing = Category(column.gaps().tolist())
                self.features.append(Feature(column.name + " missing", at, missing, "missing"))
            else:
                self.gapless.append(at)

    def block(self, j):
        """The cells of feature j."""
        return slice(self.at[j], self.at[j] + self.features[j].model.size)

    def departures(self, table):
        out = np.zeros((len(table[0]), len(table)), dtype=int)
        for at, constant in self.constants.items():
            for row, value in enumerate(table[at].values()):
                if value != constant:
                    out[row, at] = MISSING if value is None else CONSTANT
        for at in self.gapless:
            out[table[at].gaps(), at] = MISSING
        return out

    def encode(self, table, own=0):
        """own = 1: these are the training rows; histograms are learned from them, and no row counts itself."""
        rows = len(table[0])
        raw, cells, codes, rarity = [], [np.zeros((rows, 0))], [], []
        for feature in self.features:
            raw.append(feature.raw(table[feature.column]))
            block, code = feature.model.encode(raw[-1])
            if own:
                feature.model.learn_rarity(block)
            cells.append(block)
            codes.append(code)
            rarity.append(feature.model.rarity(raw[-1], block, own))
        stacked = [np.stack(x, axis=1) if x else np.zeros((rows, 0)) for x in (codes, rarity)]
        return Encoded(raw, np.concatenate(cells, axis=1).astype(np.float32), stacked[0].astype(int), stacked[1],
                       self.departures(table))
