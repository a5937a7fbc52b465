// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A step is skipped when its inputs are, byte for byte, those of the last time it succeeded.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/** All files under the given files and folders (relative to the repository), sorted. */
export function filesUnder(...paths) {
  return paths.flatMap(walk).sort();
}

function walk(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => walk(`${path}/${name}`));
}

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
