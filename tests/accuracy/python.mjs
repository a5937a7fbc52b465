// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A virtual Python environment of our own, made once in the user's cache folder, and what is installed in it.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../../bindings/tools/shared/lock.mjs';
import { cache } from '../../bindings/tools/shared/places.mjs';
import { capture, run, which } from '../../bindings/tools/shared/processes.mjs';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';

const home = join(cache, 'peers-1');
const python = join(home, 'bin/python');

/** Lets nobody else change the environment while `use` runs, and makes it first where there is none. */
export async function withEnvironment(use) {
  return await exclusively('peers', cache, async () => {
    if (!existsSync(python)) await create();
    return await use();
  });
}

/** A script on one thread, so that times can be compared. */
export async function runScript(script, args) {
  const single = Object.fromEntries(['OMP', 'OPENBLAS', 'MKL'].map((name) => [`${name}_NUM_THREADS`, '1']));
  await run(python, [script, ...args], { env: { ...process.env, ...single } });
}

async function create() {
  const found = which('python3');
  if (!found) throw new Problem('there is no python3.');
  step(`Making a Python environment in ${home} (once)`);
  const made = await capture(found, ['-m', 'venv', home]);
  if (!made.ok)
    throw new Problem(
      `python3 makes no virtual environment (Debian: apt-get install python3-venv).\n${made.output.trim()}`,
    );
}

/** A mark beside the packages says that an installation came to its end and `probe`, a line of Python, works. */
export async function add(name, packages, probe) {
  const mark = join(home, `${name}.installed`);
  if (existsSync(mark)) return;
  step(`Installing ${packages.join(' ')} with pip`);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await run(python, ['-c', probe]);
  writeFileSync(mark, '');
}

export const addLearners = () => add('scikit-learn', ['numpy', 'scikit-learn>=1.3'], 'import sklearn.ensemble');
