// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// TensorFlow.js: layers, model.fit, on its WebAssembly (SIMD, one thread) or its plain JavaScript backend.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { layersOf, parted } from '../shapes.mjs';

export async function open({ folder, backend }) {
  const { load } = await import(pathToFileURL(join(folder, 'gate.mjs')).href);
  const tf = await load('@tensorflow/tfjs-core');
  const layers = await load('@tensorflow/tfjs-layers');
  const part = await load(`@tensorflow/tfjs-backend-${backend}`);
  if (backend === 'wasm') part.setWasmPaths(`${join(folder, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
  await tf.setBackend(backend);
  await tf.ready();
  const jobs = new Map();

  function network(shape) {
    const model = layers.sequential();
    layersOf(shape).forEach(({ inputs, outputs, relu }, at) => {
      const activation = relu ? 'relu' : 'linear';
      model.add(layers.layers.dense({ units: outputs, activation, ...(at === 0 && { inputShape: [inputs] }) }));
    });
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'meanSquaredError' });
    return model;
  }

  function errors(model, rows) {
    const count = rows.shape[0];
    return tf.tidy(() => tf.mean(tf.squaredDifference(model.predict(rows, { batchSize: count }), rows), 1).dataSync());
  }

  return {
    version: tf.version_core,
    prepare(shape, data) {
      const rows = tf.tensor2d(data, [shape.rows, shape.columns]);
      jobs.set(shape.name, { shape, data, rows, model: network(shape), judge: network(shape) });
    },
    async train(name) {
      const { shape, model, rows } = jobs.get(name);
      const { epochs, batch: batchSize } = shape;
      const options = { epochs, batchSize, shuffle: true, verbose: 0, yieldEvery: 'never' };
      const { history } = await model.fit(rows, rows, options);
      return history.loss.at(-1);
    },
    adopt(name, parameters) {
      const { shape, judge } = jobs.get(name);
      for (const [at, { inputs, outputs, weights, bias }] of parted(shape, parameters).entries()) {
        const kernel = tf.transpose(tf.tensor2d(weights, [outputs, inputs]));
        judge.layers[at].setWeights([kernel, tf.tensor1d(bias)]);
      }
    },
    score(name) {
      const { judge, rows } = jobs.get(name);
      return errors(judge, rows);
    },
    row(name, calls) {
      const { judge, data, shape } = jobs.get(name);
      let total = 0;
      for (let call = 0; call < calls; call++) {
        const cells = data.subarray((call % 50) * shape.columns, ((call % 50) + 1) * shape.columns);
        const row = tf.tensor2d(cells, [1, shape.columns]);
        total += errors(judge, row)[0];
        row.dispose();
      }
      return total;
    },
  };
}
