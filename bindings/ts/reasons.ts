// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Feature, Rows } from './encoder.ts';
import type { Model } from './model.ts';
import { Selection } from './source.ts';
import type { FeatureReason, Finding, FindingsOptions, Repair, Table } from './types.ts';

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

/** The strangest rows of `table`, strangest first. The options have been checked. */
export function findings(model: Model, table: Table, options: FindingsOptions): Finding[] {
  const { top = defaultTop, reasons = defaultReasons, falseDiscoveryRate } = options;
  const source = model.source(table);
  const threshold = model.requireThreshold();
  const scores = model.read('score', source, 1);
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

/** The heaviest reasons of the chosen rows, `most` a row at most. */
export function reasonsOf(model: Model, source: Rows, rows: readonly number[], most: number): FeatureReason[][] {
  if (most === 0) return [];
  const { core, own } = model;
  const encoder = model.requireTrained();
  const { columns } = encoder;
  const selection = new Selection(source, rows);
  const shares = encoder.byFeature(core.transfer.read(own, 'shares', selection, columns));
  const expected = core.transfer.expected(own, selection);
  const constant = core.heap.list('byte', core.got(own.constant()));
  const width = encoder.features.length;
  return rows.map((row, index) => {
    const parts = shares.subarray(index * width, (index + 1) * width);
    const cells = expected.subarray(index * columns, (index + 1) * columns);
    const order = Array.from(parts.keys()).sort((a, b) => (parts[b] as number) - (parts[a] as number) || a - b);
    return order.slice(0, most).map((at) => {
      const feature = encoder.features[at] as Feature;
      const value = source.value(row, at);
      return { ...reasonOf(model, feature, value, cells, constant), share: parts[at] as number };
    });
  });
}

type Value = FeatureReason['value'];

/** What a feature holds, what it should hold, and how far apart that is. `cells` are the row's expected columns. */
function reasonOf(
  model: Model,
  feature: Feature,
  value: Value,
  cells: Float64Array,
  constant: Uint8Array,
): Omit<FeatureReason, 'share'> {
  const { name, categories, offset, width } = feature;
  const own = Array.from({ length: width }, (_, index) =>
    categories ? Number(categories[index] === value) : (value as number),
  );
  const distances = value === null ? [0] : own.map((cell, index) => distance(model, offset + index, cell, cells));
  const expected = categories
    ? (categories[largest(cells.subarray(offset, offset + width))] as string | boolean)
    : (cells[offset] as number);
  const residual = width === 1 && !categories ? (distances[0] as number) : Math.hypot(...distances);
  const reason = { feature: name, value, expected, residual };
  const departed = width === 1 && constant[offset] === 1 && distances[0] !== 0;
  return departed ? { ...reason, constant: true } : reason;
}

/** A cell minus the expected one, in scaled units. */
function distance({ core, own }: Model, column: number, cell: number, cells: Float64Array): number {
  return core.got(own.scaled(column, cell)) - core.got(own.scaled(column, cells[column] as number));
}

function largest(cells: Float64Array): number {
  let best = 0;
  for (let index = 1; index < cells.length; index++) {
    if ((cells[index] as number) > (cells[best] as number)) best = index;
  }
  return best;
}

/** The change of one feature that most lowers the score of the one row of `source`. */
export function repair(model: Model, source: Rows): Repair {
  const { core, own } = model;
  const encoder = model.requireTrained();
  const [before = 0] = model.read('score', source, 1);
  const found = core.heap.lend('integer', encoder.groups, (groups) => {
    let best: ReturnType<typeof own.repair>;
    core.transfer.inChunks(source, 1, (data) => {
      best = own.repair(data, !source.single, source.columns, groups?.address ?? 0);
      return best !== undefined;
    });
    return core.got(best);
  });
  const { name, categories, offset } = encoder.features[found.group] as Feature;
  const from = source.value(0, found.group) as number | string | boolean;
  const better = found.score < before;
  const to = categories ? (categories[found.column - offset] as string | boolean) : found.to;
  const score = better ? found.score : before;
  return { feature: name, from, to: better ? to : from, score, normal: !(score > model.requireThreshold()) };
}
