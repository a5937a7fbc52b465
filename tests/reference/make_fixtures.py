# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Writes tests/core/data/*.hpp, the numbers that the C++ tests compare with.

    python -m venv env && env/bin/pip install -r tests/reference/requirements.txt
    env/bin/python tests/reference/make_fixtures.py [--compare golden.json]

Every case is also trained in double precision. The distance printed is how far float32 rounding alone carries a case:
a case where it comes near 1e-5 would test luck, not the engine, and is refused. `--compare` checks the article's run
against results recorded elsewhere.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader

from article_fixture import article_case
from cases import cases, variants
from committee import committee_header
from experiment import Case, errors_of, run
from headers import array, camel, fnv1a, header
from statistics_fixture import scalers_header, statistics_header

DATA = Path(__file__).resolve().parent.parent / "core" / "data"
LIMIT = 1e-5  # what is asked of the engine
ORDER = ("warmup", "every", "patience", "factor", "weight", "target", "k")  # of the members of the C++ structs
FLOOR = 0.1   # weights below it are compared absolutely, at LIMIT * FLOOR = 1e-6


def distance(got, wanted, floor=0.0):
    got, wanted = np.asarray(got, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    return float(np.max(np.abs(got - wanted) / np.maximum(np.abs(wanted), floor)))


def check_conditioning(case, result):
    precise = run(case, precise=True)
    off = {"losses": distance(precise.losses, result.losses), "weights": distance(precise.final, result.final, FLOOR),
           "errors": distance(precise.errors, result.errors)}
    print(f"{case.name:16}", "  ".join(f"{key} {value:.1e}" for key, value in off.items()))
    if max(off.values()) > LIMIT * 0.8:
        raise SystemExit(f"{case.name}: rounding alone carries this case {max(off.values()):.1e} away. Choose another.")


def unusual(case):
    """Initialisers of what differs from a plain training."""
    plain = Case("", None, [], 0, "", 0, 0, 0)
    kinds = {"latent_activation": "Activation", "loss": "LossKind", "optimizer": "OptimizerKind",
             "schedule": "Schedule::Kind", "sparsity": "Sparsity::Kind"}
    parts = []
    if case.decoder is not None:
        parts += [f".decoder = {{{', '.join(map(str, case.decoder))}}}", f".decoder_count = {len(case.decoder)}"]
    for name in ("latent_activation", "loss", "optimizer", "momentum", "l1", "clip", "schedule", "sparsity"):
        value, options = getattr(case, name), getattr(case, name + "_options", None)
        if value == getattr(plain, name):
            continue
        text = f"{kinds[name]}::k{camel(value)}" if name in kinds else repr(value)
        if options is not None:
            text = "{" + ", ".join([f".kind = {text}"] + [f".{key} = {options[key]!r}" for key in ORDER
                                                          if key in options]) + "}"
        parts.append(f".{name} = {text}")
    return "".join(part + ", " for part in parts) + ("\n    " if parts else "")


def experiment_body(case, result):
    stem = "k" + camel(case.name)
    rows, columns = case.rows.shape
    fields = [("table", "double", case.rows), ("center", "double", result.scaler.mean_),
              ("scale", "double", result.scaler.scale_),
              ("orders", "std::uint64_t", [fnv1a(order) for order in result.orders]),
              ("losses", "double", result.losses), ("final", "float", result.final), ("errors", "float", result.errors)]
    body = "".join(array(f"{stem}{name.capitalize()}", kind, values) for name, kind, values in fields)
    hidden = ", ".join(str(width) for width in case.hidden)
    body += (f"inline constexpr Experiment {stem}{{\n"
             f"    .name = \"{case.name}\", .rows = {rows}, .columns = {columns},\n"
             f"    .hidden = {{{hidden}}}, .hidden_count = {len(case.hidden)}, .latent = {case.latent},\n"
             f"    .activation = Activation::k{camel(case.activation)}, .seed = {case.seed}U,\n"
             f"    .epochs = {case.epochs}, .batch_size = {case.batch},\n"
             f"    .learning_rate = {case.learning_rate!r}, .weight_decay = {case.weight_decay!r},\n"
             f"    .threshold = {result.threshold!r}, .initial = {fnv1a(result.initial.view(np.uint32))}ULL,\n    "
             + unusual(case) + ", ".join(f".{name} = {stem}{name.capitalize()}" for name, _, _ in fields) + "};\n\n")
    return stem, body


def compare_article(path, result, test_errors):
    golden = json.loads(Path(path).read_text())

    def parameters(which):
        return np.concatenate([np.reshape(golden[which][key], -1) for key in golden[which]])

    print("article, other recording: initial weights equal:",
          bool(np.array_equal(parameters("init").astype(np.float32), result.initial)),
          "| orders equal:", golden["orders"] == result.orders,
          "| losses %.1e" % distance(result.losses, golden["epoch_loss"]),
          "| final %.1e" % distance(result.final, parameters("final"), FLOOR),
          "| train errors %.1e" % distance(result.errors, golden["train_err"]),
          "| test errors %.1e" % distance(test_errors, golden["test_err"]),
          "| threshold %.1e" % distance(result.threshold, golden["threshold"]))


def article_header(compare):
    case, test, labels = article_case()
    result = run(case)
    check_conditioning(case, result)
    test_errors = errors_of(result, test)
    if compare:
        compare_article(compare, result, test_errors)
    _, body = experiment_body(case, result)
    body += array("kArticleInitial", "float", result.initial)
    body += array("kArticleFirstOrder", "std::uint32_t", result.orders[0])
    body += array("kArticleTest", "double", test)
    body += array("kArticleTestErrors", "float", test_errors)
    body += array("kArticleLabels", "std::uint8_t", labels)
    body += array("kArticlePredictions", "std::uint8_t", test_errors > result.threshold)
    return header(body, ('"experiment.hpp"',))


def experiments_header():
    body, stems = "", []
    for case in cases():
        result = run(case)
        check_conditioning(case, result)
        stem, text = experiment_body(case, result)
        body += text
        stems.append(stem)
    body += "inline constexpr const Experiment* kExperiments[] = {" + ", ".join("&" + stem for stem in stems) + "};\n"
    return header(body, ('"experiment.hpp"',))


def variants_header():
    body, stems = "", []
    for case in variants():
        result = run(case)
        check_conditioning(case, result)
        if case.schedule != "constant" and len(set(result.rates)) < 2:
            raise SystemExit(f"{case.name}: the learning rate never changes.")
        if case.clip and not 0 < result.clipped < len(result.losses) * -(-len(case.rows) // case.batch):
            raise SystemExit(f"{case.name}: all gradients are clipped, or none.")
        stem, text = experiment_body(case, result)
        body += text
        stems.append(stem)
    body += "inline constexpr const Experiment* kVariants[] = {" + ", ".join("&" + stem for stem in stems) + "};\n"
    return header(body, ('"experiment.hpp"',))


def draws_header():
    """What torch draws after manual_seed, and what its loader makes of it."""
    body, names = "", []
    for seed in (0, 1, 42, 2**32 - 1):
        torch.manual_seed(seed)
        body += array(f"kUniform{seed}", "float", torch.empty(12).uniform_(-0.5, 0.25).numpy())
        torch.manual_seed(seed)
        words = [torch.empty((), dtype=torch.int64).random_().item() for _ in range(6)]
        body += array(f"kRandom{seed}", "std::uint64_t", words)
        names.append(f"{{{seed}U, kUniform{seed}, kRandom{seed}}}")
    body += "inline constexpr Draws kDraws[] = {" + ", ".join(names) + "};\n\n"
    names = []
    for seed, rows in ((0, 1), (3, 2), (42, 13), (123456789, 24)):
        torch.manual_seed(seed)
        loader = DataLoader(range(rows), batch_size=5, shuffle=True)
        orders = [torch.cat(list(loader)).tolist() for _ in range(3)]
        body += array(f"kOrders{rows}", "std::uint32_t", orders)
        names.append(f"{{{seed}U, {rows}, 3, kOrders{rows}}}")
    return header(body + "inline constexpr RowOrders kRowOrders[] = {" + ", ".join(names) + "};\n", ('"draws.hpp"',))


def quantiles_header():
    rng = np.random.default_rng(5)
    lists = {"One": [3.5], "Two": [1.0, 2.0], "Ties": [0.1, 0.1, 0.1, 0.7, 0.7, 0.9], "Equal": [0.3] * 7,
             "Uniform": rng.random(37), "Wide": 10.0 ** rng.uniform(-8, 8, 50)}
    body, names = "", []
    levels = [0.001, 0.05, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999]
    body += array("kQuantileLevels", "double", levels)
    for name, values in lists.items():
        values = np.asarray(values, dtype=np.float32)
        body += array(f"k{name}Values", "float", values)
        body += array(f"k{name}Quantiles", "double", np.quantile(values.astype(np.float64), levels))
        names.append(f"{{k{name}Values, k{name}Quantiles}}")
    body += "inline constexpr Quantiles kQuantiles[] = {" + ", ".join(names) + "};\n"
    return header(body, ('"quantiles.hpp"',))


def scaler_header():
    """Columns where a naive variance fails: far from zero, tiny, huge, constant, constant but for rounding."""
    rng = np.random.default_rng(9)
    rows = 23
    table = np.column_stack([
        rng.normal(0, 1, rows), 1.7e9 + rng.integers(0, 100, rows), 1e-9 * rng.normal(0, 1, rows),
        1e12 * rng.normal(3, 1, rows), np.full(rows, 3.0), np.zeros(rows), np.full(rows, 0.1),
        1e8 + 1e-9 * rng.random(rows), 1e6 + 1e-3 * rng.random(rows), rng.integers(0, 2, rows)])
    scaler = StandardScaler().fit(table)
    body = array("kScalerTable", "double", table) + array("kScalerCenter", "double", scaler.mean_)
    body += array("kScalerScale", "double", scaler.scale_)
    body += array("kScalerScaled", "float", scaler.transform(table).astype(np.float32))
    return header(body)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--compare", metavar="golden.json")
    compare = arguments.parse_args().compare
    texts = {"article": article_header(compare), "experiments": experiments_header(), "torch_draws": draws_header(),
             "torch_variants": variants_header(), "numpy_quantiles": quantiles_header(),
             "sklearn_scaler": scaler_header(), "sklearn_scalers": scalers_header(),
             "statistics": statistics_header(), "committee": committee_header()}
    DATA.mkdir(exist_ok=True)
    for name, text in texts.items():
        (DATA / f"{name}.hpp").write_text(text)
        print(f"{name}.hpp: {len(text)} bytes")


if __name__ == "__main__":
    main()
