// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A competitor in a Node process of its own:  node host.mjs <competitor> <settings as JSON>
// Commands come in line by line (commands.mjs), answers go out as lines of JSON. Between two lines the process sleeps.

import { openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { answer } from './commands.mjs';

const [name, settings = '{}'] = process.argv.slice(2);
const reply = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

function load(file, count) {
  if (count === undefined) return floats(readFileSync(file));
  const bytes = Buffer.alloc(count * 4);
  if (readSync(openSync(file), bytes, 0, bytes.length, 0) !== bytes.length) throw new Error(`${file} is too short`);
  return floats(bytes);
}

/** A copy: a small Buffer lies somewhere in a shared pool. */
const floats = (bytes) => new Float32Array(Uint8Array.from(bytes).buffer);

try {
  const { open } = await import(`./competitors/${name}.mjs`);
  const competitor = await open(JSON.parse(settings));
  reply({ ready: name, version: competitor.version });
  for await (const line of createInterface({ input: process.stdin })) reply(await answer(competitor, line, load));
  process.exit(0);
} catch (error) {
  reply({ error: String(error?.message ?? error).split('\n')[0] });
  process.exit(1);
}
