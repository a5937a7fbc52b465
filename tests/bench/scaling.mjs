// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Whether an epoch costs so much a row, so much a cell and so much a weight, from small to large.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { competitors, ours } from './competitors.mjs';
import { parametersOf, wordsOf } from './shapes.mjs';
import { median } from './statistics.mjs';
import { noise } from './tables.mjs';

const base = { rows: 2000, columns: 30, hidden: 16, latent: 4, batch: 64, epochs: 1 };
const blockMs = 20;

/** `size`: what the cost should be proportional to, beyond what every row costs whatever the net. */
export const curves = [
  {
    name: 'rows',
    unit: 'row',
    points: [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6].map((rows) => ({ ...base, rows })),
    size: ({ rows }) => rows,
  },
  {
    name: 'columns',
    unit: 'cell',
    points: [4, 12, 40, 120, 400, 1200, 4000].map((columns) => ({ ...base, columns })),
    size: ({ rows, columns }) => rows * columns,
  },
  {
    name: 'weights',
    unit: 'row and weight',
    points: [4, 16, 64, 256, 1024, 4096].map((hidden) => ({ ...base, rows: 512, hidden })),
    size: (shape) => shape.rows * parametersOf(shape),
  },
];

/** A point says nothing about the cost of a unit while the fixed part is more than this share of it. */
const mostOverhead = 0.5;

export async function measureScaling(settings, quick) {
  const file = join(settings.folder, 'noise.f32');
  const shapes = curves.flatMap(({ name, points }) =>
    points.map((point, at) => ({ ...point, name: `${name}${at}`, times: [] })),
  );
  writeFileSync(file, noise(Math.max(...shapes.map(({ rows, columns }) => rows * columns))));
  const child = await competitors.find(({ name }) => name === ours).start(settings);
  try {
    for (const shape of shapes) await asked(child, `prepare ${wordsOf(shape)} ${file}`);
    for (const shape of shapes) await asked(child, `train ${shape.name} ${quick ? blockMs : 10 * blockMs}`);
    for (let round = 0; round < (quick ? 3 : 9); round++) {
      step(`Scaling, round ${round + 1}`);
      for (const shape of shapes) shape.times.push((await asked(child, `train ${shape.name} ${blockMs}`)).ms);
    }
  } finally {
    child.close();
    rmSync(file);
  }
  return Object.fromEntries(
    curves.map((curve) => [
      curve.name,
      judged(
        curve,
        shapes.filter(({ name }) => name.startsWith(curve.name)),
      ),
    ]),
  );
}

async function asked(child, line) {
  const answer = await child.ask(line);
  if (answer.error) throw new Error(`${line}: ${answer.error}`);
  return answer;
}

/** { points: [{ rows, columns, hidden, ms, size, unit: ns beyond the fixed part }], overhead, worst }. */
function judged({ size }, shapes) {
  const points = shapes.map((shape) => ({
    rows: shape.rows,
    columns: shape.columns,
    hidden: shape.hidden,
    size: size(shape),
    ms: median(shape.times),
  }));
  const overhead = fixedPart(points);
  for (const point of points) {
    point.plain = (1e6 * point.ms) / point.size;
    point.unit = (1e6 * (point.ms - overhead)) / point.size;
  }
  const telling = points.filter(({ ms }) => overhead <= mostOverhead * ms).map(({ unit }) => unit);
  const middle = median(telling);
  return { points, overhead, worst: Math.max(...telling.map((unit) => Math.max(unit / middle, middle / unit))) };
}

/** a of the line a + b size, a >= 0, for which the sum of ((a + b size) / ms - 1)^2 is least. */
function fixedPart(points) {
  const sum = (term) => points.reduce((total, point) => total + term(point), 0);
  const aa = sum(({ ms }) => 1 / ms ** 2);
  const ab = sum(({ size, ms }) => size / ms ** 2);
  const bb = sum(({ size, ms }) => (size / ms) ** 2);
  const a1 = sum(({ ms }) => 1 / ms);
  const b1 = sum(({ size, ms }) => size / ms);
  return Math.max(0, (a1 * bb - b1 * ab) / (aa * bb - ab ** 2));
}
