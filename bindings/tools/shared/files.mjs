// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Which files there are.

import { existsSync, readdirSync, statSync } from 'node:fs';
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
