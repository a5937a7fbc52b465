// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A step is skipped when its inputs are, byte for byte, those of the last time it succeeded.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shared/places.mjs';

export function digest(paths, ...facts) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const path of paths) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Runs `work` unless `inputs` are unchanged and every output is there. Returns whether it ran. */
export async function unlessUnchanged(name, inputs, outputs, work) {
  const file = join(root, 'build/stamps', name);
  const present = outputs.every((path) => existsSync(join(root, path)));
  if (present && existsSync(file) && readFileSync(file, 'utf8') === inputs) return false;
  rmSync(file, { force: true });
  await work();
  mkdirSync(join(root, 'build/stamps'), { recursive: true });
  writeFileSync(file, inputs);
  return true;
}
