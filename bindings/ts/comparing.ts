// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import { scoring } from './judging.ts';
import type { Model } from './model.ts';
import { atOnce } from './slices.ts';
import type { Comparison, Difference, Table } from './types.ts';

/** Fewer training rows were seen by all nets, and their scores are no measure. */
const enough = 9;
const levels = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
/** Kinds into which scores are sorted. */
const kinds = 10;
const level = 0.05;

type Counts = Float64Array;
type Test = { distance: number; pValue: number };

const sum = (counts: Counts) => counts.reduce((total, count) => total + count, 0);

/** How two lists of counts of the same kinds differ. */
function difference({ core }: Model, one: Counts, other: Counts): Test {
  const { heap, engine } = core;
  const { length } = one;
  const [n, m] = [sum(one) || 1, sum(other) || 1];
  const distance = one.reduce((total, count, at) => total + Math.abs(count / n - (other[at] as number) / m), 0) / 2;
  const pValue = heap.borrow(length * 16, (at) => {
    heap.doubles(at, length).set(one);
    heap.doubles(at + length * 8, length).set(other);
    return core.got(engine.homogeneity(at, at + length * 8, length));
  });
  return { distance, pValue };
}

/** The scores that p-values are taken from, ascending. */
function calibrationOf({ core, own }: Model): Float32Array {
  return core.holding(core.got(own.save()), (saved) => core.heap.list('float', saved.parts().calibration));
}

/** Of each column that is not left out, its own tests: of its values, and of its gaps or of what was constant. */
function columnTests(model: Model, rows: Table): Map<number, Test[]> {
  const { core, own } = model;
  const { heap, transfer } = core;
  const source = model.source(rows);
  const lent = core.got(own.tallies());
  const [columns, widths] = [heap.list('double', lent.column), heap.list('double', lent.width)];
  const known = heap.list('double', lent.counts);
  const { length } = known;
  const found = heap.borrow(Math.max(8, known.byteLength), (at) => {
    heap.doubles(at, length).fill(0);
    transfer.inChunks(source, 1, (address, _, count) =>
      own.tally(address, !source.single, count, source.columns, at, length),
    );
    return heap.doubles(at, length).slice();
  });
  const tests = new Map<number, Test[]>();
  let first = 0;
  for (const [index, column] of columns.entries()) {
    const end = first + (widths[index] as number);
    const test = difference(model, known.subarray(first, end), found.subarray(first, end));
    tests.set(column, [...(tests.get(column) ?? []), test]);
    first = end;
  }
  return tests;
}

/** How many of `scores`, ascending, lie between one edge and the next, up to and including it. */
function between(scores: Float32Array, edges: readonly number[]): Counts {
  const counts = new Float64Array(edges.length + 1);
  let kind = 0;
  for (const score of scores) {
    while (kind < edges.length && score > (edges[kind] as number)) kind++;
    counts[kind] = (counts[kind] as number) + 1;
  }
  return counts;
}

const quantile = (sorted: Float32Array, q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
const quantiles = (sorted: Float32Array) => levels.map((q) => quantile(sorted, q));

/** Holm 1979: with these p-values one below .05 is found in at most 5 % of comparisons in which nothing has changed. */
function correct(differences: readonly { pValue: number; corrected: number }[]): void {
  let least = 0;
  for (const [index, one] of [...differences].sort((a, b) => a.pValue - b.pValue).entries()) {
    least = Math.max(least, Math.min(1, one.pValue * (differences.length - index)));
    one.corrected = least;
  }
}

/** Compares rows with those of the training of the default detector. */
export function compared(model: Model, rows: Table): Comparison {
  model.requireTrained();
  if (!model.detects) {
    const message =
      'Only the default detector keeps enough of its training rows to compare others with them: name no architecture (hidden, latent) and no members: 1.';
    throw new AnomalensError('BAD_OPTION', message, { option: 'members' });
  }
  const threshold = model.requireThreshold();
  const calibration = calibrationOf(model);
  const scores = atOnce(scoring(model, rows)).sort();
  const all = new Float32Array(calibration.length + scores.length);
  all.set(calibration);
  all.set(scores, calibration.length);
  all.sort();
  const edges = Array.from({ length: kinds - 1 }, (_, at) => quantile(all, (at + 1) / kinds));
  // Training rows were judged by the nets that had not seen them, others are judged by all. The distributions differ by
  // about a deviation of the training sample (measured), so that no more is made of the rows than of a third of that sample.
  const [n, m] = [calibration.length, scores.length];
  const weight = n < enough ? 0 : Math.min(1, (n + m) / (3 * m));
  const test = (cuts: readonly number[]): Difference => {
    const weighed = (sorted: Float32Array) => between(sorted, cuts).map((count) => count * weight);
    return { ...difference(model, weighed(calibration), weighed(scores)), corrected: 1 };
  };
  const share = (sorted: Float32Array) => sorted.filter((score) => score > threshold).length / sorted.length;
  const flagged = { share: share(scores), promised: share(calibration), ...test([threshold]) };
  const told = { quantiles: quantiles(scores), calibration: quantiles(calibration), ...test(edges) };
  const { features } = model.requireTrained();
  const columns = [...columnTests(model, rows)].map(([column, tests]) => ({
    feature: features[column]?.name ?? '',
    ...(features[column]?.part && { part: features[column].part }),
    distance: Math.max(...tests.map(({ distance }) => distance)),
    pValue: Math.min(1, Math.min(...tests.map(({ pValue }) => pValue)) * tests.length),
    corrected: 1,
  }));
  const every: Difference[] = [flagged, told, ...columns];
  correct(every);
  columns.sort((a, b) => a.pValue - b.pValue);
  return {
    rows: scores.length,
    changed: every.some(({ corrected }) => corrected < level),
    flagged,
    scores: told,
    columns,
  };
}
