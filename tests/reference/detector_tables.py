# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Tables for the detector's checks and fixtures: seeded, with short decimals, so that a text of them is exact."""

import numpy as np

from encoding import Column

CITIES = ["Åbo", "Bonn", "Cork", "Delft", "Essen"]


def number(name, cells):
    return Column(name, "number", cells)


def rounded(values, digits):
    return np.round(np.asarray(values, dtype=np.float64), digits)


def linked(random, n):
    """Numbers that hang together."""
    base = random.normal(size=(n, 2))
    noise = random.normal(size=(n, 4))
    columns = [base[:, 0] + 0.2 * noise[:, 0], base[:, 0] - base[:, 1] + 0.2 * noise[:, 1],
               base[:, 1] ** 2 + 0.2 * noise[:, 2], 50 + 10 * noise[:, 3]]
    return [number(name, rounded(c, 3)) for name, c in zip("abcd", columns)]


def orders(random, n):
    """Money on a log scale, a text, a switch that follows the text, a rare flag."""
    size = random.normal(size=n)
    city = random.choice(len(CITIES), n, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    return [number("amount", rounded(np.exp(3 + 1.2 * size), 2)), number("weight", rounded(size + 5, 2)),
            Column("city", "text", [CITIES[i] for i in city]),
            Column("abroad", "boolean", [bool(i % 2) if random.random() < 0.9 else not i % 2 for i in city]),
            number("refund", (random.random(n) < 0.06).astype(float))]


def gaps(random, n):
    """Missing cells in a number, a text and a switch of numbers; a number mostly 0; a number without gaps."""
    base = random.normal(size=n)
    level = rounded(base + 0.3 * random.normal(size=n), 2)
    level[random.random(n) < 0.15] = np.nan
    word = [None if random.random() < 0.2 else "up" if value > 0 else "down" for value in base]
    switch = (base > 0.5).astype(float)
    switch[random.random(n) < 0.1] = np.nan
    counts = np.where(random.random(n) < 0.8, 0, 1 + random.poisson(3, n)).astype(float)
    return [number("level", level), Column("word", "text", word), number("switch", switch), number("counts", counts),
            number("whole", rounded(10 * base + random.normal(size=n), 1))]


def visits(random, n):
    """Two cycles, one with gaps, a number that follows one of them."""
    hour = np.mod(rounded(random.normal(22.5, 2.0, n), 2), 24)
    day = random.integers(0, 7, n).astype(float)
    day[random.random(n) < 0.1] = np.nan
    load = rounded(np.cos(2 * np.pi * hour / 24) + 0.2 * random.normal(size=n), 3)
    return [Column("hour", "cycle", hour, 24), Column("day", "cycle", day, 7), number("load", load)]


def constants(random, n):
    return [number("three", np.full(n, 3.0)), Column("unit", "text", ["kg"] * n), number("none", np.full(n, np.nan)),
            *linked(random, n)[:3], Column("on", "boolean", [True] * n)]


def switches(random, n):
    first = random.random(n) < 0.5
    return [Column("a", "boolean", first.tolist()), Column("b", "boolean", (first ^ (random.random(n) < 0.1)).tolist()),
            Column("c", "boolean", (random.random(n) < 0.2).tolist())]


def many(random, n):
    """More than 32 levels and some values that occur once, one cluster of equal rows."""
    word = [f"w{int(40 * random.random() ** 2):02d}" if random.random() < 0.95 else f"x{i}" for i in range(n)]
    x = rounded(random.normal(size=n), 2)
    x[: n // 10], word[: n // 10] = 1.25, ["w00"] * (n // 10)
    return [Column("word", "text", word), number("x", x), number("y", rounded(2 * x + random.normal(size=n), 2))]


def identifiers(random, n):
    return [Column("id", "text", [f"row {i}" for i in range(n)]), *linked(random, n)[:2]]


def spoiled(table, cells):
    """A copy with some cells replaced: (row, column name, value)."""
    out = []
    for column in table:
        values = column.cells.copy() if isinstance(column.cells, np.ndarray) else list(column.cells)
        for row, name, value in cells:
            if name == column.name:
                values[row] = np.nan if value is None and column.kind in ("number", "cycle") else value
        out.append(Column(column.name, column.kind, values, column.bins))
    return out


def part(table, rows):
    return [Column(c.name, c.kind, c.cells[rows], c.bins) for c in table]


def plain_tables():
    """Name, training, other rows: no constants, cycles, or new gaps in numbers."""
    for seed, (make, n) in enumerate([(linked, 150), (orders, 200), (gaps, 150), (switches, 80), (many, 400),
                                      (identifiers, 120), (linked, 20), (orders, 1200), (linked, 12)]):
        random = np.random.default_rng(100 + seed)
        train, test = make(random, n), make(random, 12)
        if make in (linked, identifiers):
            test = spoiled(test, [(0, "a", 9.0), (1, "b", -400.0), (2, "a", 1e9)])
        if make is orders:
            test = spoiled(test, [(0, "amount", 1e6), (1, "city", "Nowhere"), (2, "amount", -5.0), (3, "amount", 0.0)])
        if make is gaps:
            test = spoiled(test, [(0, "level", None), (1, "counts", 50.0), (2, "word", "sideways"), (3, "whole", 90.0)])
        yield f"{make.__name__} {n}", train, test


def edge_tables():
    random = np.random.default_rng(9)
    for n in (2, 3, 5, 8, 9, 10, 20):
        yield f"linked {n}", linked(random, n), spoiled(linked(random, 5), [(0, "a", 1e6), (1, "b", None)])
        yield f"orders {n}", orders(random, n), spoiled(orders(random, 5), [(0, "city", None), (1, "amount", -1.0)])
    same = linked(random, 1)
    copies = part(same, slice(0, 1))
    copies = [Column(c.name, c.kind, np.repeat(c.cells, 30)) for c in copies]
    yield "all equal", copies, spoiled(part(copies, slice(0, 4)), [(0, "a", 7.0), (1, "b", None)])
    two = [Column(c.name, c.kind, np.tile(c.cells, 15)) for c in linked(random, 2)]
    yield "two rows", two, spoiled(part(two, slice(0, 4)), [(0, "a", 7.0), (1, "b", None)])
    few = [Column(c.name, c.kind, np.tile(c.cells, 6)) for c in linked(random, 5)]
    yield "five rows", few, spoiled(part(few, slice(0, 4)), [(0, "a", 7.0), (1, "b", None)])
    single = [number("x", rounded(random.normal(size=60), 3))]
    yield "one column", single, [number("x", [0.0, 5.0, 1e300, np.nan, -1e300])]
    yield "one switch", switches(random, 40)[:1], [Column("a", "boolean", [True, False, None])]
    yield "texts only", orders(random, 90)[2:3], [Column("city", "text", ["Bonn", "", None, "Mars"])]
    yield "switches", switches(random, 60), switches(random, 5)
    yield "constants", constants(random, 60), spoiled(constants(random, 6), [
        (0, "three", 3.0000001), (1, "unit", "g"), (2, "none", 1.0), (3, "on", None), (4, "three", None)])
    offset = [number("far", 1e15 + np.round(10 * random.normal(size=100))), *linked(random, 100)[:1]]
    yield "offset", offset, [number("far", [1e15, 1e15 + 30, 1e15 + 1000, 1e15 + 1e5]), number("a", [0.1] * 4)]
    tiny = [number("tiny", 1e-300 * random.normal(size=100)), number("least", 5e-324 * random.integers(0, 9, 100))]
    yield "tiny", tiny, [number("tiny", [0, 1e-299, 1e-290, 1e300]), number("least", [0, 5e-322, 1, -1e300])]
    big = [number("big", 1e307 * random.normal(size=60)), number("x", random.normal(size=60))]
    yield "big", big, [number("big", [0, 1e308, -1e308]), number("x", [0.1] * 3)]
    yield "visits", visits(random, 80), spoiled(visits(random, 6), [(0, "hour", 11.0), (1, "hour", None),
                                                                     (2, "day", None)])
    yield "gaps", gaps(random, 80), spoiled(gaps(random, 6), [(0, "whole", None), (1, "level", None)])


def fixture_tables():
    """Name, file, training rows, other rows, clean, settings by keyword."""
    random = np.random.default_rng(11)
    far = [(0, "a", 9.0), (1, "b", -40.0), (2, "c", 1e9)]
    yield "two_rows", "few", linked(random, 2), spoiled(linked(random, 4), far), True, {}
    yield "five_rows", "few", linked(random, 5)[1:3], linked(random, 4)[1:3], False, {"steps": 20}
    yield "nine_rows", "few", orders(random, 9), spoiled(orders(random, 6), [(0, "city", "Nowhere")]), False, {}
    yield "twenty_rows", "few", linked(random, 20), spoiled(linked(random, 6), far), True, {}
    yield "numbers", "numbers", linked(random, 150), spoiled(linked(random, 20), far), False, {"members": 9}
    odd = [(0, "amount", 1e6), (1, "city", "Nowhere"), (2, "amount", -5.0), (3, "amount", 0.0), (4, "city", None),
           (5, "abroad", None), (6, "refund", 2.0), (7, "refund", None), (8, "city", ""), (9, "weight", 40.0)]
    yield "texts", "texts", orders(random, 150), spoiled(orders(random, 20), odd), True, {}
    odd = [(0, "level", None), (1, "counts", 50.0), (2, "word", "sideways"), (3, "whole", 90.0), (4, "whole", None),
           (5, "switch", None), (6, "word", None), (7, "switch", 3.0)]
    yield "gaps", "gaps", gaps(random, 150), spoiled(gaps(random, 20), odd), False, {}
    odd = [(0, "hour", 11.0), (1, "hour", None), (2, "day", None), (3, "load", 4.0), (4, "hour", 10.5)]
    yield "cycles", "cycles", visits(random, 150), spoiled(visits(random, 16), odd), False, {}
    odd = [(0, "three", 3.0000001), (1, "unit", "g"), (2, "none", 1.0), (3, "on", None), (4, "three", None),
           (5, "three", 4.0), (5, "unit", "t"), (6, "a", 9.0)]
    yield "constants", "constants", constants(random, 60), spoiled(constants(random, 12), odd), True, {}
    same = [Column(c.name, c.kind, np.repeat(c.cells, 30)) for c in linked(random, 1)]
    yield "all_equal", "constants", same, spoiled(part(same, slice(0, 3)), [(0, "a", 7.0), (1, "b", None)]), False, {}
    random_far = np.random.default_rng(12)
    offset = [number("far", 1e15 + np.round(10 * random_far.normal(size=100))),
              number("tiny", [float(f"{v}e-303") for v in random_far.integers(-999, 999, 100)]),
              *linked(random_far, 100)[:1]]
    test = [number("far", [1e15, 1e15 + 30, 1e15 + 1000, 1e15, 1e15]), number("tiny", [0, 0, 0, 1e-299, 1e300]),
            number("a", [0.1, 0.1, 0.1, 0.1, 0.1])]
    yield "offsets", "constants", offset, test, False, {}
    table = many(random, 300)
    yield "levels", "levels", table, spoiled(many(random, 12), [(0, "word", "new"), (1, "x", 9.0)]), True, {}
    few = [Column(c.name, c.kind, np.tile(c.cells, 8)) for c in linked(random, 5)]
    yield "five_distinct", "repeated", few, spoiled(linked(random, 5), far), False, {"steps": 20}
    twice = [Column(c.name, c.kind, np.tile(c.cells, 2)) for c in linked(random, 30)]
    yield "twice", "repeated", twice, spoiled(linked(random, 6), far), False, {}
    yield "twice_clean", "repeated", twice, spoiled(linked(random, 6), far), True, {}
    yield "switches", "repeated", switches(random, 80), switches(random, 6), False, {}
    base = random.normal(size=5000)
    large = [number("x", rounded(base, 1)), number("y", rounded(base + 0.3 * random.normal(size=5000), 1)),
             Column("up", "boolean", (base + 0.2 * random.normal(size=5000) > 0).tolist())]
    test = [number("x", [0.5, 1.0, -2.0, 8.0, 2.0]), number("y", [0.4, -1.0, -2.2, 8.0, np.nan]),
            Column("up", "boolean", [True, True, True, True, None])]
    yield "large", "large", large, test, False, {}
    yield "large_clean", "large_clean", large, test, True, {}
