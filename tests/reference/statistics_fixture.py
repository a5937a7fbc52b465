# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Thresholds, tails, discoveries, metrics and the other scalers, as numpy, scipy and scikit-learn have them."""

import numpy as np
from scipy.stats import false_discovery_control, genpareto
from sklearn import metrics
from sklearn.preprocessing import MinMaxScaler, RobustScaler

from headers import array, header

MAD_LEVELS = [0.5, 2.0, 3.5, 10.0]
CONTAMINATION_LEVELS = [0.01, 0.1, 0.25, 0.5]
TAIL_LEVELS = [0.02, 0.01, 1e-3, 1e-5]


def scalers_header():
    """Heavy tails, offsets, a column whose quartiles agree, a constant one, few distinct values."""
    rng = np.random.default_rng(19)
    rows = 22
    table = np.column_stack([
        rng.normal(0, 1, rows), np.exp(3 * rng.normal(0, 1, rows)), 1.7e9 + rng.integers(0, 50, rows),
        np.repeat([0.0, 1.0, 5.0], [20, 1, 1]), np.full(rows, -2.5), rng.integers(0, 2, rows), 1e-9 * rng.random(rows)])
    body = array("kScalersTable", "double", table)
    for name, scaler in (("Robust", RobustScaler()), ("MinMax", MinMaxScaler())):
        scaled = scaler.fit_transform(table)
        center = scaler.center_ if name == "Robust" else scaler.data_min_
        scale = scaler.scale_ if name == "Robust" else 1 / scaler.scale_
        body += array(f"k{name}Center", "double", center) + array(f"k{name}Scale", "double", scale)
        body += array(f"k{name}Scaled", "float", scaled.astype(np.float32))
    return header(body)


def rules():
    rng = np.random.default_rng(29)
    lists = {"Short": [4.0, 1.0], "Odd": rng.random(31), "Tied": rng.integers(0, 6, 40), "Heavy": rng.pareto(1.5, 64)}
    body, names = array("kMadLevels", "double", MAD_LEVELS), []
    body += array("kContaminationLevels", "double", CONTAMINATION_LEVELS)
    for name, values in lists.items():
        values = np.asarray(values, dtype=np.float32)
        exact = values.astype(np.float64)
        middle = np.median(exact)
        mad = np.median(np.abs(exact - middle))
        body += array(f"k{name}Scores", "float", values)
        body += array(f"k{name}Mad", "double", [middle + k * 1.4826 * mad for k in MAD_LEVELS])
        body += array(f"k{name}Contamination", "double", [np.quantile(exact, 1 - c) for c in CONTAMINATION_LEVELS])
        names.append(f"{{k{name}Scores, k{name}Mad, k{name}Contamination}}")
    return body + "inline constexpr Rules kRules[] = {" + ", ".join(names) + "};\n\n"


def weighted_moments(scores):
    """Shape and scale of the generalised Pareto distribution of the excesses over the 98 % quantile (Hosking & Wallis
    1987, their k is minus the shape): k = a0 / (a0 - 2 a1) - 2, scale = 2 a0 a1 / (a0 - 2 a1), places (i - .35)/n."""
    start = np.quantile(scores, 0.98)
    excess = np.sort(scores[scores > start]) - start
    positions = (np.arange(1, len(excess) + 1) - 0.35) / len(excess)
    a0, a1 = excess.mean(), ((1 - positions) * excess).mean()
    return start, len(excess) / len(scores), 2 - a0 / (a0 - 2 * a1), 2 * a0 * a1 / (a0 - 2 * a1)


def tails():
    rng = np.random.default_rng(39)
    lists = {"Exponential": rng.exponential(2, 600), "Bounded": rng.random(700),
             "Pareto": genpareto.rvs(0.4, size=900, random_state=rng)}
    body, names = array("kTailLevels", "double", TAIL_LEVELS), []
    for name, values in lists.items():
        values = values.astype(np.float32)
        start, share, shape, scale = weighted_moments(values.astype(np.float64))
        levels = [start + genpareto.isf(min(risk / share, 1), shape, scale=scale) for risk in TAIL_LEVELS]
        body += array(f"k{name}TailScores", "float", values) + array(f"k{name}Levels", "double", levels)
        names.append(f"{{k{name}TailScores, {float(shape)!r}, {float(scale)!r}, k{name}Levels}}")
    return body + "inline constexpr Tail kTails[] = {" + ", ".join(names) + "};\n\n"


def discoveries():
    rng = np.random.default_rng(49)
    lists = {"Mixed": np.concatenate([rng.random(30), rng.random(10) * 0.01]), "Even": rng.random(25),
             "Ties": np.repeat([0.01, 0.02, 0.2, 1.0], 5), "One": np.array([0.04])}
    body, names = "", []
    for name, values in lists.items():
        body += array(f"k{name}P", "double", values)
        for rate in (0.05, 0.2):
            found = false_discovery_control(values, method="bh") <= rate
            body += array(f"k{name}Found{int(100 * rate)}", "std::uint8_t", found)
            names.append(f"{{{rate}, k{name}P, k{name}Found{int(100 * rate)}}}")
    return body + "inline constexpr Discoveries kDiscoveries[] = {" + ", ".join(names) + "};\n\n"


def judged():
    rng = np.random.default_rng(59)
    labels = (rng.random(60) < 0.25).astype(int)
    lists = {"Smooth": (rng.normal(0, 1, 60) + labels, labels), "Tied": (rng.integers(0, 5, 60) + labels, labels),
             "Perfect": (labels * 2.0 + rng.random(60), labels), "Inverted": (-2.0 * labels, labels),
             "Equal": (np.ones(8), [0, 1, 0, 0, 1, 0, 0, 0]), "Pair": ([0.5, 0.25], [1, 0])}
    body, names = "", []
    for name, (scores, truth) in lists.items():
        scores, truth = np.asarray(scores, dtype=np.float32), np.asarray(truth)
        false, true, thresholds = metrics.roc_curve(truth, scores, drop_intermediate=False)
        precision, recall, _ = metrics.precision_recall_curve(truth, scores)
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
        body += array(f"k{name}JudgedScores", "float", scores) + array(f"k{name}Labels", "std::uint8_t", truth)
        body += array(f"k{name}Thresholds", "double", thresholds[1:])
        body += array(f"k{name}Tpr", "double", true[1:]) + array(f"k{name}Fpr", "double", false[1:])
        names.append(f"    {{k{name}JudgedScores, k{name}Labels, {float(metrics.roc_auc_score(truth, scores))!r}, "
                     f"{float(metrics.average_precision_score(truth, scores))!r}, {float(f1.max())!r},\n"
                     f"     k{name}Thresholds, k{name}Tpr, k{name}Fpr}}")
    return body + "inline constexpr Judged kJudged[] = {\n" + ",\n".join(names) + "};\n"


def statistics_header():
    return header(rules() + tails() + discoveries() + judged(), ('"judged.hpp"',))
