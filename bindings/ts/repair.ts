// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Feature } from './encoder.ts';
import type { Model } from './model.ts';
import { reasonsOf } from './reasons.ts';
import type { Rows } from './rows.ts';
import { Encoded } from './source.ts';
import type { Anatomy, Repair, RepairStep } from './types.ts';

/** A change of one feature, as the engine numbers it. */
interface Change extends RepairStep {
  readonly index: number;
  readonly expected: number;
}

/** Up to `most` changes of the one row of `source`, the one that helps most first. */
export function repair(model: Model, source: Rows, most: number): Repair {
  const threshold = model.requireThreshold();
  const steps = scoredAsWritten(model, source, changesOf(model, source, Math.min(most, source.columns)));
  const [before = 0] = model.read('score', source, 1);
  const score = steps.at(-1)?.score ?? before;
  const { feature, part, from, to } = steps[0] ?? unchanged(model, source);
  return { feature, ...(part && { part }), from, to, score, normal: !(score > threshold), steps };
}

function changesOf(model: Model, source: Rows, most: number): Change[] {
  const { core, own } = model;
  const { features, groups } = model.requireTrained();
  const { heap, transfer } = core;
  return heap.lend('integer', groups, (span) =>
    transfer.ofRow(source, 0, (data) => {
      const found = own.repair(data, !source.single, source.columns, span?.address ?? 0, most);
      if (found === undefined) return undefined;
      const [columns, expected, scores] = [
        heap.list('double', found.column),
        heap.list('double', found.expected),
        heap.list('double', found.score),
      ];
      const changes: Change[] = [];
      columns.forEach((index, at) => {
        const { name: feature, part } = features[index] as Feature;
        const number = expected[at] as number;
        const earlier = changes.findLast((change) => change.index === index);
        const from = earlier ? (earlier.to ?? null) : source.value(0, index);
        // That there is a cell at all, and what it holds, is one change.
        const before = changes.at(-1)?.index === index ? changes.pop()?.from : from;
        const step = { to: model.told(index, number), score: scores[at] as number, index, expected: number };
        changes.push({ feature, ...(part && { part }), from: before ?? null, ...step });
      });
      // A change that is lost when the number is written as its column is changes nothing.
      return changes.filter(({ from, to }) => from !== to);
    }),
  );
}

/** The steps with the scores that the row has with each `to` as it is told: rounded as its column is written. */
function scoredAsWritten(model: Model, source: Rows, changes: readonly Change[]): RepairStep[] {
  const encoder = model.requireTrained();
  const { columns } = encoder;
  // Nobody can put in "some other value".
  const told = changes.findIndex(({ to }) => to === undefined);
  const known = told < 0 ? changes : changes.slice(0, told);
  const cells = new Float64Array(columns * known.length);
  const row = new Float64Array(columns);
  if (known.length > 0) source.fill(row, 0, 1);
  for (const [at, { index, expected }] of known.entries()) {
    encoder.put(row, index, expected);
    cells.set(row, at * columns);
  }
  const scores = known.length > 0 ? model.read('score', new Encoded(cells, columns, source), 1) : [];
  return changes.map(({ index, expected, ...step }, at) => ({ ...step, score: scores[at] ?? step.score }));
}

/** Where no change helps: the heaviest feature, as it is. */
function unchanged(model: Model, source: Rows): Pick<Repair, 'feature' | 'part' | 'from' | 'to'> {
  const [heaviest] = reasonsOf(model, source, [0], 1)[0] ?? [];
  const { features } = model.requireTrained();
  const value = heaviest ? heaviest.value : source.value(0, 0);
  const { feature, part } = heaviest ?? { feature: (features[0] as Feature).name };
  return { feature, ...(part && { part }), from: value, to: value };
}

/** The score of the one row of `source`, taken apart. */
export function anatomy(model: Model, source: Rows): Anatomy {
  const { core, own } = model;
  const { features } = model.requireTrained();
  const { heap, transfer } = core;
  return transfer.ofRow(source, 0, (data) => {
    const found = own.anatomy(data, !source.single, source.columns);
    if (found === undefined) return undefined;
    const { score, residual, rarity, excess, distance, departures, columns } = found;
    const parts = (['column', 'free', 'trimmed', 'rarity'] as const).map((name) => heap.list('double', columns[name]));
    const [numbers, free, trimmed, rare] = parts as [Float64Array, Float64Array, Float64Array, Float64Array];
    return {
      score,
      terms: { residual, rarity, excess, ...(distance && { distance }) },
      departures,
      features: Array.from(numbers, (feature, index) => ({
        ...nameOf(features[feature] as Feature),
        free: free[index] as number,
        trimmed: trimmed[index] as number,
        rarity: rare[index] as number,
      })),
    };
  });
}

const nameOf = ({ name, part }: Feature) => ({ feature: name, ...(part && { part }) });
