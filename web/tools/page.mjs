// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The tutorial: web/ built into build/web.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { digest, unlessUnchanged } from '../../bindings/tools/build/stamp.mjs';
import { filesUnder } from '../../bindings/tools/shared/files.mjs';
import { exclusively } from '../../bindings/tools/shared/lock.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { run } from '../../bindings/tools/shared/processes.mjs';
import { step } from '../../bindings/tools/shared/terminal.mjs';

/** Builds the page into build/web, if anything it is made of has changed. */
export function buildPage() {
  return exclusively('web', join(root, 'build'), buildChanged);
}

async function buildChanged() {
  const sources = filesUnder('web').filter((path) => !path.startsWith('web/tools/'));
  const inputs = digest([...sources, 'dist/index.js', 'package-lock.json']);
  await unlessUnchanged('web', inputs, ['build/web/index.html'], async () => {
    step('Building the page');
    rmSync(join(root, 'build/web'), { recursive: true, force: true });
    await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web'], { cwd: root });
  });
}
