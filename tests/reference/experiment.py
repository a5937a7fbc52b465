# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""One training run as a PyTorch user writes it: nn.Linear, DataLoader(shuffle=True), loss, optimizer, schedule."""

from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
               "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "gelu": nn.GELU, "softplus": nn.Softplus}


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
    decoder: list = None  # None: the hidden widths mirrored
    latent_activation: str = "linear"
    loss: str = "mse"
    optimizer: str = "adam"
    momentum: float = 0.0
    schedule: str = "constant"
    schedule_options: dict = field(default_factory=dict)
    l1: float = 0.0
    clip: float = 0.0
    sparsity: str = "none"
    sparsity_options: dict = field(default_factory=dict)


@dataclass
class Result:
    case: Case
    scaler: StandardScaler
    model: nn.Module
    initial: np.ndarray
    final: np.ndarray
    losses: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    rates: list = field(default_factory=list)
    clipped: int = 0
    errors: np.ndarray = None
    threshold: float = 0.0


class Net(nn.Module):
    """columns -> hidden -> latent -> decoder -> columns; the output layer stays linear."""

    def __init__(self, case, columns):
        super().__init__()
        decoder = list(reversed(case.hidden)) if case.decoder is None else case.decoder
        widths = [columns, *case.hidden, case.latent, *decoder, columns]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.code = len(case.hidden)
        self.hidden, self.latent = ACTIVATIONS[case.activation](), ACTIVATIONS[case.latent_activation]()
        self.top_k = case.sparsity_options["k"] if case.sparsity == "top_k" else 0

    def forward(self, x):
        """Codes and reconstruction."""
        codes = None
        for at, layer in enumerate(self.layers):
            x = layer(x)
            if at == self.code:
                x = self.latent(x)
                if self.top_k:
                    x = x * torch.zeros_like(x).scatter(1, x.topk(self.top_k, dim=1).indices, 1.0)
                codes = x
            elif at + 1 < len(self.layers):
                x = self.hidden(x)
        return codes, x


def reconstruction_loss(kind, y, x):
    if kind == "mae":
        return nn.L1Loss()(y, x)
    if kind == "huber":
        return nn.HuberLoss(delta=1.0)(y, x)
    return nn.functional.mse_loss(y, x, reduction="none").mean(dim=1).mean()


def penalty(case, model, codes):
    total = case.l1 * sum(p.abs().sum() for p in model.parameters()) if case.l1 else 0.0
    if case.sparsity == "l1":
        total = total + case.sparsity_options["weight"] * codes.abs().mean()
    elif case.sparsity == "kl":
        rho, mean = case.sparsity_options["target"], codes.mean(dim=0).clamp(1e-6, 1 - 1e-6)
        kl = rho * torch.log(rho / mean) + (1 - rho) * torch.log((1 - rho) / (1 - mean))
        total = total + case.sparsity_options["weight"] * kl.sum()
    return total


def optimizer_for(case, parameters):
    kind = {"adam": torch.optim.Adam, "adam_w": torch.optim.AdamW, "sgd": torch.optim.SGD,
            "rms_prop": torch.optim.RMSprop}[case.optimizer]
    more = {"momentum": case.momentum} if case.optimizer in ("sgd", "rms_prop") else {}
    return kind(parameters, lr=case.learning_rate, weight_decay=case.weight_decay, **more)


def schedule_for(case, optimizer):
    schedules, how = torch.optim.lr_scheduler, case.schedule_options
    if case.schedule == "cosine":
        warmup = how.get("warmup", 0)
        cosine = schedules.CosineAnnealingLR(optimizer, T_max=case.epochs - warmup)
        if not warmup:
            return cosine
        rise = schedules.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
        return schedules.SequentialLR(optimizer, [rise, cosine], milestones=[warmup])
    if case.schedule == "step":
        return schedules.StepLR(optimizer, step_size=how["every"], gamma=how["factor"])
    if case.schedule == "plateau":
        return schedules.ReduceLROnPlateau(optimizer, factor=how["factor"], patience=how["patience"])
    return None


def flat(model):
    """All parameters, layer after layer, weights [out][in] before the bias."""
    return torch.cat([p.detach().reshape(-1) for p in model.parameters()]).numpy().copy()


def errors_of(result, rows):
    """Mean squared error of every row."""
    dtype = next(result.model.parameters()).dtype
    with torch.no_grad():
        x = torch.tensor(result.scaler.transform(rows), dtype=dtype)
        return nn.functional.mse_loss(result.model(x)[1], x, reduction="none").mean(dim=1).numpy()


def run(case, precise=False):
    """Trains `case`; with `precise` in double precision, from the same start and in the same order."""
    torch.set_num_threads(1)
    scaler = StandardScaler().fit(case.rows)
    x = torch.tensor(scaler.transform(case.rows), dtype=torch.float32)
    torch.manual_seed(case.seed)
    model = Net(case, x.shape[1])
    result = Result(case, scaler, model, initial=flat(model), final=None)
    if precise:
        model.double()
        x = torch.tensor(scaler.transform(case.rows), dtype=torch.float32).double()
    optimizer = optimizer_for(case, model.parameters())
    schedule = schedule_for(case, optimizer)
    loader = DataLoader(TensorDataset(x, torch.arange(len(x))), batch_size=case.batch, shuffle=True)
    for _ in range(case.epochs):
        total, order = 0.0, []
        result.rates.append(optimizer.param_groups[0]["lr"])
        for batch, index in loader:
            optimizer.zero_grad()
            codes, y = model(batch)
            loss = reconstruction_loss(case.loss, y, batch)
            (loss + penalty(case, model, codes)).backward()
            if case.clip:
                norm = nn.utils.clip_grad_norm_(model.parameters(), case.clip)
                result.clipped += int(norm > case.clip)
            optimizer.step()
            total += loss.item()
            order += index.tolist()
        result.losses.append(total / len(loader))
        result.orders.append(order)
        if schedule is not None:
            schedule.step(*([result.losses[-1]] if case.schedule == "plateau" else []))
    result.final = flat(model)
    result.errors = errors_of(result, case.rows)
    result.threshold = float(np.quantile(result.errors.astype(np.float64), 0.95))
    return result
