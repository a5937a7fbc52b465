// SPDX-License-Identifier: MIT
// Who trains on what: the same seeded splits for our detector and for the peers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generator } from './draw.mjs';

export const mostRows = 10_000;

/** The two protocols of one set for one seed: [{ set, seed, kind, train, test, labels }]; labels belong to test. */
export function splits(set, seed) {
  const draw = generator(`${set.name}/${seed}`);
  const chosen = shuffled(set.rows, draw)
    .slice(0, mostRows)
    .sort((a, b) => a - b);
  const normal = chosen.filter((row) => !set.labels[row]);
  const half = normal.length >> 1;
  const order = shuffled(normal.length, draw).map((i) => normal[i]);
  const train = order.slice(0, half);
  const held = new Set(train);
  const test = chosen.filter((row) => !held.has(row));
  return [split(set, seed, 'clean', train, test), split(set, seed, 'dirty', chosen, chosen)];
}

function split(set, seed, kind, train, test) {
  return {
    group: set.group,
    set: set.name,
    seed,
    kind,
    train: take(set, train),
    test: take(set, test),
    labels: Uint8Array.from(test, (row) => set.labels[row]),
  };
}

function take({ data, columns }, rows) {
  const taken = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return { data: taken, columns };
}

/** Fisher-Yates over 0..n-1. */
function shuffled(n, draw) {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Writes splits for another program: little-endian doubles and bytes, and an index.json that says what they are. */
export function writeSplits(folder, all) {
  mkdirSync(folder, { recursive: true });
  const index = all.map(({ group, set, seed, kind, train, test, labels }) => {
    const name = `${set}-${seed}-${kind}`;
    writeFileSync(join(folder, `${name}.train.f64`), train.data);
    writeFileSync(join(folder, `${name}.test.f64`), test.data);
    writeFileSync(join(folder, `${name}.labels.u8`), labels);
    return { group, name, set, seed, kind, columns: train.columns };
  });
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
}
