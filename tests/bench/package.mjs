// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the package weighs, how soon it is of use, and what memory it takes.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { run } from '../../bindings/tools/shared/processes.mjs';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { shapes } from './shapes.mjs';
import { spread } from './statistics.mjs';

const parts = ['index.js', 'slim.js', 'core.wasm'];
const cold = fileURLToPath(new URL('cold.mjs', import.meta.url));

/** Trainings whose memory is looked at. */
const trainings = [
  { name: '100,000 x 30', rows: 100_000, columns: 30, hidden: 16, latent: 4, batch: 64 },
  { name: '10,000 x 200', rows: 10_000, columns: 200, hidden: 64, latent: 10, batch: 256 },
];

/** What a fresh process finds out with a module of the package. */
const fresh = async (what, module, ...words) =>
  JSON.parse((await run(process.execPath, [cold, what, pathToFileURL(module).href, ...words])).stdout);

/** { importing, ready, training, scoring, all } in milliseconds, of a fresh process that trains S. */
export function firstUse(module, folder) {
  const [{ name, columns }] = shapes;
  return fresh('first', module, join(folder, `${name}.f32`), String(columns));
}

export async function measurePackage({ module, folder }, quick) {
  step('Package: sizes, first use in fresh processes, memory');
  const firsts = [];
  for (let again = 0; again < (quick ? 7 : 25); again++) firsts.push(await firstUse(module, folder));
  const memory = [];
  for (const { name, ...sizes } of trainings) {
    const { reservedBytes } = await fresh('memory', module, ...Object.values(sizes).map(String));
    memory.push({ name, table: sizes.rows * sizes.columns * 4, reserved: reservedBytes });
  }
  const spans = Object.keys(firsts[0]);
  return {
    sizes: sizesOf(dirname(module)),
    first: Object.fromEntries(spans.map((span) => [span, spread(firsts.map((one) => one[span]))])),
    memory,
  };
}

function sizesOf(dist) {
  const sizes = Object.fromEntries(
    parts.map((part) => {
      const bytes = readFileSync(join(dist, part));
      return [part, { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }];
    }),
  );
  const both = ['raw', 'gzip'].map((kind) => [kind, sizes['slim.js'][kind] + sizes['core.wasm'][kind]]);
  return { ...sizes, 'slim.js + core.wasm': Object.fromEntries(both) };
}
