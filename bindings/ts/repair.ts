// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Feature, Rows } from './encoder.ts';
import type { Model } from './model.ts';
import { reasonsOf } from './reasons.ts';
import type { Anatomy, Repair, RepairStep } from './types.ts';

/** Up to `most` changes of the one row of `source`, the one that helps most first. */
export function repair(model: Model, source: Rows, most: number): Repair {
  const threshold = model.requireThreshold();
  const steps = scoredAsWritten(model, source, stepsOf(model, source, Math.min(most, source.columns)));
  const [before = 0] = model.read('score', source, 1);
  const score = steps.at(-1)?.score ?? before;
  const [first = unchanged(model, source)] = steps;
  return { feature: first.feature, from: first.from, to: first.to, score, normal: !(score > threshold), steps };
}

function stepsOf(model: Model, source: Rows, most: number): RepairStep[] {
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
      const steps: RepairStep[] = [];
      columns.forEach((column, index) => {
        const { name: feature } = features[column] as Feature;
        const step = { to: model.told(column, expected[index] as number), score: scores[index] as number };
        const { to: from } = steps.findLast((earlier) => earlier.feature === feature) ?? {
          to: source.value(0, column),
        };
        // That there is a cell at all, and what it holds, is one change.
        const before = steps.at(-1)?.feature === feature ? steps.pop()?.from : from;
        steps.push({ feature, from: before ?? null, ...step });
      });
      // A change that is lost when the number is written as its column is changes nothing.
      return steps.filter(({ from, to }) => from !== to);
    }),
  );
}

/** The steps with the scores that the row has with each `to` as it is told: rounded as its column is written. */
function scoredAsWritten(model: Model, source: Rows, steps: RepairStep[]): RepairStep[] {
  const { features } = model.requireTrained();
  const row = Object.fromEntries(features.map(({ name }, column) => [name, source.value(0, column)]));
  // Nobody can put in "some other value".
  const told = steps.findIndex(({ to }) => to === undefined);
  const known = told < 0 ? steps : steps.slice(0, told);
  if (known.length === 0) return steps;
  const rows = known.map(({ feature, to }) => ({ ...Object.assign(row, { [feature]: to }) }));
  const scores = model.read('score', model.source(rows), 1);
  return steps.map((step, index) => ({ ...step, score: scores[index] ?? step.score }));
}

/** Where no change helps: the heaviest feature, as it is. */
function unchanged(model: Model, source: Rows): Pick<Repair, 'feature' | 'from' | 'to'> {
  const [heaviest] = reasonsOf(model, source, [0], 1)[0] ?? [];
  const { features } = model.requireTrained();
  const value = heaviest ? heaviest.value : source.value(0, 0);
  return { feature: heaviest?.feature ?? (features[0] as Feature).name, from: value, to: value };
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
        feature: (features[feature] as Feature).name,
        free: free[index] as number,
        trimmed: trimmed[index] as number,
        rarity: rare[index] as number,
      })),
    };
  });
}
