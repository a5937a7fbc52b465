// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the default sizes of a single net are worth: one choice changed at a time, mean AUROC over seeds and generators.

import { init, metrics, synthetic, train } from 'anomalens';

const seeds = [0, 1, 2, 3];
const sets = {
  brokenRelation: (seed) => synthetic.brokenRelation({ seed, rows: 400, normals: 500, anomalies: 200 }),
  patterns: (seed) => synthetic.patterns({ seed, rows: 600 }),
  wave: (seed) => synthetic.wave({ seed }),
};

/** The rules of the engine, so that a choice can be varied around them. */
const steps = (rows) => Math.min(300, Math.max(30, Math.floor(4000 / Math.ceil((0.9 * rows) / 32))));
const root = (columns) => Math.max(1, Math.round(Math.sqrt(columns)));
const variants = {
  'the defaults': () => ({}),
  'a quarter of the epochs': (rows) => ({ epochs: Math.ceil(steps(rows) / 4) }),
  'four times the epochs': (rows) => ({ epochs: 4 * steps(rows) }),
  'learning rate .0003': () => ({ learningRate: 0.0003 }),
  'learning rate .003': () => ({ learningRate: 0.003 }),
  'batch 128': () => ({ batchSize: 128 }),
  'latent half': (_, columns) => ({ latent: Math.max(1, root(columns) >> 1) }),
  'latent one more': (_, columns) => ({ latent: root(columns) + 1 }),
  'hidden 8': () => ({ hidden: [8] }),
  'hidden 64': () => ({ hidden: [64] }),
  'two hidden layers': () => ({ hidden: [32, 16] }),
};

await init();
console.log(`| single net | ${Object.keys(sets).join(' | ')} | mean |`);
console.log(
  `| --- | ${Object.keys(sets)
    .map(() => '---')
    .join(' | ')} | --- |`,
);
for (const [name, options] of Object.entries(variants)) {
  const means = [];
  for (const make of Object.values(sets)) {
    let sum = 0;
    for (const seed of seeds) {
      const { train: rows, test, labels } = await make(seed);
      const count = rows.data.length / rows.columns;
      const model = await train(rows, { members: 1, seed, ...options(count, rows.columns) });
      sum += metrics.auroc(model.score(test), labels);
      model.dispose();
    }
    means.push(sum / seeds.length);
  }
  const mean = means.reduce((a, b) => a + b) / means.length;
  console.log(`| ${name} | ${[...means, mean].map((value) => (100 * value).toFixed(1)).join(' | ')} |`);
}
