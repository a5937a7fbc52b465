// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// jax-js on its WebAssembly backend: one jitted function does loss, gradient and Adam's step; batches are gathered outside.
// Its arrays are owned: an operation consumes its operands, and `ref` keeps one for another use.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { layersOf } from '../shapes.mjs';

const [rate, beta1, beta2, tiny] = [1e-3, 0.9, 0.999, 1e-8];

export async function open({ folder }) {
  const { load } = await import(pathToFileURL(join(folder, 'gate.mjs')).href);
  const jax = await load('@jax-js/jax');
  const { numpy: np } = jax;
  if (!(await jax.init('wasm')).includes('wasm')) throw new Error('jax-js has no wasm backend here');
  jax.defaultDevice('wasm');
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/@jax-js/jax/package.json'), 'utf8'));
  const jobs = new Map();

  /** Parameters are a flat list: weights and bias of each layer in turn. */
  const reconstruction = (layers) => (parameters, rows) =>
    layers.reduce((x, { relu }, at) => {
      const y = np.dot(x, parameters[2 * at]).add(parameters[2 * at + 1]);
      return relu ? np.maximum(y, 0) : y;
    }, rows);

  function stepOf(layers) {
    const forward = reconstruction(layers);
    const loss = (parameters, rows) => np.mean(np.square(forward(parameters, rows.ref).sub(rows)));
    return jax.jit((parameters, means, squares, rows, unbias1, unbias2) => {
      const kept = parameters.map((array) => array.ref);
      const [value, gradients] = jax.valueAndGrad(loss)(kept, rows);
      const next = { parameters: [], means: [], squares: [] };
      gradients.forEach((gradient, at) => {
        const mean = means[at].mul(beta1).add(gradient.ref.mul(1 - beta1));
        const square = squares[at].mul(beta2).add(np.square(gradient).mul(1 - beta2));
        const length = np.sqrt(square.ref.mul(unbias2.ref)).add(tiny);
        next.parameters.push(parameters[at].sub(mean.ref.mul(unbias1.ref).mul(rate).div(length)));
        next.means.push(mean);
        next.squares.push(square);
      });
      unbias1.dispose();
      unbias2.dispose();
      return [value, next.parameters, next.means, next.squares];
    });
  }

  function firstState(layers) {
    const zeros = () => layers.flatMap(({ inputs, outputs }) => [np.zeros([inputs, outputs]), np.zeros([outputs])]);
    const parameters = layers.flatMap(({ inputs, outputs }) => {
      const reach = 1 / Math.sqrt(inputs);
      const random = Float32Array.from({ length: inputs * outputs }, () => (2 * Math.random() - 1) * reach);
      return [np.array(random).reshape([inputs, outputs]), np.zeros([outputs])];
    });
    return [parameters, zeros(), zeros()];
  }

  function epoch(job) {
    const { shape, step } = job;
    shuffle(job.order);
    let total = 0;
    for (let first = 0; first < shape.rows; first += shape.batch) {
      const batch = gathered(job, first, Math.min(shape.batch, shape.rows - first));
      job.steps += 1;
      const unbias = [beta1, beta2].map((beta) => np.array(1 / (1 - beta ** job.steps)));
      const [loss, ...state] = step(...job.state, batch, ...unbias);
      job.state = state;
      total += loss.js() * Math.min(shape.batch, shape.rows - first);
    }
    return total / shape.rows;
  }

  function gathered({ shape: { columns }, data, order }, first, count) {
    const cells = new Float32Array(count * columns);
    for (let at = 0; at < count; at++) {
      const row = order[first + at] * columns;
      cells.set(data.subarray(row, row + columns), at * columns);
    }
    return np.array(cells).reshape([count, columns]);
  }

  return {
    version,
    prepare(shape, data) {
      const layers = layersOf(shape);
      const order = Uint32Array.from({ length: shape.rows }, (_, at) => at);
      jobs.set(shape.name, { shape, data, order, steps: 0, step: stepOf(layers), state: firstState(layers) });
    },
    train(name) {
      const job = jobs.get(name);
      let loss = 0;
      for (let done = 0; done < job.shape.epochs; done++) loss = epoch(job);
      return loss;
    },
  };
}

/** Fisher & Yates. */
function shuffle(order) {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
}
