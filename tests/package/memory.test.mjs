// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Heap and stack are where they were, after models, after trainers and after errors of every kind.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Autoencoder, metrics, train } from 'anomalens';
import { noise, root, run, slack } from './support.mjs';

const rows = noise(40, 3);
const options = { hidden: [5], latent: 2, epochs: 1 };
const wrong = [...rows.slice(0, 39), [1, Number.NaN, 3]];
const flatWrong = { data: Float64Array.from(wrong.flat()), columns: 3 };

let model;
before(async () => {
  model = await train(rows, options);
});

/** Everything that must not move. */
const place = () => {
  const { heapBytes, stackAddress, models } = model.memoryUsage();
  return { heapBytes, stackAddress, models };
};

/** A leak would be at least 8 bytes a round, which is far more than the slack. */
function assertUnmoved(start) {
  const { heapBytes, ...others } = place();
  const { heapBytes: before, ...rest } = start;
  assert.deepEqual(others, rest);
  assert.ok(Math.abs(heapBytes - before) <= slack, `the heap went from ${before} to ${heapBytes} bytes`);
}

const failing = [
  () => model.score(flatWrong), // thrown in C++, found by the scaler
  () => model.calibrate(rows, { rule: 'quantile', q: 7 }), // thrown in C++, by the rule
  () => model.decode({ data: Float64Array.of(1, Number.NaN), columns: 2 }), // thrown in C++, by the decoder
  () => model.trainer(flatWrong), // thrown in C++, with a training set half made
  () => model.trainer(rows, { learningRate: 99 }), // thrown in C++, by the options
  () => model.score(wrong), // thrown in TypeScript, with a chunk half written
  () => model.score([[1, 2]]),
  () => model.trainer(rows, { sparsity: { kind: 'topK', k: 3 } }), // thrown in C++, by a contradiction
  () => model.trainer(rows, { threshold: { rule: 'labels', labels: [0, 1], goal: 'bestF1' } }), // with labels lent
  () => model.findings(rows, { falseDiscoveryRate: 2 }),
  () => model.repair([1, 2, Infinity]), // thrown in C++, with the groups lent
  () => metrics.auroc([1, 2], [1, 1]), // thrown in C++, with scores and labels lent
  () => metrics.precisionAtK([1, 2], [0, 1], 5),
];

test('heap and stack are where they were after 10,000 errors', () => {
  const throwing = (work) => {
    assert.throws(work);
  };
  failing.forEach(throwing);
  const start = place();
  for (let count = 0; count < 10_000; count++) {
    let failed = false;
    try {
      failing[count % failing.length]();
    } catch {
      failed = true;
    }
    assert.ok(failed);
  }
  assertUnmoved(start);
});

test('asynchronous errors leave heap and stack where they were', async () => {
  const start = place();
  const saved = model.toJSON();
  for (let count = 0; count < 300; count++) {
    await assert.rejects(Autoencoder.create({ latent: 5000 }));
    await assert.rejects(Autoencoder.load({ ...saved, threshold: 5 }));
    await assert.rejects(train(rows, { ...options, batchSize: 100_000 }));
    await assert.rejects(model.fit(rows, { epochs: 1, onProgress: () => assert.fail('mine') }));
  }
  assertUnmoved(start);
});

test('1,000 models trained and disposed leave the heap where it began', async () => {
  const start = place();
  let most = 0;
  for (let count = 0; count < 1000; count++) {
    const one = await train(rows, options);
    one.score(rows);
    most = Math.max(most, one.memoryUsage().models);
    one.dispose();
  }
  assert.equal(most, start.models + 1);
  assertUnmoved(start);
});

test('trainers finished, given up and replaced leave the heap where it began', async () => {
  const start = place();
  const one = await Autoencoder.create({ hidden: [5], latent: 2 });
  for (let count = 0; count < 300; count++) {
    const trainer = one.trainer(rows, { epochs: 3 });
    trainer.run({ steps: 2 });
    if (count % 3 === 0) trainer.finish();
    if (count % 3 === 1) trainer.dispose();
  }
  one.trainer(rows).run({ steps: 1 });
  one.dispose();
  assertUnmoved(start);
});

test('saving and loading 500 times leaves the heap where it began', async () => {
  const start = place();
  for (let count = 0; count < 500; count++) (await Autoencoder.load(model.toJSON())).dispose();
  assertUnmoved(start);
});

test('training holds no second copy of the table in the heap', async () => {
  const data = Float64Array.from(noise(1, 4_000_000)[0]);
  const one = await Autoencoder.create({ hidden: [2], latent: 1 });
  const before = one.memoryUsage().reservedBytes;
  const trainer = one.trainer({ data, columns: 4 }, { batchSize: 1024 });
  const grown = one.memoryUsage().reservedBytes - before;
  const [table, order, spare] = [4_000_000 * 4, 1_000_000 * 4, 8 * 2 ** 20];
  assert.ok(grown < table + order + spare, `the heap grew by ${grown} bytes`);
  trainer.dispose();
  one.dispose();
});

test('models that are forgotten are given back', async () => {
  const script = `import { train } from 'anomalens';
    const rows = [[1, 2], [3, 4], [5, 7]];
    const kept = await train(rows, { epochs: 1 });
    for (let i = 0; i < 50; i++) (await train(rows, { epochs: 1 })).trainer(rows);
    for (let i = 0; i < 100 && kept.memoryUsage().models > 1; i++) { gc(); await new Promise((done) => setTimeout(done, 10)); }
    console.log(kept.memoryUsage().models, kept.score(rows).length);`;
  const printed = await run(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script], { cwd: root });
  assert.equal(printed, '1 3\n');
});
