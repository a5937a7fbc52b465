// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The order of the functions in core.wasm. What packs it looks back 32 KB only, so functions that are alike should lie side
// by side: that makes the packed bytes fewer and changes nothing else.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { firstLine, run } from './run.mjs';
import { dissected, withNames } from './wasm.mjs';

const runLength = 5; // bytes that two functions must share in a row to count as alike there
const window = 31_000; // a little less than what deflate sees

/** Writes the module `input`, which has names, to `output`: in the new order and without names. */
export async function order(input, output, { emscripten, env }) {
  const bytes = readFileSync(input);
  const { functions, imported } = dissected(bytes);
  const places = new Map(
    likeByLike(functions.map(({ body }) => body)).map((index, place) => [imported + index, place]),
  );
  const named = `${output}.named`;
  mkdirSync(dirname(output), { recursive: true });
  // Binaryen sorts by name, so each function is called by its place.
  writeFileSync(
    named,
    withNames(bytes, new Map([...places].map(([index, place]) => [index, String(place).padStart(6, '0')]))),
  );
  const binaryen = firstLine(join(emscripten.folder, 'em-config'), ['BINARYEN_ROOT'], { env }).trim();
  await run(join(binaryen, 'bin/wasm-opt'), [named, ...passes, '-o', output], { env });
}

const passes = [
  ...['simd', 'bulk-memory', 'exception-handling', 'nontrapping-float-to-int', 'mutable-globals', 'sign-ext'].map(
    (feature) => `--enable-${feature}`,
  ),
  '--reorder-functions-by-name',
  '--strip-debug',
  '--strip-producers',
  '--strip-target-features',
];

/** Indices of `bodies`: after each one the one that has most in common with those that went before it, within the window. */
function likeByLike(bodies) {
  const runs = bodies.map(runsOf);
  const holders = counted(runs.flatMap((own) => [...own.keys()]));
  const seen = new Map();
  const recent = [];
  let recentBytes = 0;
  const left = new Set(bodies.keys());
  const chosen = [];
  let next = bodies.reduce((longest, body, index) => (body.length > bodies[longest].length ? index : longest), 0);
  while (next !== undefined) {
    left.delete(next);
    chosen.push(next);
    recent.push(next);
    recentBytes += bodies[next].length;
    for (const [key, count] of runs[next]) seen.set(key, (seen.get(key) ?? 0) + count);
    while (recentBytes > window) {
      const old = recent.shift();
      recentBytes -= bodies[old].length;
      for (const [key, count] of runs[old]) {
        if (seen.get(key) === count) seen.delete(key);
        else seen.set(key, seen.get(key) - count);
      }
    }
    next = mostAlike(left, bodies, runs, seen, holders);
  }
  return chosen;
}

/** What few functions have in common counts more than what many have. */
function mostAlike(left, bodies, runs, seen, holders) {
  let best;
  let most = -1;
  for (const index of left) {
    let common = 0;
    for (const [key, count] of runs[index]) if (seen.has(key)) common += count / Math.sqrt(holders.get(key));
    const score = common / (bodies[index].length + 20); // the short ones fit in anywhere, later
    if (score > most) [best, most] = [index, score];
  }
  return best;
}

/** How often each run of bytes occurs, keyed by the bytes read as a number. */
function runsOf(body) {
  const view = Buffer.from(body.buffer, body.byteOffset, body.length);
  return counted(
    Array.from({ length: Math.max(0, body.length - runLength + 1) }, (_, at) => view.readUIntBE(at, runLength)),
  );
}

function counted(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
