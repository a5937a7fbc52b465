# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""The members of a committee: what is drawn, how they learn, what they say. float32.

Member i is d-16-c-16-d: tanh, linear code, tanh, linear output; c = (r, (r + h) div 2, h)[i mod 3] with
r = max(2, round(sqrt d)), h = min(64, max(2, d div 2)).

What is drawn, in this order; both committees use the same draws (same samples, first weights and batches):
1. samples. n < 9: member by member a permutation of all n rows. Else, for i = 0 .. M-1: if i mod 3 = 0 a permutation p
   of all rows; then a permutation of p with every third element from i mod 3 on left out, cut to its first 256. At the
   end all samples are cut to the length m of the shortest. With M a multiple of 3 every row is left out by at least
   M/3 members, when n >= 9.
2. first weights, layer by layer: W ~ N(0, 1) / sqrt(fan), biases 0. fan: F in the first layer, else the inputs (c of
   the member for the layer behind the code).
3. per epoch and member a permutation of the m places of the sample. A batch is the next B = min(64, m) places; what is
   left of an epoch below B places is dropped. 400 batches (steps).
4. (clean, detector.py) the pool: a permutation of the sorted distinct rows of all samples, its first 512.
A C++ engine draws other numbers and may draw per member; only the rules above and the independence count, so that the
members can be trained apart. The draws here can be replaced by any others: they are data (class Draws).

One step. x: B rows of the sample; e = y - x; loss of a row = sum of e^2 over cells / F.
Trimmed committee: keep = max(1, round(0.7 B), halves to even); a row whose sum exceeds the keep-th smallest of the
batch and that is not protected (protection.py) gets e = 0. Ties with the keep-th stay.
g = e * 2 / (B F (1 - trim)), trim = 0.3 or 0, however many rows were left out. Plain backpropagation.
Adam, no decay: m = .9 m + .1 g; v = .999 v + .001 g^2; w -= .01 / (1 - .9^t) m / (sqrt(v / (1 - .999^t)) + 1e-8).
"""

from dataclasses import dataclass

import numpy as np

from protection import protected

F32 = np.float32
WIDTH, ROWS, BATCH, RATE, TRIM, FEW_ROWS = 16, 256, 64, 0.01, 0.3, 9


@dataclass
class Settings:
    """members: a multiple of 3."""
    members: int = 9
    steps: int = 400


def code_sizes(d, members):
    small, large = max(2, round(d ** 0.5)), min(64, max(2, d // 2))
    return [(small, (small + large) // 2, large)[i % 3] for i in range(members)]


@dataclass
class Draws:
    samples: np.ndarray  # members x m rows of the table
    weights: list        # W, b of the four layers, [member][in][out]; codes padded to the widest
    orders: list         # per epoch: members x m places of the sample

    def batch(self, step, size):
        """Places of the sample, members x size, of step 0, 1, ..."""
        each = self.samples.shape[1] // size
        at = step % each * size
        return self.orders[step // each][:, at:at + size]

    def first(self, members):
        return Draws(self.samples[:members], [w[:members] for w in self.weights], [o[:members] for o in self.orders])


def draw_samples(random, n, members):
    samples, order = [], None
    for i in range(members):
        if n < FEW_ROWS:
            samples.append(random.permutation(n))
            continue
        if i % 3 == 0:
            order = random.permutation(n)
        kept = np.concatenate([order[fold::3] for fold in range(3) if fold != i % 3])
        samples.append(random.permutation(kept)[:ROWS])
    m = min(map(len, samples))
    return np.stack([sample[:m] for sample in samples])


def draw(n, d, features, seed, settings=None):
    settings = settings or Settings()
    random, members, codes = np.random.default_rng(seed), settings.members, code_sizes(d, settings.members)
    samples = draw_samples(random, n, members)
    weights, widest = [], max(codes)
    shapes = [(d, WIDTH, features), (WIDTH, widest, WIDTH), (widest, WIDTH, None), (WIDTH, d, WIDTH)]
    for inputs, outputs, fan in shapes:
        fan = np.array(codes, F32)[:, None, None] if fan is None else fan
        normal = random.standard_normal((members, inputs, outputs))
        weights += [(normal / np.sqrt(fan)).astype(F32), np.zeros((members, 1, outputs), F32)]
    m = samples.shape[1]
    epochs = -(-settings.steps // (m // min(BATCH, m)))
    orders = [np.stack([random.permutation(m) for _ in range(members)]) for _ in range(epochs)]
    return Draws(samples, weights, orders)


class Committee:
    """Trained nets. weights as in Draws; `seen[i, row]`: member i had the row in its sample."""

    def __init__(self, weights, samples, n):
        self.weights, self.members = weights, len(samples)
        self.codes = code_sizes(weights[0].shape[1], self.members)
        self.mask = np.arange(max(self.codes))[None, None, :] < np.array(self.codes)[:, None, None]
        self.samples = samples
        self.seen = np.zeros((self.members, n), dtype=bool)
        self.seen[np.arange(self.members)[:, None], samples] = True

    def output(self, member, x):
        """In the precision of x."""
        w1, b1, w2, b2, w3, b3, w4, b4 = [w[member].astype(x.dtype, copy=False) for w in self.weights]
        z = (np.tanh(x @ w1 + b1) @ w2 + b2) * self.mask[member].astype(x.dtype)
        return np.tanh(z @ w3 + b3) @ w4 + b4

    def mean_output(self, x):
        return np.mean([self.output(i, x) for i in range(self.members)], axis=0)

    def flat(self, member):
        """Parameters one after another: per layer W [out][in], then b; the code without its padding."""
        c = self.codes[member]
        whole, code = slice(None), slice(c)
        cuts = [(whole, whole), (whole, code), (code, whole), (whole, whole)]
        out = []
        for layer, (rows, columns) in enumerate(cuts):
            out += [self.weights[2 * layer][member][rows, columns].T.reshape(-1),
                    self.weights[2 * layer + 1][member][0, columns]]
        return np.concatenate(out)


def swapped(x):
    return x.transpose(0, 2, 1)


def train(cells, features, draws, trim, settings=None):
    """A committee; also which places of the samples were protected (members x m)."""
    settings = settings or Settings()
    samples = draws.samples
    (members, m), rows = samples.shape, cells[samples]
    size, ar = min(BATCH, m), np.arange(members)[:, None]
    committee = Committee([w.copy() for w in draws.weights], samples, len(cells))
    w, mask = committee.weights, committee.mask.astype(F32)
    shielded = np.stack([protected(sample) for sample in rows]) if trim > 0 else np.zeros((members, m), bool)
    first, second = [np.zeros_like(p) for p in w], [np.zeros_like(p) for p in w]
    for t in range(1, settings.steps + 1):
        places = draws.batch(t - 1, size)
        x = rows[ar, places]
        h1 = np.tanh(x @ w[0] + w[1])
        z = (h1 @ w[2] + w[3]) * mask
        h2 = np.tanh(z @ w[4] + w[5])
        e = h2 @ w[6] + w[7] - x
        if trim > 0:
            loss = (e * e).sum(axis=2)
            keep = max(1, int(round(size * (1 - trim))))
            border = np.partition(loss, keep - 1, axis=1)[:, keep - 1:keep]
            e[(loss > border) & ~shielded[ar, places]] = 0
        back = e * F32(2 / (size * features * (1 - trim)))
        gradients = [None] * 8
        gradients[6], gradients[7] = swapped(h2) @ back, back.sum(axis=1, keepdims=True)
        back = back @ swapped(w[6]) * (1 - h2 * h2)
        gradients[4], gradients[5] = swapped(z) @ back, back.sum(axis=1, keepdims=True)
        back = (back @ swapped(w[4])) * mask
        gradients[2], gradients[3] = swapped(h1) @ back, back.sum(axis=1, keepdims=True)
        back = back @ swapped(w[2]) * (1 - h1 * h1)
        gradients[0], gradients[1] = swapped(x) @ back, back.sum(axis=1, keepdims=True)
        for i, g in enumerate(gradients):
            first[i] = F32(0.9) * first[i] + F32(0.1) * g
            second[i] = F32(0.999) * second[i] + F32(0.001) * g ** 2
            step = F32(RATE / (1 - 0.9 ** t)) * first[i]
            w[i] = w[i] - step / (np.sqrt(second[i] / F32(1 - 0.999 ** t)) + F32(1e-8))
    return committee, shielded
