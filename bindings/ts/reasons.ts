// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Feature } from './encoder.ts';
import { wordAt } from './failures.ts';
import type { Model } from './model.ts';
import type { Rows } from './rows.ts';
import { Selection } from './source.ts';
import type { FeatureReason } from './types.ts';

/** How far a feature that was constant lies from its constant: there is no unit to measure that in. */
const departure = 10;

/** The heaviest reasons of the chosen rows, `most` a row at most. */
export function reasonsOf(model: Model, source: Rows, rows: readonly number[], most: number): FeatureReason[][] {
  if (most === 0) return [];
  const residuals = model.detects ? detectorResiduals(model, source, rows) : netResiduals(model, source, rows);
  return rows.map((row, index) =>
    told(model, source, row)
      .slice(0, most)
      .map((reason) => ({ ...reason.said, residual: residuals(index, reason.feature, reason.said) })),
  );
}

/** What is known of a reason before its residual. */
type Said = Omit<FeatureReason, 'residual'>;
/** The residual of a feature in the chosen row of that number. */
type Residuals = (index: number, feature: number, said: Said) => number;

/** All reasons of one row, heaviest first, as the engine tells them. */
function told(model: Model, source: Rows, row: number): { feature: number; said: Said }[] {
  const { core, own } = model;
  const encoder = model.requireTrained();
  const { engine, heap, transfer } = core;
  return heap.lend('integer', encoder.groups, (groups) =>
    transfer.ofRow(source, row, (data) => {
      const found = own.reasons(data, !source.single, source.columns, groups?.address ?? 0);
      if (found === undefined) return undefined;
      const kinds = heap.list('double', found.kind);
      const shares = heap.list('double', found.share);
      const expected = heap.list('double', found.expected);
      const percentiles = heap.list('double', found.percentile);
      return Array.from(heap.list('double', found.column), (feature, index) => {
        const kind = wordAt(engine.ReasonKind, kinds[index] as number);
        const percentile = percentiles[index] as number;
        const value = source.value(row, feature);
        const { name, part } = encoder.features[feature] as Feature;
        const said: Said = {
          feature: name,
          ...(part && { part }),
          value,
          expected: model.told(feature, expected[index] as number),
          kind,
          share: shares[index] as number,
          ...(value !== null && !Number.isNaN(percentile) && { percentile }),
          ...(kind === 'constant' && { constant: true }),
        };
        return { feature, said };
      });
    }),
  );
}

/** What one value is to another: -1 where it is a smaller number, else 1. */
const sign = ({ value, expected }: Said): number =>
  typeof value === 'number' && typeof expected === 'number' && value < expected ? -1 : 1;

/** Of the detector: the root of the feature's error, on the side of the expected value where the value lies. */
function detectorResiduals(model: Model, source: Rows, rows: readonly number[]): Residuals {
  const errors = model.read('featureErrors', new Selection(source, rows), source.columns);
  return (index, feature, said) => {
    if (said.value === null) return 0;
    if (said.constant) return departure * sign(said);
    return Math.sqrt(errors[index * source.columns + feature] as number) * sign(said);
  };
}

/** Where the cells that nets see end. */
const reach = 1e12;

/** How far `a` lies above `b`, as nets see it; beyond their reach, as it is. */
function between(a: number, b: number): number {
  if (Math.abs(a) < reach && Math.abs(b) < reach) return Math.fround(a) - Math.fround(b);
  return Math.max(-Number.MAX_VALUE, Math.min(a - b, Number.MAX_VALUE));
}

/** Of a single net: the cell minus the net's own, in scaled units, however far apart they are. */
function netResiduals(model: Model, source: Rows, rows: readonly number[]): Residuals {
  const { core, own } = model;
  const { features, columns } = model.requireTrained();
  const cells = core.transfer.expected(own, new Selection(source, rows));
  const scaled = (column: number, cell: number) => core.got(own.scaled(column, cell));
  return (index, feature, { value }) => {
    if (value === null) return 0;
    const { categories, offset, width } = features[feature] as Feature;
    const row = new Float64Array(columns);
    source.fill(row, rows[index] as number, 1);
    const distances = Array.from({ length: width }, (_, at) => {
      const expected = cells[index * columns + offset + at] as number;
      return between(scaled(offset + at, row[offset + at] as number), scaled(offset + at, expected));
    });
    return categories ? Math.hypot(...distances) : (distances[0] as number);
  };
}
