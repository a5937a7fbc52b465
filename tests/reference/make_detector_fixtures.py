# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Writes tests/core/data/detector_*.hpp, what the default detector must compute for given weights. Needs numpy only.

    python -m venv env && env/bin/pip install numpy==2.4.6
    env/bin/python tests/reference/make_detector_fixtures.py

Every fixture is also judged in float32. The distance printed is how far rounding alone carries its scores: where it
comes near 1e-5 the comparison would test luck, not the engine, and the fixture is refused.
"""

import time
from pathlib import Path

import numpy as np

import detector
import nets
from detector_fixture import Writer, body_of, rounding, struct
from detector_tables import fixture_tables
from headers import camel, header

DATA = Path(__file__).resolve().parent.parent / "core" / "data"
LIMIT = 0.5e-5


def written(body, name):
    text = header(body, ('"detector.hpp"',), "make_detector_fixtures.py", ("numpy",))
    (DATA / f"detector_{name}.hpp").write_text(text)
    print(f"detector_{name}.hpp: {len(text.encode())} bytes")


def training_body():
    """Three members, ten trimmed steps of 64 rows on 100 rows with a dense part and a far one."""
    random, settings = np.random.default_rng(21), nets.Settings(members=3, steps=10)
    cells = np.round(random.normal(size=(100, 5)), 3).astype(np.float32)
    cells[:, 3] = np.round(cells[:, 0] - cells[:, 1], 3)
    cells[80:] *= 3
    draws = nets.draw(100, 5, 5, 22, settings)
    size = min(nets.BATCH, draws.samples.shape[1])
    free, _ = nets.train(cells, 5, draws, 0.0, settings)
    trim, shielded = nets.train(cells, 5, draws, nets.TRIM, settings)
    first = nets.Committee(draws.weights, draws.samples, 100)
    writer = Writer("kSteps")
    fields = {"rows": 100, "width": 5, "features": 5, "members": 3, "steps": settings.steps, "batch": size,
              "cells": writer.floats("Cells", cells), "samples": writer.whole("Samples", draws.samples),
              "places": writer.whole("Places", [draws.batch(step, size) for step in range(settings.steps)]),
              "is_protected": writer.whole("Protected", shielded)}
    for name, net in (("first", first), ("free", free), ("trim", trim)):
        fields[name] = writer.floats(camel(name), np.concatenate([net.flat(i) for i in range(3)]))
    return writer.body + f"inline constexpr DetectorTraining kTrainingSteps = {struct(fields)};\n"


def main():
    bodies, names = {}, {}
    for name, file, train, test, clean, options in fixture_tables():
        start = time.time()
        settings = nets.Settings(**({"members": 3, "steps": 100} | options))
        model = detector.fit(train, clean, 7, settings)
        off = rounding(model, detector.fit(train, clean, 7, settings, precision=np.float32), test)
        print(f"{name:14} {len(train[0])} rows, float32 {off:.0e}, {time.time() - start:.1f} s")
        if off > LIMIT:
            raise SystemExit(f"{name}: rounding alone carries this fixture {off:.0e} away. Choose another.")
        bodies[file] = bodies.get(file, "") + body_of(name, model, train, test)
        names.setdefault(file, []).append(f"&k{camel(name)}")
    for file, body in bodies.items():
        listed = ", ".join(names[file])
        written(body + f"inline constexpr const Detector* k{camel(file)}Detectors[] = {{{listed}}};\n", file)
    written(training_body(), "training")


if __name__ == "__main__":
    main()
