// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run fuzz -- corpus`: makes the files of tests/fuzz/corpus anew, for when saved models have another form.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { train } from 'anomalens';
import { checksumOf, fingerprintOf } from './inputs/files.mjs';
import { numbers, records } from './world.mjs';

const folder = new URL('corpus/', import.meta.url);
const tiny = { hidden: [2], latent: 1, epochs: 1, seed: 1 };
const committee = { hidden: [1], latent: 1, members: 2, epochs: 1, neighbours: 2 };
const gappy = records(12).map(({ price, sold }, row) => ({ price: row % 4 ? price : null, sold }));

/** Models that nobody has altered. */
const whole = {
  net: [numbers(12, 2), tiny],
  mask: [
    numbers(12, 2),
    { ...tiny, hidden: [], missing: 'mask', latentActivation: 'sigmoid', sparsity: { kind: 'topK', k: 1 } },
  ],
  words: [records(12), tiny],
  detector: [numbers(12, 1), committee],
  unsure: [gappy, { ...committee, clean: false }],
};

/** A packed list with `change` made to its bytes. */
function repacked(text, change) {
  const bytes = Buffer.from(text, 'base64');
  change(bytes);
  return bytes.toString('base64');
}

const withDouble = (text, index, number) =>
  repacked(text, (bytes) => bytes.writeDoubleLE(number, index < 0 ? bytes.length + 8 * index : 8 * index));

function everyFloat(bytes, number) {
  for (let at = 0; at < bytes.length; at += 4) bytes.writeFloatLE(number, at);
}

/** What becomes of a single net of two columns; all with a checksum and a fingerprint that fit. */
const alteredNets = {
  format: () => ({ format: 'anomalens/9' }),
  'huge-weights': ({ parameters }) => ({ parameters: repacked(parameters, (bytes) => everyFloat(bytes, 3e38)) }),
  'weight-not-a-number': ({ parameters }) => ({
    parameters: repacked(parameters, (bytes) => bytes.writeFloatLE(Number.NaN)),
  }),
  'few-weights': ({ parameters }) => ({ parameters: parameters.slice(0, 16) }),
  'odd-base64': ({ parameters }) => ({ parameters: `${parameters.slice(0, -1)}*` }),
  'scale-zero': () => ({ scale: [0, 1] }),
  'scale-tiny': () => ({ scale: [5e-324, 1] }),
  'center-huge': () => ({ center: [1.7e308, -1.7e308] }),
  'top-k': () => ({ topK: 4096 }),
  threshold: () => ({ threshold: null }),
  descending: ({ calibration }) => ({ calibration: repacked(calibration, (bytes) => bytes.writeFloatLE(1e30)) }),
  'names-twice': () => ({ features: [{ name: 'a' }, { name: 'a' }] }),
  options: ({ options }) => ({ options: { ...options, hidden: [4096, 4096], latent: 4096 } }),
};

const alteredDetectors = {
  'detector-nan': ({ detector }) => ({ detector: withDouble(detector, 1, Number.NaN) }),
  'detector-count': ({ detector }) => ({ detector: withDouble(detector, 2, 2 ** 31) }),
  'detector-kind': ({ detector }) => ({ detector: withDouble(detector, 3, 7) }),
  'detector-infinite': ({ detector }) => ({ detector: withDouble(detector, -1, Infinity) }),
  'detector-short': ({ detector }) => ({ detector: detector.slice(0, 128) }),
  'detector-rows': () => ({ rowsInside: 3 }),
  pool: () => ({ pool: '' }),
};

export async function writeCorpus() {
  for (const name of readdirSync(folder)) rmSync(new URL(name, folder));
  const texts = {};
  const shapes = {};
  for (const [name, [rows, options]] of Object.entries(whole)) {
    const model = await train(rows, options);
    texts[name] = JSON.stringify(model);
    shapes[name] = { layers: model.layers(), perNet: 4 };
    model.dispose();
    write(name, texts[name]);
  }
  for (const [name, change] of Object.entries(alteredNets)) write(name, altered(texts.net, change, shapes.net));
  for (const [name, change] of Object.entries(alteredDetectors))
    write(name, altered(texts.detector, change, shapes.detector));
  write('checksum', JSON.stringify({ ...JSON.parse(texts.net), checksum: '00000000' }));
  write('truncated', texts.net.slice(0, texts.net.length >> 1));
  write('inherited-name', texts.net.replace('"f1"', '"__proto__"'));
  write('empty', '{}');
}

const write = (name, text) => writeFileSync(new URL(`${name}.json`, folder), `${text}\n`);

function altered(text, change, shape) {
  const file = JSON.parse(text);
  const { format } = file;
  Object.assign(file, change(file));
  file.fingerprint = fingerprintOf(shape, file.parameters);
  file.checksum = checksumOf({ ...file, format });
  return JSON.stringify(file);
}
