# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""Writes a fitted detector, and what it says of other rows, as the C++ structs of tests/core/data/detector.hpp."""

import numpy as np

import detector
import parts
import reasons
import repairs
from headers import WIDTH, array, camel

KINDS = {"number": "kNumber", "text": "kText", "boolean": "kBoolean", "cycle": "kCycle", "category": "kCategory"}
SHOWN = 24  # training rows of which everything is written


def digits(value):
    """Nine digits are more than a comparison to 1e-5 needs."""
    if value is None or value != value:
        return "kGap"
    if np.isinf(value):
        return "kOther"
    text = f"{float(value):.9g}"
    return text if any(c in text for c in ".e") else text + ".0"


def exact(value):
    return "kGap" if value is None or value != value else repr(float(value))


def wrapped(items):
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) + 2 > WIDTH and line.strip():
            lines.append(line)
            line = " "
        line += f" {item},"
    return "\n".join([*lines, line])


class Writer:
    """Arrays of one fixture; each method returns the expression for a field."""

    def __init__(self, stem):
        self.stem, self.body = stem, ""

    def items(self, name, kind, items):
        if not items:
            return "{}"
        self.body += f"inline constexpr {kind} {self.stem}{name}[] = {{\n{wrapped(items)}\n}};\n"
        return self.stem + name

    def doubles(self, name, values, form=digits):
        return self.items(name, "double", [form(v) for v in np.asarray(values, dtype=object).reshape(-1)])

    def whole(self, name, values):
        return self.items(name, "std::int32_t", [str(int(v)) for v in np.asarray(values).reshape(-1)])

    def floats(self, name, values):
        self.body += array(self.stem + name, "float", values)
        return self.stem + name


def words_of(*columns):
    """Every value of a text or boolean column, in the order in which ties are broken."""
    return sorted({value for column in columns for value in column.values() if value is not None})


def cell_of(value, words):
    """A value as a cell of the raw table."""
    if value is None:
        return np.nan
    if isinstance(value, (str, bool)) and words:
        return np.inf if value == reasons.OTHER else words.index(value)
    return np.inf if value == reasons.OTHER else float(value)


def raw_table(table, words):
    columns = [[cell_of(v, w) for v in c.values()] for c, w in zip(table, words)]
    return np.array(columns).T


def feature_fields(writer, encoder, j, words):
    feature, model = encoder.features[j], encoder.features[j].model
    name, gap, own = f"Feature{j}", feature.about == "missing", [] if encoder.features[j].about == "missing" else words
    fields = {"kind": f"FeatureKind::{KINDS[model.kind]}", "column": feature.column, "gap": str(gap).lower(),
              "first": encoder.at[j], "size": model.size}
    if model.kind == "category":
        levels = [cell_of(v, own) for v in model.levels]
        counts = [model.count[v] for v in model.levels]
        fields |= {"levels": writer.doubles(name + "Levels", levels, exact),
                   "shares": writer.doubles(name + "Shares", model.shares), "entropy": digits(model.entropy),
                   "counts": writer.whole(name + "Counts", counts)}
    elif model.kind == "number":
        fields |= {"log": str(model.log).lower(), "lo": exact(model.lo), "c": exact(model.c), "s": exact(model.s),
                   "low": digits(model.low), "high": digits(model.high),
                   "counts": writer.whole(name + "Counts", model.counts),
                   "quantiles": writer.doubles(name + "Quantiles", model.quantiles[::10], exact)}
    else:
        fields |= {"c": exact(model.centre[0]), "c2": exact(model.centre[1]), "s": exact(model.s),
                   "counts": writer.whole(name + "Counts", model.counts), "commonest": digits(model.commonest)}
    return struct(fields)


def struct(fields):
    """Designated initialisers; what is left out is empty or 0."""
    return "{" + ", ".join(f".{key} = {value}" for key, value in fields.items()) + "}"


def rows_fields(writer, name, model, encoded, rows, q, judged, scores):
    terms, free, trim = judged
    order = "PHEN" if model.clean else "PHE"
    fields = {"rows": writer.whole(name + "Rows", rows), "cells": writer.doubles(name + "Cells", encoded.cells[rows]),
              "codes": writer.whole(name + "Codes", encoded.codes[rows]),
              "rarity": writer.doubles(name + "Rarity", encoded.rarity[rows])}
    if model.encoder.features:
        fields["free_q"] = writer.doubles(name + "FreeQ", q[0][rows])
        fields["trim_q"] = "{}" if model.clean else writer.doubles(name + "TrimQ", q[1][rows])
        fields["free_parts"] = writer.doubles(name + "FreeParts", free[rows])
        fields["trim_parts"] = "{}" if model.clean else writer.doubles(name + "TrimParts", trim[rows])
        fields["terms"] = writer.doubles(name + "Terms", np.stack([terms[key][rows] for key in order], axis=1))
    fields["scores"] = writer.doubles(name + "Scores", scores[rows])
    return struct(fields)


def reason_items(model, test, words):
    return [struct({"row": row, "column": r.column, "share": digits(r.share), "drop": digits(r.drop),
                    "kind": f"ReasonKind::k{camel(r.kind)}", "expected": digits(cell_of(r.expected, words[r.column])),
                    "percentile": digits(r.percentile)})
            for row, mine in enumerate(reasons.reasons(model, test)) for r in mine]


def step_items(model, test, words):
    items, encoder = [], model.encoder
    for row, steps in enumerate(repairs.repair(model, test)):
        for step in steps:
            if step.feature >= 0:
                feature = encoder.features[step.feature]
                value = reasons.decoded(feature.model, step.choice)
                value = float(value) if feature.about == "missing" else cell_of(value, words[step.column])
            elif step.column in encoder.constants:
                value = cell_of(encoder.constants[step.column], words[step.column])
            else:
                first = [f for f in encoder.features if f.column == step.column][0].model
                value = reasons.decoded(first, np.zeros(2))
            items.append(struct({"row": row, "column": step.column, "feature": step.feature, "to": digits(value),
                                 "score": digits(step.score)}))
    return items


def rounding(model, rough, test):
    """How far float32 carries the scores of a model that was also fitted with it, relative to max(1, |score|)."""
    encoded = model.encoder.encode(test)
    pairs = [(repairs.drops(model, encoded).drop, repairs.drops(rough, encoded).drop),
             (model.train_score, rough.train_score), (detector.score(model, test), detector.score(rough, test)),
             (model.departure, rough.departure)]
    return max(float(np.max(np.abs(a - b) / np.maximum(1, np.abs(a)), initial=0)) for a, b in pairs)


def body_of(name, model, train, test):
    writer, encoder = Writer("k" + camel(name)), model.encoder
    words = [words_of(a, b) if a.kind in ("text", "boolean") else [] for a, b in zip(train, test)]
    columns = []
    for at, (column, word) in enumerate(zip(train, words)):
        quoted = ['"' + (str(w).lower() if isinstance(w, bool) else w) + '"' for w in word]
        columns.append(struct({"name": f'"{column.name}"', "kind": f"ColumnKind::{KINDS[column.kind]}",
                               "bins": column.bins,
                               "words": writer.items(f"Words{at}", "std::string_view", quoted)}))
    features = [feature_fields(writer, encoder, j, words[f.column]) for j, f in enumerate(encoder.features)]
    n, encoded = len(train[0]), encoder.encode(test)
    shown = np.unique(np.linspace(0, n - 1, min(n, SHOWN)).astype(int))
    q = [parts.residuals(encoder, net, encoded, model.precision) for net in model.committees() if net]
    fields = {"name": f'"{name}"', "clean": str(model.clean).lower(), "rows": n, "width": encoder.width,
              "members": model.free.members if model.free else 0,
              "columns": writer.items("Columns", "DetectorColumn", columns),
              "table": writer.doubles("Table", raw_table(train, words), exact),
              "test": writer.doubles("Test", raw_table(test, words), exact),
              "features": writer.items("Features", "DetectorFeature", features),
              "constants": writer.whole("Constants", list(encoder.constants)),
              "skipped": writer.whole("Skipped", encoder.skipped),
              "gapless": writer.whole("Gapless", encoder.gapless)}
    if model.free:
        fields["samples"] = writer.whole("Samples", model.free.samples)
        for which, net, units in (("free", model.free, model.free_units), ("trim", model.trim, model.trim_units)):
            if net:
                flat = np.concatenate([net.flat(i) for i in range(net.members)])
                fields[which] = writer.floats(camel(which), flat)
                fields[which + "_ordinary"] = writer.doubles(camel(which) + "Ordinary", units.ordinary)
                fields[which + "_nats"] = writer.doubles(camel(which) + "Nats", units.nats)
        if model.clean:
            fields["pool"] = writer.whole("Pool", model.pool_rows)
        order = "PHEN" if model.clean else "PHE"
        fields["middle"] = writer.doubles("Middle", [model.middle[key] for key in order])
        fields["spread"] = writer.doubles("Spread", [model.spread[key] for key in order])
    fields |= {"threshold": digits(model.threshold), "departure": digits(model.departure)}
    if n <= 500:
        fields["train_scores"] = writer.doubles("OwnScores", model.train_score)
    own = (model.train_terms, model.train_free, model.train_other)
    fields["train"] = rows_fields(writer, "Train", model, model.train_encoded, shown, model.train_residuals, own,
                                  model.train_score)
    fields["judged"] = rows_fields(writer, "Judged", model, encoded, np.arange(len(test[0])), q,
                                   detector.raw_terms(model, encoded), detector.score(model, test))
    fields["reasons"] = writer.items("Reasons", "DetectorReason", reason_items(model, test, words))
    fields["repairs"] = writer.items("Repairs", "DetectorStep", step_items(model, test, words))
    text = ",\n".join(f"    .{key} = {fields[key]}" for key in in_order(fields))
    return writer.body + f"inline constexpr Detector k{camel(name)}{{\n{text},\n}};\n\n"


ORDER = ("name clean rows width members columns table test features constants skipped gapless samples free trim pool "
         "free_ordinary trim_ordinary free_nats trim_nats middle spread threshold departure train_scores train judged "
         "reasons repairs").split()


def in_order(fields):
    return [key for key in ORDER if key in fields]
