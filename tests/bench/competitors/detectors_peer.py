# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Detectors of other libraries with their defaults, on one thread:  python detectors_peer.py forest|neighbour|autoencoder"""
import sys
import warnings

import numpy as np

from lines import repeated, serve

tables = {}


class Forest:
    from sklearn import __version__ as version

    def train(self, rows):
        from sklearn.ensemble import IsolationForest

        return IsolationForest(n_jobs=1).fit(rows)

    def detect(self, rows):
        return -self.train(rows).score_samples(rows)


class Neighbour:
    """The distance to the fifth row beside the row itself."""
    from sklearn import __version__ as version

    def detect(self, rows):
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors(n_neighbors=5, algorithm="brute", n_jobs=1).fit(rows).kneighbors()[0][:, -1]


class Autoencoder:
    def __init__(self):
        import pyod
        import torch

        torch.set_num_threads(1)
        self.version = pyod.__version__

    def detect(self, rows):
        from pyod.models.auto_encoder import AutoEncoder

        return AutoEncoder(device="cpu", verbose=0).fit(rows).decision_scores_


def prepare(name, words):
    rows, columns = map(int, words[:2])
    tables[name] = np.fromfile(" ".join(words[6:]), np.float32, rows * columns).reshape(rows, columns)
    return {"prepared": name}


def main():
    warnings.filterwarnings("ignore")
    name = sys.argv[1]
    detector = {"forest": Forest, "neighbour": Neighbour, "autoencoder": Autoencoder}[name]()

    def train(table, words):
        return repeated(lambda: detector.train(tables[table]), float(words[0]))[0]

    def detect(table, words):
        found, scores = repeated(lambda: detector.detect(tables[table]), float(words[0]))
        if len(scores) != len(tables[table]) or not np.isfinite(scores).all():
            raise ValueError("not every row has a score")
        return found

    serve(name, detector.version, {"prepare": prepare, "train": train, "detect": detect})


main()
