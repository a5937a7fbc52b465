# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""A score taken apart: what each term adds, and what each feature contributes to the terms.

points[term]: P, H, E and N as they enter the score, weights and the cut of E applied; with `departures` they add up.
free, other: the parts p_j of the free committee and of the trimmed one (clean: the same); rarity: H_j.
percentile: rows x features, where the value lies in its own column (the class of the feature says how).
"""

from dataclasses import dataclass

import numpy as np

import detector
import parts


@dataclass
class Anatomy:
    score: np.ndarray
    terms: dict
    points: dict
    departures: np.ndarray
    free: np.ndarray
    other: np.ndarray
    rarity: np.ndarray
    percentile: np.ndarray


def anatomy(model, table):
    encoded = model.encoder.encode(table)
    terms, free, other = detector.raw_terms(model, encoded)
    t = detector.centred(model, terms)
    gross = np.maximum(0, t["E"] - parts.CUT)
    points = {"P": t["P"], "H": parts.RARITY_WEIGHT * t["H"],
              "E": gross if model.clean else parts.GROSS_WEIGHT * gross}
    if model.clean:
        points["N"] = t["N"]
    departures = model.departure * (encoded.departures > 0).sum(axis=1)
    place = [f.model.percentile(raw) for f, raw in zip(model.encoder.features, encoded.raw)]
    place = np.stack(place, axis=1) if place else np.zeros((len(departures), 0))
    return Anatomy(sum(points.values()) + departures, terms, points, departures, free, other, encoded.rarity, place)
