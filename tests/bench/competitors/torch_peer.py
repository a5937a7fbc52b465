# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""PyTorch on one thread. Speaks the lines of commands.mjs:  python torch_peer.py"""
import numpy as np
import torch
from torch import nn

from lines import repeated, serve

SHOWN = 16
jobs = {}


def network(columns, hidden, latent):
    return nn.Sequential(
        nn.Linear(columns, hidden), nn.ReLU(), nn.Linear(hidden, latent),
        nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, columns))


def prepare(name, words):
    rows, columns, hidden, latent, batch, epochs = map(int, words[:6])
    table = np.fromfile(" ".join(words[6:]), np.float32, rows * columns).reshape(rows, columns)
    net = network(columns, hidden, latent)
    jobs[name] = {
        "rows": torch.from_numpy(table), "batch": batch, "epochs": epochs, "net": net,
        "judge": network(columns, hidden, latent), "adam": torch.optim.Adam(net.parameters(), lr=1e-3)}
    return {"prepared": name}


def adopt(name, words):
    parameters = torch.from_numpy(np.fromfile(" ".join(words), np.float32))
    nn.utils.vector_to_parameters(parameters, jobs[name]["judge"].parameters())
    return {"adopted": name}


def epochs(job):
    rows, net, adam = job["rows"], job["net"], job["adam"]
    for _ in range(job["epochs"]):
        total = torch.zeros(())
        order = torch.randperm(len(rows))
        for first in range(0, len(rows), job["batch"]):
            batch = rows[order[first:first + job["batch"]]]
            adam.zero_grad()
            loss = nn.functional.mse_loss(net(batch), batch)
            loss.backward()
            adam.step()
            total += loss.detach() * len(batch)
    return total.item() / len(rows)


def errors(job, rows):
    with torch.inference_mode():
        return (job["judge"](rows) - rows).square().mean(1)


def train(name, words):
    found, loss = repeated(lambda: epochs(jobs[name]), float(words[0]))
    return {**found, "loss": loss}


def score(name, words):
    job = jobs[name]
    found, scores = repeated(lambda: errors(job, job["rows"]), float(words[0]))
    return {**found, "mean": scores.mean().item(), "head": scores[:SHOWN].tolist()}


def row(name, words):
    job = jobs[name]
    singles = [job["rows"][at:at + 1] for at in range(50)]
    found, _ = repeated(lambda: [errors(job, single).item() for single in singles], float(words[0]))
    return {"ms": found["ms"] / len(singles), "runs": found["runs"] * len(singles)}


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    known = {"prepare": prepare, "adopt": adopt, "train": train, "score": score, "row": row}
    serve("torch", torch.__version__, known)


main()
