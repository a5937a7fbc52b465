# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""C++ headers of numbers. Every float is written with the shortest digits that read back as the same bits."""

from importlib.metadata import version

import numpy as np

WIDTH = 120


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def literal(value, kind):
    if kind == "double":
        return repr(float(value))
    if kind == "float":
        text = str(np.float32(value))
        return text + ("F" if "." in text or "e" in text else ".0F")
    return f"{int(value)}{'U' if kind == 'std::uint32_t' else 'ULL' if kind == 'std::uint64_t' else ''}"


def array(name, kind, values):
    """`inline constexpr kind name[] = {...};` wrapped at 120 columns."""
    lines, line = [], " "
    whole = np.uint64 if kind.startswith("std::uint") else None  # a list of large integers would become floats
    for value in np.asarray(values, dtype=whole).reshape(-1):
        item = f" {literal(value, kind)},"
        if len(line) + len(item) > WIDTH:
            lines.append(line)
            line = " "
        line += item
    lines.append(line)
    return f"inline constexpr {kind} {name}[] = {{\n" + "\n".join(lines) + "\n};\n"


def header(body, includes=("<cstdint>",), script="make_fixtures.py", packages=("torch", "numpy", "scikit-learn")):
    versions = ", ".join(f"{name} {version(name).split('+')[0]}" for name in packages)
    lines = ["// SPDX-FileCopyrightText: 2026 The Anomalens authors", "// SPDX-License-Identifier: MIT",
             f"// Made by tests/reference/{script} with {versions}. Do not edit.",
             "// clang-format off", "#pragma once", ""]
    lines += [f"#include {name}" for name in includes]
    head = "\n".join(lines) + "\n\nnamespace anomalens::fixtures {\n\n"
    return head + body + "\n}  // namespace anomalens::fixtures\n"


def fnv1a(words):
    """FNV-1a, 64 bits, over 32-bit words, low byte first."""
    hash_ = 0xCBF29CE484222325
    for byte in np.asarray(words, dtype="<u4").tobytes():
        hash_ = (hash_ ^ byte) * 0x100000001B3 % 2**64
    return hash_
