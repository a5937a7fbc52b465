# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""One training run as a PyTorch user writes it: nn.Linear, DataLoader(shuffle=True), MSE, Adam."""

from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


@dataclass
class Case:
    name: str
    rows: np.ndarray
    hidden: list
    latent: int
    activation: str
    seed: int
    epochs: int
    batch: int
    learning_rate: float = 1e-3
    weight_decay: float = 0.0


@dataclass
class Result:
    scaler: StandardScaler
    model: nn.Module
    initial: np.ndarray
    final: np.ndarray
    losses: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    errors: np.ndarray = None
    threshold: float = 0.0


def build(case, columns):
    """columns -> hidden -> latent -> mirrored hidden -> columns; latent and output layers stay linear."""
    widths = [columns, *case.hidden, case.latent, *reversed(case.hidden), columns]
    parts = []
    for at, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        parts.append(nn.Linear(inputs, outputs))
        if at not in (len(case.hidden), len(widths) - 2):
            parts.append(ACTIVATIONS[case.activation]())
    return nn.Sequential(*parts)


def flat(model):
    """All parameters, layer after layer, weights [out][in] before the bias."""
    return torch.cat([p.detach().reshape(-1) for p in model.parameters()]).numpy().copy()


def errors_of(result, rows):
    """Mean squared error of every row."""
    dtype = next(result.model.parameters()).dtype
    with torch.no_grad():
        x = torch.tensor(result.scaler.transform(rows), dtype=dtype)
        return nn.functional.mse_loss(result.model(x), x, reduction="none").mean(dim=1).numpy()


def run(case, precise=False):
    """Trains `case`; with `precise` in double precision, from the same start and in the same order."""
    torch.set_num_threads(1)
    scaler = StandardScaler().fit(case.rows)
    x = torch.tensor(scaler.transform(case.rows), dtype=torch.float32)
    torch.manual_seed(case.seed)
    model = build(case, x.shape[1])
    result = Result(scaler, model, initial=flat(model), final=None)
    if precise:
        model.double()
        x = torch.tensor(scaler.transform(case.rows), dtype=torch.float32).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=case.learning_rate, weight_decay=case.weight_decay)
    loader = DataLoader(TensorDataset(x, torch.arange(len(x))), batch_size=case.batch, shuffle=True)
    for _ in range(case.epochs):
        total, order = 0.0, []
        for batch, index in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(batch), batch, reduction="none").mean(dim=1).mean()
            loss.backward()
            optimizer.step()
            total += loss.item()
            order += index.tolist()
        result.losses.append(total / len(loader))
        result.orders.append(order)
    result.final = flat(model)
    result.errors = errors_of(result, case.rows)
    result.threshold = float(np.quantile(result.errors.astype(np.float64), 0.95))
    return result
