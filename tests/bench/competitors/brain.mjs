// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// brain.js cannot run the job: it knows one activation for all layers, the output included, and takes a step after every
// row instead of every batch. This is the nearest it can do: the same widths, tanh throughout, Adam, as many passes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export async function open({ folder }) {
  const { load } = await import(pathToFileURL(join(folder, 'gate.mjs')).href);
  const { default: brain } = await load('brain.js');
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/brain.js/package.json'), 'utf8'));
  const jobs = new Map();
  return {
    version,
    prepare(shape, data) {
      const hiddenLayers = [shape.hidden, shape.latent, shape.hidden];
      const net = new brain.NeuralNetwork({ hiddenLayers, activation: 'tanh' });
      const rows = Array.from({ length: shape.rows }, (_, at) => {
        const cells = Array.from(data.subarray(at * shape.columns, (at + 1) * shape.columns));
        return { input: cells, output: cells };
      });
      jobs.set(shape.name, { shape, net, rows });
    },
    train(name) {
      const { shape, net, rows } = jobs.get(name);
      return net.train(rows, { iterations: shape.epochs, errorThresh: 1e-9, learningRate: 1e-3, praxis: 'adam' }).error;
    },
  };
}
