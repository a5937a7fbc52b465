// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The tutorial: web/ built into build/web.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively, root } from './places.mjs';
import { run } from './run.mjs';
import { step } from './say.mjs';
import { digest, filesUnder, unlessUnchanged } from './stamp.mjs';

/** Builds the page into build/web, if anything it is made of has changed. */
export function buildPage() {
  return exclusively('web', join(root, 'build'), buildChanged);
}

async function buildChanged() {
  const inputs = digest([...filesUnder('web'), 'dist/index.js', 'package-lock.json']);
  await unlessUnchanged('web', inputs, ['build/web/index.html'], async () => {
    step('Building the page');
    rmSync(join(root, 'build/web'), { recursive: true, force: true });
    await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web'], { cwd: root });
  });
}
