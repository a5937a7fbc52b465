# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Small experiments that differ from the article's in everything that can differ."""

import numpy as np

from experiment import Case


def linked(seed, rows, columns, decimals=4):
    """Rows near a curved surface of about half as many dimensions as columns, in assorted units."""
    rng = np.random.default_rng(seed)
    hidden = max(1, columns // 2)
    z = rng.normal(0, 1, size=(rows, hidden))
    table = np.tanh(z) @ rng.normal(0, 1, size=(hidden, columns)) + rng.normal(0, 0.2, size=(rows, columns))
    return np.round(table * rng.uniform(0.5, 3, columns) + rng.uniform(-2, 2, columns), decimals)


def awkward(seed, rows):
    """A time stamp, a tiny column, a switch and a constant one; full double precision."""
    rng = np.random.default_rng(seed)
    base = rng.normal(0, 1, rows)
    return np.column_stack([1.7e9 + 1000 * base, 1e-6 * rng.normal(0, 1, rows), rng.integers(0, 2, rows),
                            np.full(rows, 3.25), base + 0.1 * rng.normal(0, 1, rows)])


def cases():
    yield Case("deep_relu", linked(1, 50, 7), [9, 5], 3, "relu", 7, 30, 16, 3e-3, 1e-4)          # last batch of 2
    yield Case("last_of_one", linked(2, 33, 5), [8], 2, "tanh", 1, 40, 32, 1e-2)                  # last batch of 1
    yield Case("deep_sigmoid", linked(3, 41, 6), [6, 4], 2, "sigmoid", 2**32 - 1, 40, 10, 5e-3, 1e-3)
    yield Case("straight", linked(4, 30, 4), [5], 1, "linear", 2024, 50, 7, 2e-3, 1e-2)
    yield Case("whole_table", linked(5, 19, 3), [4], 2, "relu", 0, 60, 64, 1e-2)                  # batch above n
    yield Case("no_hidden", linked(6, 24, 5), [], 2, "relu", 11, 40, 4, 1e-3, 0.1)
    yield Case("one_column", linked(7, 14, 1), [3], 1, "tanh", 3, 40, 5)
    yield Case("one_a_step", linked(8, 17, 8), [17], 2, "relu", 99, 10, 1, 5e-4, 1e-5)            # batches of one row
    yield Case("awkward_units", awkward(9, 45), [7], 2, "sigmoid", 123456789, 30, 11, 3e-3)
    yield Case("deep_tanh", linked(10, 41, 11, 3), [12, 6], 3, "tanh", 314159, 20, 20, 2e-3, 1e-4)  # last batch of 1
    yield Case("wide", linked(11, 66, 18, 2), [16], 5, "relu", 5, 20, 64, 2e-3)
