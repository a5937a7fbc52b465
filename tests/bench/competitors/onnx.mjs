// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// onnxruntime-web on WebAssembly, one thread: scores with graphs that onnx_model.py wrote, whose output is the row's error.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export async function open({ folder }) {
  const { load } = await import(pathToFileURL(join(folder, 'gate.mjs')).href);
  const ort = await load('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const jobs = new Map();

  async function errors(session, cells, rows, columns) {
    const { errors: found } = await session.run({ rows: new ort.Tensor('float32', cells, [rows, columns]) });
    const { data } = found;
    return data;
  }

  return {
    version: ort.env.versions.web,
    prepare(shape, data) {
      jobs.set(shape.name, { shape, data });
    },
    /** `file` holds the weights; the graph made of them lies beside it. */
    async adopt(name, _, file) {
      const job = jobs.get(name);
      job.session = await ort.InferenceSession.create(`${file}.onnx`, { executionProviders: ['wasm'] });
    },
    score(name) {
      const { session, data, shape } = jobs.get(name);
      return errors(session, data, shape.rows, shape.columns);
    },
    async row(name, calls) {
      const { session, data, shape } = jobs.get(name);
      let total = 0;
      for (let call = 0; call < calls; call++) {
        const first = (call % 50) * shape.columns;
        total += (await errors(session, data.subarray(first, first + shape.columns), 1, shape.columns))[0];
      }
      return total;
    },
  };
}
