// SPDX-License-Identifier: MIT
// Runs peers.py in a virtual environment of its own, made once in the user's cache folder.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from '../../bindings/tools/shared/lock.mjs';
import { cache } from '../../bindings/tools/shared/places.mjs';
import { capture, run, which } from '../../bindings/tools/shared/processes.mjs';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';

export const peers = ['forest', 'pca', 'weighted pca', 'knn', 'autoencoder'];
const script = fileURLToPath(new URL('peers.py', import.meta.url));
const home = join(cache, 'peers-1');
const python = join(home, 'bin/python');

/** { versions, results, checks } of the splits in `folder`; undefined, with a word, when there is no way to run peers. */
export async function runPeers(folder, wanted) {
  try {
    const able = await exclusively('peers', cache, () => environment(wanted.includes('autoencoder')));
    const running = wanted.filter((peer) => peer !== 'autoencoder' || able.autoencoder);
    step(`Running the peers: ${running.join(', ')}`);
    const single = Object.fromEntries(['OMP', 'OPENBLAS', 'MKL'].map((name) => [`${name}_NUM_THREADS`, '1']));
    await run(python, [script, folder, ...running], { env: { ...process.env, ...single } });
    return JSON.parse(readFileSync(join(folder, 'peers.json'), 'utf8'));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    step(`The peers are skipped: ${error.message}`);
    return undefined;
  }
}

async function environment(autoencoder) {
  if (!existsSync(python)) await create();
  await add('scikit-learn', ['numpy', 'scikit-learn>=1.3'], 'import sklearn.ensemble');
  return { autoencoder: autoencoder && (await addAutoencoder()) };
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
async function add(name, packages, probe) {
  const mark = join(home, `${name}.installed`);
  if (existsSync(mark)) return;
  step(`Installing ${packages.join(' ')} with pip`);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await run(python, ['-c', probe]);
  writeFileSync(mark, '');
}

/** PyTorch without CUDA where pip is set up for an index that has it; else the ordinary one, which fills 5 GB on Linux. */
async function addAutoencoder() {
  let said = '';
  for (const torch of ['torch==2.13.0+cpu', 'torch==2.13.0']) {
    try {
      await add('autoencoder', [torch, 'pyod>=2', 'tqdm'], 'from pyod.models.auto_encoder import AutoEncoder');
      return true;
    } catch (error) {
      said = error.message;
    }
  }
  step(`PyOD's autoencoder is skipped: ${said}`);
  return false;
}
