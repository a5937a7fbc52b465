// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Default detectors as JSON: every bit comes back, nothing damaged is let in, and files stay small.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, noise } from './support.mjs';
import { orders } from './tables.mjs';

let clean;
let dirty;
let text;
before(async () => {
  clean = await train(orders, { seed: 1 });
  ({ model: dirty } = await detect(orders, { seed: 1 }));
  text = JSON.stringify(clean);
});

const load = (saved) => Autoencoder.load(saved);
const copy = () => JSON.parse(text);
const odd = { ...orders[3], weight: 900, colour: 'violet', branch: 8, size: null };

test('everything comes back to the last bit', async () => {
  for (const model of [clean, dirty]) {
    const again = await load(JSON.parse(JSON.stringify(model)));
    assert.equal(JSON.stringify(again), JSON.stringify(model));
    for (const property of [
      'features',
      'columns',
      'threshold',
      'latent',
      'parameters',
      'members',
      'skipped',
      'rowsInside',
    ])
      assert.deepEqual(again[property], model[property], property);
    for (const method of ['score', 'predict', 'pValues', 'featureErrors', 'reconstruct', 'findings'])
      assert.deepEqual(again[method](orders), model[method](orders), method);
    for (const method of ['explain', 'anatomy']) assert.deepEqual(again[method](odd), model[method](odd), method);
    assert.deepEqual(again.repair(odd, { most: 4 }), model.repair(odd, { most: 4 }));
    assert.deepEqual(again.layers(), model.layers());
    await again.fit(orders, { clean: model === clean });
    assert.equal(again.fingerprint(), model.fingerprint());
  }
});

test('beyond 1,000 rows six trimmed nets do the work of nine, in files and in later trainings too', async () => {
  const rows = (count) => Array.from({ length: count }, (_, row) => [row % 17, row % 5, (row % 17) * (row % 5)]);
  const { model: nine } = await detect(rows(1000), { seed: 1 });
  const { model: six } = await detect(rows(1001), { seed: 1 });
  const ofNet = (await train(rows(1000), { seed: 1 })).parameters / 9;
  assert.equal(nine.parameters / ofNet, 18);
  assert.equal(six.parameters / ofNet, 15);
  const again = await load(JSON.parse(JSON.stringify(six)));
  assert.deepEqual(again.score(rows(50)), six.score(rows(50)));
  await again.partialFit(rows(100), { clean: false });
  await nine.partialFit(rows(5000), { clean: false });
  assert.equal(again.parameters, six.parameters);
  assert.equal(nine.parameters / ofNet, 18);
});

test('a model of too few rows, whose threshold is infinite, comes back', async () => {
  const few = await train(orders.slice(0, 5));
  const again = await load(JSON.parse(JSON.stringify(few)));
  assert.equal(again.threshold, Infinity);
  assert.deepEqual(again.score(orders), few.score(orders));
});

test('a model of nothing but constants comes back', async () => {
  const flat = await train(
    [
      [5, 'x'],
      [5, 'x'],
      [5, 'x'],
    ].map(([a, b]) => ({ a, b })),
  );
  const again = await load(JSON.parse(JSON.stringify(flat)));
  const rows = [
    { a: 5, b: 'x' },
    { a: 6, b: 'x' },
  ];
  assert.deepEqual(again.score(rows), flat.score(rows));
  assert.ok(again.score(rows)[1] > again.score(rows)[0]);
});

test('the file says what it is and how many rows it holds', () => {
  const { format, rowsInside, features } = copy();
  assert.deepEqual([format, rowsInside], ['anomalens/2', 512]);
  assert.deepEqual(features[0], { name: 'size', written: { decimals: 2, digits: 4 } });
  assert.deepEqual(features[2], { name: 'colour', categories: ['blue', 'green', 'red'] });
  assert.equal(dirty.toJSON().rowsInside, 0);
});

test('a default model of 30 columns of numbers stays under 250 KB', async () => {
  const wide = await train({ data: Float64Array.from(noise(3000, 30).flat()), columns: 30 }, { epochs: 2 });
  const { length } = JSON.stringify(wide);
  assert.ok(length < 250 * 1024, `${length} bytes`);
});

describe('a damaged file is refused', () => {
  const damaged = (title, change, reason) =>
    test(title, async () => {
      const saved = copy();
      await assert.rejects(load(change(saved) ?? saved), error('BAD_FILE', reason));
    });
  for (const field of [
    ...['options', 'features', 'threshold', 'calibration', 'parameters', 'detector', 'pool', 'rowsInside'],
    ...['fingerprint', 'checksum', 'heldOut', 'topK'],
  ]) {
    const reason = field === 'options' ? /options are wrong/ : new RegExp(field);
    damaged(`${field} missing`, ({ [field]: _, ...others }) => others, reason);
    damaged(
      `${field} of another kind`,
      (saved) => ({ ...saved, [field]: [1] }),
      field === 'options' ? /option/ : reason,
    );
  }
  damaged(
    'a name altered',
    (saved) => ({ ...saved, features: saved.features.with(1, { name: 'x' }) }),
    /checksum|different names/,
  );
  damaged('the format of a single net', (saved) => ({ ...saved, format: 'anomalens/1' }), /train again/);
  damaged('a value of a category twice', (saved) => void saved.features[2].categories.push('red'), /twice/);
  damaged('the pool cut short', (saved) => ({ ...saved, pool: saved.pool.slice(0, 8) }), /checksum|pool/);
});

/** The checksum, as the package takes it. */
function signed(saved) {
  const order = ['options', 'features', 'topK', 'threshold', 'heldOut', 'rowsInside'];
  const names = [...order, 'calibration', 'parameters', 'detector', 'pool', 'fingerprint'];
  const written = JSON.stringify(names.map((name) => saved[name]));
  let hash = 0x811c9dc5;
  for (const letter of Array.from({ length: written.length }, (_, at) => written.charCodeAt(at)))
    hash = Math.imul(hash ^ letter, 0x01000193);
  return { ...saved, checksum: (hash >>> 0).toString(16).padStart(8, '0') };
}

test('whoever alters the numbers and the checksum too gets an error, never a crash', async () => {
  const { heapBytes, models } = clean.memoryUsage();
  const bytes = Buffer.from(copy().detector, 'base64');
  const wild = [-1, 0.5, 1e300, Number.NaN, 4e9, 3];
  let refused = 0;
  for (let at = 0; at < bytes.length; at += 8 * 7) {
    const altered = Buffer.from(bytes);
    altered.writeDoubleLE(wild[(at / 8) % wild.length], at);
    try {
      const model = await load(signed({ ...copy(), detector: altered.toString('base64') }));
      model.explain(odd);
      model.repair(odd, { most: 9 });
      model.score(orders.slice(0, 5));
      model.dispose();
    } catch (thrown) {
      assert.ok(error('BAD_FILE', /./)(thrown));
      refused++;
    }
  }
  for (const length of [0, 8, 80, bytes.length - 8])
    await assert.rejects(load(signed({ ...copy(), detector: bytes.subarray(0, length).toString('base64') })), {
      code: 'BAD_FILE',
    });
  assert.ok(refused > 10);
  assert.equal(clean.memoryUsage().models, models);
  assert.ok(Math.abs(clean.memoryUsage().heapBytes - heapBytes) < 65_536);
});
