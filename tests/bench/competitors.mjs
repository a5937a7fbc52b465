// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Who takes part, in which jobs, and how each is started.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from '../../bindings/tools/shared/processes.mjs';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { nativeProgram, roofModule } from './binaries.mjs';
import { Child } from './child.mjs';
import { npmPeers, onnxPython, torchPython } from './peers.mjs';
import { shapes, wordsOf } from './shapes.mjs';
import { table } from './tables.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const host = (name, settings) => Child.start(process.execPath, [here('host.mjs'), name, JSON.stringify(settings)]);
const npm = (name, settings) => async () => host(name, { ...settings, folder: await npmPeers() });
/** Only where a browser is wanted is the driver loaded. */
const browser =
  (name) =>
  async ({ folder }) =>
    (await import('./browsers.mjs')).Page.start(name, folder);

export const ours = 'anomalens';
/** Our package, by its main module, in one of its roles. */
export const startHost = (role, module) => host(role, { module: pathToFileURL(module).href });
export const startOurs = (module) => startHost('ours', module);
export const startPython = (python, script, ...words) => Child.start(python, [here(`competitors/${script}`), ...words]);
const everything = ['train', 'score', 'row'];

/**
 * `jobs`: what it can do; `shapes`: with which, else all. `part`: where it belongs; the roof and ours are always there.
 * `adopts`: scores with weights it did not learn. Started with { module, folder }: our package's main module and the folder of tables.
 */
export const competitors = [
  { name: 'roof', label: 'roof, Node', jobs: ['roof'], start: async () => host('roof', { wasm: await roofModule() }) },
  {
    name: ours,
    label: 'Anomalens, Node',
    jobs: everything,
    start: ({ module }) => startOurs(module),
  },
  {
    name: 'native',
    label: 'Anomalens, native',
    jobs: everything,
    part: 'peers',
    start: async () => Child.start(await nativeProgram(), []),
  },
  { name: 'chromium', label: 'Anomalens, Chromium', jobs: everything, part: 'browsers', start: browser('chromium') },
  { name: 'firefox', label: 'Anomalens, Firefox', jobs: everything, part: 'browsers', start: browser('firefox') },
  {
    name: 'torch',
    label: 'PyTorch',
    jobs: everything,
    part: 'peers',
    adopts: true,
    start: async () => startPython(await torchPython(), 'torch_peer.py'),
  },
  { name: 'jaxjs', label: 'jax-js wasm', jobs: ['train'], part: 'peers', start: npm('jaxjs') },
  {
    name: 'onnx',
    label: 'onnxruntime-web',
    jobs: ['score', 'row'],
    part: 'peers',
    adopts: true,
    start: async () => {
      await onnxPython();
      return npm('onnx')();
    },
  },
  {
    name: 'tfwasm',
    label: 'TensorFlow.js wasm',
    jobs: everything,
    part: 'peers',
    adopts: true,
    start: npm('tfjs', { backend: 'wasm' }),
  },
  {
    name: 'tfcpu',
    label: 'TensorFlow.js cpu',
    jobs: everything,
    part: 'peers',
    adopts: true,
    start: npm('tfjs', { backend: 'cpu' }),
  },
  {
    name: 'brain',
    label: 'brain.js',
    jobs: ['train'],
    part: 'peers',
    shapes: ['S', 'M'],
    note: 'cannot run the job (one activation for all layers, a step after every row); timed: the same widths and passes, tanh throughout; L, half a minute an epoch, is left out',
    start: npm('brain'),
  },
];

/** Starts those of `parts`. Returns { running: [{ ...competitor, child }], missing: { name: reason } }. */
export async function startAll(parts, settings) {
  const running = [];
  const missing = {};
  for (const competitor of competitors.filter(({ part }) => !part || parts.includes(part))) {
    step(`Starting ${competitor.label}`);
    try {
      const child = await competitor.start(settings);
      running.push({ ...competitor, child });
      await prepare(competitor, child, settings.folder);
    } catch (error) {
      missing[competitor.name] = error.message.trim().split('\n')[0];
      step(`  ${competitor.label} is missing: ${missing[competitor.name]}`);
    }
  }
  return { running: running.filter(({ name }) => !(name in missing)), missing };
}

const fileOf = (folder, shape) => join(folder, `${shape.name}.f32`);

export function writeTables(folder) {
  for (const shape of shapes) writeFileSync(fileOf(folder, shape), table(shape));
}

/** Gives a competitor the tables. */
export async function prepare({ jobs }, child, folder) {
  if (jobs.includes('roof')) return;
  for (const shape of shapes) {
    const { error } = await child.ask(`prepare ${wordsOf(shape)} ${fileOf(folder, shape)}`);
    if (error) throw new Error(`prepare ${shape.name}: ${error}`);
  }
}

/** Gives all who can take them the weights that our package has learned. Returns { name: why it could not }. */
export async function shareWeights(running, folder) {
  const source = running.find(({ name }) => name === ours);
  const takers = running.filter(({ adopts }) => adopts);
  if (!source || takers.length === 0) return {};
  for (const shape of shapes) {
    const { weights, error } = await source.child.ask(`weights ${shape.name}`);
    if (error) throw new Error(error);
    writeFileSync(weightsOf(folder, shape), Float32Array.from(weights));
  }
  if (takers.some(({ name }) => name === 'onnx')) await writeGraphs(folder);
  const refusals = {};
  for (const { name, child } of takers)
    for (const shape of shapes) {
      const { error } = await child.ask(`adopt ${shape.name} ${weightsOf(folder, shape)}`);
      if (error) refusals[name] = `takes no weights: ${error}`;
    }
  return refusals;
}

const weightsOf = (folder, shape) => join(folder, `${shape.name}.weights`);

async function writeGraphs(folder) {
  const words = shapes.flatMap((shape) => [shape.columns, shape.hidden, shape.latent, weightsOf(folder, shape)]);
  await run(await onnxPython(), [here('competitors/onnx_model.py'), ...words.map(String)]);
}
