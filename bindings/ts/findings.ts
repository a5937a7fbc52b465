// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { type Group, Groups } from './grouping.ts';
import type { Model } from './model.ts';
import { reasonsOf } from './reasons.ts';
import type { Rows } from './rows.ts';
import type { Steps } from './slices.ts';
import { Selection } from './source.ts';
import { floats } from './transfer.ts';
import type { Finding, FindingsOptions, TrainReport } from './types.ts';

const defaultTop = 10;
const defaultReasons = 3;
/** Rows of one step: so many that a step takes some milliseconds at most. */
const rowsScored = 512;
const rowsRanked = 16_384;
/** Rows that are ranked at first to find groups. */
const rowsGrouped = 256;

/** One p-value a score. */
export function pValues({ core, own }: Model, scores: Float32Array): Float64Array<ArrayBuffer> {
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

/** The numbers of the `top` highest scores, highest first; of equal ones the first row comes first. In steps. */
function* highest(scores: Float32Array, top: number): Steps<number[]> {
  const scoreOf = (row: number) => scores[row] as number;
  const step = Math.max(top, rowsRanked);
  let best: number[] = [];
  for (let first = 0; first < scores.length; first += step) {
    const bar = best.length < top ? Number.NaN : scoreOf(best[top - 1] as number);
    const end = Math.min(first + step, scores.length);
    for (let row = first; row < end; row++) if (!(scoreOf(row) <= bar)) best.push(row);
    best = best.sort((a, b) => scoreOf(b) - scoreOf(a) || a - b).slice(0, top);
    yield;
  }
  return best;
}

/** In steps, the strangest rows of `source` by their `scores`, strangest first. The options have been checked. */
export function* findings(
  model: Model,
  source: Rows,
  scores: Float32Array,
  options: FindingsOptions,
): Steps<Finding[]> {
  const { top = defaultTop, reasons = defaultReasons, falseDiscoveryRate: rate, group } = options;
  const threshold = model.requireThreshold();
  const found = rate === undefined ? undefined : discoveries(model, pValues(model, scores), rate);
  const groups = yield* group ? grouped(model, source, scores, top) : singly(model, source, scores, top, reasons);
  const ranked = Float32Array.from(groups, ({ rows: [row = 0] }) => scores[row] as number);
  const p = pValues(model, ranked);
  return groups.map(({ rows, reasons: all }, index) => {
    const [row = 0] = rows;
    const score = ranked[index] as number;
    return {
      row,
      score,
      pValue: p[index] as number,
      anomaly: found ? found[row] === 1 : score > threshold,
      reasons: all.slice(0, reasons),
      ...(group && { rows }),
    };
  });
}

type Ranked = Pick<Group, 'rows' | 'reasons'>;

/** In steps, the `top` strangest rows, each by itself. */
function* singly(
  model: Model,
  source: Rows,
  scores: Float32Array,
  top: number,
  reasons: number,
): Steps<readonly Ranked[]> {
  const all: Ranked[] = [];
  for (const row of yield* highest(scores, top)) {
    all.push({ rows: [row], reasons: reasonsOf(model, source, [row], reasons)[0] ?? [] });
    yield;
  }
  return all;
}

/** In steps, the `top` strangest groups of rows: looks at the rows one after another until no further one can belong to them. */
function* grouped(model: Model, source: Rows, scores: Float32Array, top: number): Steps<readonly Ranked[]> {
  const groups = new Groups(top);
  let looked = 0;
  for (let wanted = rowsGrouped; ; wanted *= 4) {
    const rows = yield* highest(scores, Math.min(wanted, scores.length));
    for (; looked < rows.length; looked++) {
      const row = rows[looked] as number;
      const score = scores[row] as number;
      if (groups.complete(score)) return groups.all;
      groups.add(row, score, reasonsOf(model, source, [row], Infinity)[0] ?? []);
      yield;
    }
    if (looked === scores.length) return groups.all;
  }
}

/**
 * In steps, the scores of the rows that `model` has just been trained on: those that its nets gave to rows which they had
 * not seen, where the report has them.
 */
export function* scoresInTraining(
  model: Model,
  source: Rows,
  { scores, scoredRows }: TrainReport,
): Steps<Float32Array> {
  const all = floats(source.rows);
  for (let first = 0, known = 0; first < source.rows; first += rowsScored) {
    const others: number[] = [];
    const end = Math.min(first + rowsScored, source.rows);
    for (let row = first; row < end; row++) {
      if (scores && scoredRows?.[known] === row) all[row] = scores[known++] as number;
      else others.push(row);
    }
    const rest = model.read('score', new Selection(source, others), 1);
    for (const [index, row] of others.entries()) all[row] = rest[index] as number;
    yield;
  }
  return all;
}
