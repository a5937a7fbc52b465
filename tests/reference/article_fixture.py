# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""The experiment of the article: two linked pairs of columns, and anomalies by shift, scale and extreme."""

import numpy as np

from experiment import Case

EPOCHS = 60


def ordinary(rng, rows):
    """f1, f3 ~ N(0, 1); f2 = 0.7 f1 + N(0, 0.4); f4 = 0.5 f3 + N(0, 0.5). All columns are drawn before the links."""
    table = rng.normal(0.0, 1.0, size=(rows, 4))
    table[:, 1] = 0.7 * table[:, 0] + rng.normal(0, 0.4, size=rows)
    table[:, 3] = 0.5 * table[:, 2] + rng.normal(0, 0.5, size=rows)
    return table


def strange(rng, rows):
    """Four columns without links, shifted and scaled; the first five rows are extreme as well."""
    table = rng.normal(0.0, 1.0, size=(rows, 4))
    table[:, 0] += 5.0
    table[:, 2] *= 4.0
    table[:5, 1] += 8.0
    return table


def article_case():
    """Training rows, test rows (60 ordinary, then 20 strange) and their labels."""
    rng = np.random.default_rng(42)
    train = ordinary(rng, 200)
    test = np.concatenate([ordinary(rng, 60), strange(rng, 20)])
    labels = np.repeat([0, 1], [60, 20])
    case = Case("article", train, hidden=[16], latent=2, activation="relu", seed=42, epochs=EPOCHS, batch=32,
                learning_rate=1e-3, weight_decay=1e-5)
    return case, test, labels
