// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The default job, train(rows) and detect(rows) without options, beside the detectors that others would take.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { ours, startHost, startPython } from './competitors.mjs';
import { autoencoderPython, learnersPython } from './peers.mjs';
import { jobsOf, runRounds, summary, warmUp } from './rounds.mjs';
import { wordsOf } from './shapes.mjs';
import { spread } from './statistics.mjs';
import { table } from './tables.mjs';

/** No net of theirs is trained; `latent` is that of the table. */
const size = (name, rows, columns) => ({ name, rows, columns, hidden: 0, latent: 4, batch: 0, epochs: 0 });
export const sizes = [size('10k', 10_000, 30), size('100k', 100_000, 20), size('1M', 1_000_000, 20)];
const largest = sizes.at(-1);

const peer = (name, python) => async () => startPython(await python(), 'detectors_peer.py', name);
/** `train` is learning alone, `detect` learning and the scores of the same rows. */
const competitors = [
  {
    name: ours,
    label: 'Anomalens, Node',
    jobs: ['train', 'detect'],
    start: ({ module }) => startHost('detector', module),
  },
  {
    name: 'forest',
    label: "scikit-learn's isolation forest",
    jobs: ['train', 'detect'],
    start: peer('forest', learnersPython),
  },
  {
    name: 'neighbour',
    label: '5th neighbour, brute force',
    jobs: ['detect'],
    shapes: ['10k', '100k'],
    start: peer('neighbour', learnersPython),
  },
  {
    name: 'autoencoder',
    label: "PyOD's autoencoder",
    jobs: ['detect'],
    shapes: ['10k'],
    start: peer('autoencoder', autoencoderPython),
  },
];

const allowanceMs = { full: 60_000, quick: 3_000 };
const blockRuns = { full: 9, quick: 2 };

export async function measureDefault(settings, { count, quick }) {
  const pace = quick ? 'quick' : 'full';
  for (const shape of sizes) writeFileSync(fileOf(settings.folder, shape), table(shape));
  const { running, missing } = await started(settings);
  try {
    const jobs = jobsOf(['train', 'detect'], sizes);
    const found = await warmUp(running, jobs);
    await runRounds(running, jobs, found, { count, allowance: allowanceMs[pace] });
    return {
      jobs: Object.fromEntries([...found].map(([key, answers]) => [key, summary(answers, ours)])),
      labels: Object.fromEntries(competitors.map(({ name, label }) => [name, label])),
      versions: Object.fromEntries(running.map(({ name, child }) => [name, child.version])),
      missing,
      blocks: await longestBlocks(settings, blockRuns[pace]),
    };
  } finally {
    for (const { child } of running) child.close();
    for (const shape of sizes) rmSync(fileOf(settings.folder, shape));
  }
}

const fileOf = (folder, shape) => join(folder, `default-${shape.name}.f32`);

async function asked(child, line) {
  const answer = await child.ask(line);
  if (answer.error) throw new Error(`${line}: ${answer.error}`);
  return answer;
}

const given = (child, shape, folder) => asked(child, `prepare ${wordsOf(shape)} ${fileOf(folder, shape)}`);

async function started(settings) {
  const running = [];
  const missing = {};
  for (const competitor of competitors) {
    step(`Starting ${competitor.label}`);
    try {
      const child = await competitor.start(settings);
      running.push({ ...competitor, child });
      for (const shape of sizes)
        if (competitor.shapes?.includes(shape.name) ?? true) await given(child, shape, settings.folder);
    } catch (error) {
      missing[competitor.name] = error.message.trim().split('\n')[0];
      step(`  ${competitor.label} is missing: ${missing[competitor.name]}`);
    }
  }
  return { running: running.filter(({ name }) => !(name in missing)), missing };
}

/** { train, detect: the longest time without a turn of the event loop, of a fresh process } with the largest table. */
async function longestBlocks(settings, runs) {
  step('The longest blocks of the event loop');
  const child = await startHost('detector', settings.module);
  try {
    await given(child, largest, settings.folder);
    const blocks = {};
    for (const what of ['train', 'detect']) {
      const found = [];
      for (let run = 0; run < runs; run++) found.push((await asked(child, `block ${largest.name} ${what}`)).longest);
      const warm = found.slice(1);
      blocks[what] = { first: found[0], shortest: Math.min(...warm), ...spread(warm), values: found };
    }
    return blocks;
  } finally {
    child.close();
  }
}
