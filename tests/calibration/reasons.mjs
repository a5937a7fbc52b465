// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// One column of a fresh normal row moved by five of its standard deviations: is it the first reason, and the repair?

import { readFileSync } from 'node:fs';
import { Autoencoder } from 'anomalens';
import { percent, row, table, verdict } from './print.mjs';
import { normals } from './rules.mjs';

const rows = 1000;
const required = 0.99;
const nets = [
  [
    "the article's net",
    { hidden: [16], latent: 2, compatibility: 'pytorch', seed: 42 },
    { epochs: 60, weightDecay: 1e-5 },
  ],
  ['default detector', { seed: 42 }, {}],
];
const deviation = [1, Math.sqrt(0.49 + 0.16), 1, Math.sqrt(0.25 + 0.25)];

export async function reasonsAndRepairs() {
  const { Xtrain } = JSON.parse(readFileSync(new URL('../data/article.json', import.meta.url), 'utf8'));
  const { data } = await normals(rows, 80);
  table('Rows with one column moved by +5 deviations', [
    'net',
    'rows',
    'first reason',
    'repaired column',
    'required',
    '',
  ]);
  for (const [net, options, training] of nets) {
    const model = await Autoencoder.create(options);
    await model.fit(Xtrain, training);
    let reasons = 0;
    let repairs = 0;
    for (let i = 0; i < rows; i++) {
      const cells = Array.from(data.subarray(4 * i, 4 * i + 4));
      const column = i % 4;
      cells[column] += 5 * deviation[column];
      const feature = model.features[column];
      if (model.explain(cells)[0].feature === feature) reasons++;
      if (model.repair(cells).feature === feature) repairs++;
    }
    const kept = reasons >= rows * required && repairs >= rows * required;
    row([
      net,
      rows,
      percent(reasons / rows),
      percent(repairs / rows),
      percent(required),
      verdict(kept, `reasons and repairs of ${net}`),
    ]);
    model.dispose();
  }
}
