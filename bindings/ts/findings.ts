// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Rows } from './encoder.ts';
import type { Model } from './model.ts';
import { reasonsOf } from './reasons.ts';
import { Selection } from './source.ts';
import { floats } from './transfer.ts';
import type { Finding, FindingsOptions, TrainReport } from './types.ts';

const defaultTop = 10;
const defaultReasons = 3;

/** One p-value a score. */
export function pValues({ core, own }: Model, scores: Float32Array): Float64Array {
  const { heap } = core;
  const { length } = scores;
  return heap.borrow(length * 12, (at) => {
    heap.fill('float', at + length * 8, scores);
    core.check(own.pValues(at + length * 8, length, at));
    return heap.doubles(at, length).slice();
  });
}

/** 1 for every p-value that is a discovery at false-discovery rate `rate` (Benjamini & Hochberg 1995). */
function discoveries({ core }: Model, values: Float64Array, rate: number): Uint8Array {
  const { engine, heap } = core;
  const { length } = values;
  return heap.borrow(length * 9, (at) => {
    heap.fill('double', at, values);
    core.check(engine.discover(at, length, rate, at + length * 8));
    return heap.bytes(at + length * 8, length).slice();
  });
}

/** The strangest rows of `source` by their `scores`, strangest first. The options have been checked. */
export function findings(model: Model, source: Rows, scores: Float32Array, options: FindingsOptions): Finding[] {
  const { top = defaultTop, reasons = defaultReasons, falseDiscoveryRate } = options;
  const threshold = model.requireThreshold();
  const p = pValues(model, scores);
  const found = falseDiscoveryRate === undefined ? undefined : discoveries(model, p, falseDiscoveryRate);
  const scoreOf = (row: number) => scores[row] as number;
  const order = Array.from(scores.keys()).sort((a, b) => scoreOf(b) - scoreOf(a) || a - b);
  const rows = order.slice(0, top);
  const why = reasonsOf(model, source, rows, reasons);
  return rows.map((row, index) => ({
    row,
    score: scoreOf(row),
    pValue: p[row] as number,
    anomaly: found ? found[row] === 1 : scoreOf(row) > threshold,
    reasons: why[index] ?? [],
  }));
}

/**
 * Scores of the rows that `model` has just been trained on: those that its nets gave to rows which they had not seen, where
 * the report has them.
 */
export function scoresInTraining(model: Model, source: Rows, { scores, scoredRows }: TrainReport): Float32Array {
  if (scores === undefined || scoredRows === undefined) return model.read('score', source, 1);
  if (scores.length === source.rows) return scores;
  const all = floats(source.rows);
  const others = [];
  for (let row = 0, known = 0; row < source.rows; row++) {
    if (scoredRows[known] === row) all[row] = scores[known++] as number;
    else others.push(row);
  }
  const rest = model.read('score', new Selection(source, others), 1);
  others.forEach((row, index) => {
    all[row] = rest[index] as number;
  });
  return all;
}
