// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What we compare with, installed once into the user's cache folder: npm packages in one folder, Python's in another.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from '../../bindings/tools/shared/lock.mjs';
import { cache } from '../../bindings/tools/shared/places.mjs';
import { capture, run, which } from '../../bindings/tools/shared/processes.mjs';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';

const packages = join(cache, 'bench-peers-1');
const listed = fileURLToPath(new URL('peers', import.meta.url));
const files = ['package.json', 'package-lock.json', 'gate.mjs'];

/** The folder of the npm packages of peers/package-lock.json; throws a Problem where they cannot be had. */
export function npmPeers() {
  npm ??= exclusively('bench-peers', cache, installed);
  return npm;
}

let npm; // tried once, also where it fails

async function installed() {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(listed, file)));
  const mark = join(packages, 'installed');
  const wanted = hash.digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return packages;
  step(`Installing the npm packages to compare with into ${packages} (once; about 250 MB)`);
  rmSync(mark, { force: true });
  mkdirSync(packages, { recursive: true });
  for (const file of files) copyFileSync(join(listed, file), join(packages, file));
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['ci', ...quietly], { cwd: packages });
  writeFileSync(mark, wanted);
  return packages;
}

/** The environment that `npm run accuracy` has too: PyTorch is large. */
const home = join(cache, 'peers-1');
const python = join(home, 'bin/python');

/**
 * A Python that can import what `probe` imports. `choices`: lists of packages, tried in turn where it cannot. Throws a
 * Problem that says why not.
 */
export function pythonWith(name, choices, probe) {
  return exclusively('peers', cache, async () => {
    if (!existsSync(python)) await createEnvironment();
    const mark = join(home, `${name}.installed`);
    if (existsSync(mark)) return python;
    const works = () => capture(python, ['-c', probe]);
    let tried = await works();
    for (const choice of choices) {
      if (tried.ok) break;
      step(`Installing ${choice.join(' ')} with pip`);
      tried = await capture(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...choice]);
      if (tried.ok) tried = await works();
    }
    if (!tried.ok) throw new Problem(`pip brings no ${name}: ${tried.output.trim().split('\n').at(-1)}`);
    writeFileSync(mark, '');
    return python;
  });
}

async function createEnvironment() {
  const found = which('python3');
  if (!found) throw new Problem('there is no python3');
  step(`Making a Python environment in ${home} (once)`);
  const made = await capture(found, ['-m', 'venv', home]);
  if (!made.ok) throw new Problem('python3 makes no virtual environment (Debian: apt-get install python3-venv)');
}

/** Without CUDA where pip is set up for an index that has it; else the ordinary one, which fills 5 GB on Linux. */
export const torchPython = () =>
  pythonWith(
    'torch',
    [
      ['numpy', 'torch==2.13.0+cpu'],
      ['numpy', 'torch==2.13.0'],
    ],
    'import numpy, torch; assert torch.__version__.startswith("2.13.")',
  );

export const learnersPython = () =>
  pythonWith('scikit-learn', [['numpy', 'scikit-learn>=1.3']], 'import sklearn.ensemble');

export async function autoencoderPython() {
  await torchPython();
  return pythonWith('autoencoder', [['pyod>=2', 'tqdm']], 'from pyod.models.auto_encoder import AutoEncoder');
}

export const onnxPython = () => pythonWith('onnx', [['numpy', 'onnx==1.23.2']], 'import numpy, onnx.checker');
