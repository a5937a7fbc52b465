// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Runs peers.py in the Python environment of the cache folder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { add, addLearners, runScript, withEnvironment } from './python.mjs';

export const peers = ['forest', 'pca', 'weighted pca', 'knn', 'autoencoder'];
const script = fileURLToPath(new URL('peers.py', import.meta.url));

/** { versions, results, checks } of the splits in `folder`; undefined, with a word, when there is no way to run peers. */
export async function runPeers(folder, wanted) {
  try {
    const able = await withEnvironment(() => environment(wanted.includes('autoencoder')));
    const running = wanted.filter((peer) => peer !== 'autoencoder' || able.autoencoder);
    step(`Running the peers: ${running.join(', ')}`);
    await runScript(script, [folder, ...running]);
    return JSON.parse(readFileSync(join(folder, 'peers.json'), 'utf8'));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    step(`The peers are skipped: ${error.message}`);
    return undefined;
  }
}

async function environment(autoencoder) {
  await addLearners();
  return { autoencoder: autoencoder && (await addAutoencoder()) };
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
