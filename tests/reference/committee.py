# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""The committee's score and shares for given weights, in double precision: how strange a row is to several small nets
and to the histograms of its columns, both on a log scale, centred and scaled by the training rows."""

import numpy as np
import torch
from torch import nn

from headers import array, header

MEMBERS, WIDTH, KNEE, BINS = 9, 16, 5.0, 10


def squash(z):
    excess = np.maximum(np.abs(z) - KNEE, 0)
    return np.sign(z) * (np.minimum(np.abs(z), KNEE) + np.log1p(excess))


def code_size(columns, member):
    small, large = max(2, round(columns ** 0.5)), max(2, columns // 2)
    return (small, (small + large) // 2, large)[member % 3]


def widths(columns, member):
    return [columns, WIDTH, code_size(columns, member), WIDTH, columns]


def output_of(parameters, shape, a):
    """One net on squashed rows; `parameters` flat, weights [out][in] before the bias. tanh but on code and output."""
    at = 0
    for layer, (inputs, outputs) in enumerate(zip(shape, shape[1:])):
        w = parameters[at:at + inputs * outputs].reshape(outputs, inputs)
        at += inputs * outputs
        a = a @ w.T + parameters[at:at + outputs]
        at += outputs
        if layer in (0, 2):
            a = np.tanh(a)
    return a


class Committee:
    def __init__(self, rows, members):
        """Learns its units from training rows, for nets that are trained already."""
        self.members = [np.asarray(m, dtype=np.float64) for m in members]
        self.mean, spread = rows.mean(axis=0), rows.std(axis=0)
        self.scale = np.where(spread > 0, spread, 1)
        z = self.scaled(rows)
        q = self.residuals(z)
        kept = max(1, int(0.9 * len(q)))
        self.ordinary = np.sort(q, axis=0)[:kept].mean(axis=0) + 1e-3
        self.edges, self.heights = [], []
        for column in z.T:
            counts, edges = np.histogram(column, bins=BINS)
            floor = len(z) / (10 * BINS)
            self.edges.append(edges)
            self.heights.append(-np.log((np.append(counts, 0) + floor) / (counts.max() + floor)))
        self.center, self.spread = [0.0, 0.0], [1.0, 1.0]
        for which, total in enumerate(self.totals(*self.parts(z))):
            low, middle, high = np.quantile(np.log(total), [0.25, 0.5, 0.75])
            self.center[which], self.spread[which] = middle, max(high - low, 0.05)

    def scaled(self, rows):
        return ((rows - self.mean) / self.scale).astype(np.float32).astype(np.float64)

    def residuals(self, z):
        a, columns = squash(z), z.shape[1]
        return np.mean([(output_of(m, widths(columns, i), a) - a) ** 2 for i, m in enumerate(self.members)], axis=0)

    def parts(self, z):
        """Per cell: residual in units of the column's ordinary one, rarity of the value (last height: outside)."""
        rarity = np.empty_like(z)
        for j, (edges, heights) in enumerate(zip(self.edges, self.heights)):
            bins = np.minimum(np.searchsorted(edges, z[:, j], side="right") - 1, BINS - 1)
            bins[(z[:, j] < edges[0]) | (z[:, j] > edges[-1])] = BINS
            rarity[:, j] = heights[bins]
        return np.sqrt(self.residuals(z) / self.ordinary), rarity

    @staticmethod
    def totals(p, h):
        return p.mean(axis=1) + 1e-3, h.mean(axis=1) + 1e-2

    def judge(self, rows):
        """Scores, and shares of the columns: the score's derivative by the logarithms of its parts."""
        p, h = self.parts(self.scaled(rows))
        total_p, total_h = self.totals(p, h)
        score = (np.log(total_p) - self.center[0]) / self.spread[0]
        score = score + 0.5 * (np.log(total_h) - self.center[1]) / self.spread[1]
        pull = p / total_p[:, None] / self.spread[0] + 0.5 * h / total_h[:, None] / self.spread[1]
        return score, pull / pull.sum(axis=1, keepdims=True)


def trained_members(rows, seed):
    """Nets that have learned something, whatever it is: the comparison is of scores for given weights."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    z = (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)
    x, members = torch.tensor(squash(z), dtype=torch.float32), []
    for member in range(MEMBERS):
        a, b, c, d, e = widths(rows.shape[1], member)
        net = nn.Sequential(nn.Linear(a, b), nn.Tanh(), nn.Linear(b, c), nn.Linear(c, d), nn.Tanh(), nn.Linear(d, e))
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        for _ in range(60):
            optimizer.zero_grad()
            ((net(x) - x) ** 2).mean().backward()
            optimizer.step()
        members.append(torch.cat([p.detach().reshape(-1) for p in net.parameters()]).numpy())
    return members


def tables():
    """Name, training rows, other rows, seed."""
    rng = np.random.default_rng(61)
    mix = rng.normal(0, 1, (3, 6))

    def linked(rows):
        return np.tanh(rng.normal(0, 1, (rows, 3))) @ mix + rng.normal(0, 0.2, (rows, 6))

    def kinds(rows):
        """A switch, a heavy tail, a count, a time stamp, a rare switch."""
        base = rng.normal(0, 1, rows)
        return np.column_stack([base > 0.3, np.exp(2 * rng.normal(0, 1, rows)), rng.poisson(3, rows),
                                1.7e9 + 1000 * base, rng.random(rows) < 0.04]).astype(np.float64)

    strange = linked(12)
    strange[range(12), np.arange(12) % 6] += np.geomspace(1, 1e6, 12)
    yield "linked", linked(150), np.concatenate([linked(20), strange]), 1
    train, test = kinds(130), [kinds(20), kinds(6) + [[0, 1e4, 0, 0, 0]], kinds(6) * [[1, -1, 4, 1, 2]]]
    yield "kinds", train, np.concatenate(test), 2


def committee_header():
    body, names = "", []
    for name, train, test, seed in tables():
        stem = "k" + name.capitalize()
        members = trained_members(train, seed)
        model = Committee(train, members)
        body += array(stem + "Train", "double", train) + array(stem + "Test", "double", test)
        body += array(stem + "Members", "float", np.concatenate(members))
        own, _ = model.judge(train)
        scores, shares = model.judge(test)
        body += array(stem + "Own", "double", own) + array(stem + "Scores", "double", scores)
        body += array(stem + "Shares", "double", shares)
        middle = np.median(own)
        mad = middle + 3.5 * 1.4826 * np.median(np.abs(own - middle))
        names.append(f"    {{{train.shape[1]}, {stem}Train, {stem}Test, {stem}Members, {stem}Own, {stem}Scores, "
                     f"{stem}Shares, {float(mad)!r}}}")
    return header(body + "inline constexpr Committee kCommittees[] = {\n" + ",\n".join(names) + "};\n",
                  ('"judged.hpp"',))
