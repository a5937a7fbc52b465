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


def variants():
    """One option away from the plain training each: activations, losses, optimizers, schedules, penalties, shapes."""
    def case(name, seed, **more):
        plain = {"hidden": [8], "latent": 2, "activation": "tanh", "epochs": 24, "batch": 12, "learning_rate": 5e-3}
        return Case(name, linked(100 + seed, 36, 5, 3), seed=seed, **{**plain, **more})

    for at, activation in enumerate(["linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "softplus"]):
        yield case("with_" + activation, 20 + at, activation=activation, hidden=[7, 4], batch=10, epochs=20)
    yield case("mae", 30, loss="mae", optimizer="sgd", learning_rate=2e-2, epochs=16)
    yield case("huber", 31, loss="huber")
    yield case("adamw", 32, optimizer="adam_w", weight_decay=0.3, epochs=16)
    yield case("sgd", 33, optimizer="sgd", momentum=0.9, weight_decay=1e-2, learning_rate=2e-2)
    yield case("rmsprop", 34, optimizer="rms_prop", momentum=0.8, weight_decay=1e-3, learning_rate=1e-3, epochs=16)
    yield case("cosine", 35, schedule="cosine")
    yield case("cosine_warm", 36, schedule="cosine", schedule_options={"warmup": 5})
    yield case("steps", 37, schedule="step", schedule_options={"every": 7, "factor": 0.4})
    yield case("plateau", 38, optimizer="sgd", momentum=0.9, learning_rate=0.3, schedule="plateau", epochs=30,
               schedule_options={"factor": 0.5, "patience": 1})
    yield case("l1_weights", 39, l1=1e-2, optimizer="sgd", learning_rate=5e-2)
    yield case("clipped", 40, clip=0.6, l1=1e-3, weight_decay=1e-2, optimizer="sgd", momentum=0.5, learning_rate=5e-2)
    yield case("l1_codes", 41, sparsity="l1", sparsity_options={"weight": 0.3}, latent=3)
    yield case("kl_codes", 42, sparsity="kl", sparsity_options={"weight": 0.2, "target": 0.1}, latent=4,
               latent_activation="sigmoid")
    yield case("top_k", 43, sparsity="top_k", sparsity_options={"k": 2}, latent=5)
    yield case("free_decoder", 44, hidden=[9], decoder=[4, 6, 7], latent=3, latent_activation="elu")
