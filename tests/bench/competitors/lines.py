# SPDX-FileCopyrightText: 2026 The Anomalens authors
# SPDX-License-Identifier: MIT
"""How a competitor written in Python speaks the lines of commands.mjs."""
import json
import sys
import time


def repeated(work, least):
    began = time.perf_counter()
    runs = 0
    while True:
        value = work()
        runs += 1
        spent = (time.perf_counter() - began) * 1e3
        if spent >= least:
            return {"ms": spent / runs, "runs": runs}, value


def answer(known, line):
    command, name, *words = line.split(" ")
    if command not in known:
        return {"error": f"does not {command}"}
    try:
        return known[command](name, words)
    except Exception as error:
        return {"error": str(error)}


def serve(name, version, known):
    """Answers line by line; `known`: command -> function of a name and the words after it."""
    print(json.dumps({"ready": name, "version": version.split("+")[0]}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(known, line.strip())), flush=True)
