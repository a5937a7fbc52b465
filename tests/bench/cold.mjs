// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A fresh process that does something for the first time, and prints how long it took as JSON:
//   node cold.mjs first <module> <table.f32> <columns>       import, model, the whole training of S, one score
//   node cold.mjs memory <module> <rows> <columns> <hidden> <latent> <batch>      what a training takes

import { readFileSync } from 'node:fs';
import { noise } from './tables.mjs';

const [what, module, ...words] = process.argv.slice(2);

/** By a rule that holds no rows out. */
const threshold = { rule: 'quantile', q: 0.95 };

async function first([file, columns]) {
  const table = { data: new Float32Array(Uint8Array.from(readFileSync(file)).buffer), columns: Number(columns) };
  const began = performance.now();
  const { Autoencoder } = await import(module);
  const imported = performance.now();
  const model = await Autoencoder.create({ hidden: [16], latent: 2, seed: 1 });
  const ready = performance.now();
  await model.fit(table, { epochs: 60, batchSize: 32, threshold });
  const trained = performance.now();
  model.score([table.data.subarray(0, table.columns)]);
  const scored = performance.now();
  return {
    importing: imported - began,
    ready: ready - imported,
    training: trained - ready,
    scoring: scored - trained,
    all: scored - began,
  };
}

async function memory(sizes) {
  const [rows, columns, hidden, latent, batch] = sizes.map(Number);
  const data = noise(rows * columns);
  const { Autoencoder } = await import(module);
  const model = await Autoencoder.create({ hidden: [hidden], latent, seed: 1 });
  await model.fit({ data, columns }, { epochs: 2, batchSize: batch, threshold });
  return model.memoryUsage();
}

console.log(JSON.stringify(await { first, memory }[what](words)));
