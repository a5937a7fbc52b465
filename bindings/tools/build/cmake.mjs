// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Configuring and building a CMake preset, only as far as something changed.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { root } from '../shared/places.mjs';
import { run } from '../shared/processes.mjs';
import { step } from '../shared/terminal.mjs';
import { digest, unlessUnchanged } from './stamp.mjs';

/** Builds one target of one preset with this toolchain; throws a Problem with the compiler's words. */
export function buildPreset(preset, target, { env, changes }) {
  return exclusively(preset, join(root, 'build'), async () => {
    await configure(preset, env, changes);
    step(`Building ${target} (${preset})`);
    await run('cmake', ['--build', '--preset', preset, '--target', target], { cwd: root, env });
  });
}

async function configure(preset, env, changes) {
  const compiler = process.env.CXX ?? '';
  const inputs = digest(['CMakeLists.txt', 'CMakePresets.json'], JSON.stringify(changes), compiler);
  await unlessUnchanged(`configure-${preset}`, inputs, [`build/${preset}/build.ninja`], async () => {
    step(`Configuring ${preset}`);
    const again = existsSync(join(root, 'build', preset, 'CMakeCache.txt')) ? ['--fresh'] : [];
    await run('cmake', ['--preset', preset, ...again], { cwd: root, env });
  });
}
