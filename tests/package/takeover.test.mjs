// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What a call that fails must not touch: the training that is open, the caller's objects, and the C++ stack.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Autoencoder, metrics, synthetic, train } from 'anomalens';
import { error, noise } from './support.mjs';

const rows = noise(40, 3);
const options = { hidden: [4], latent: 2, seed: 3 };

let model;
before(async () => {
  model = await train(rows, { ...options, epochs: 2 });
});

describe('an open training', () => {
  test('survives a training on that is refused, and one that does not fit into memory', async () => {
    const trainer = model.trainer(rows, { epochs: 5 });
    await assert.rejects(model.partialFit([[1, 2]]), error('SHAPE', /columns/));
    await assert.rejects(model.partialFit(rows, { epochs: 2e9 }), error('BAD_OPTION', /epochs/));
    await assert.rejects(model.partialFit([...rows, [1, Number.NaN, 2]]), error('NON_FINITE', /Row 40/));
    await assert.rejects(model.fit([...rows, [1, Number.NaN, 2]]), error('NON_FINITE', /Row 40/));
    assert.equal(trainer.run({ steps: 1 }).step, 1);
    trainer.dispose();
  });

  test('of a model that knew nothing leaves it knowing nothing when a training on is refused', async () => {
    const fresh = await Autoencoder.create(options);
    const trainer = fresh.trainer(rows);
    await assert.rejects(fresh.partialFit(rows), error('NOT_FITTED', /call fit/));
    trainer.run({ steps: 1 });
    trainer.dispose();
    assert.throws(() => fresh.score(rows), error('NOT_FITTED', /call fit/));
    fresh.dispose();
  });

  test('gives way to a training on, which goes on from the model beneath', async () => {
    const [one, other] = [await Autoencoder.load(model.toJSON()), await Autoencoder.load(model.toJSON())];
    const open = one.trainer(noise(40, 3, 9), { epochs: 5 });
    open.run({ epochs: 1 });
    await one.partialFit(rows, { epochs: 1 });
    await other.partialFit(rows, { epochs: 1 });
    assert.equal(one.fingerprint(), other.fingerprint());
    assert.throws(() => open.run({ steps: 1 }), error('DISPOSED', /another training/));
    one.dispose();
    other.dispose();
  });

  test('is given up for one that diverges, which leaves the model beneath', async () => {
    const one = await Autoencoder.load(model.toJSON());
    one.trainer(rows, { epochs: 5 }).run({ steps: 1 });
    const wild = { epochs: 50, batchSize: 2, optimizer: 'sgd', learningRate: 10 };
    await assert.rejects(one.fit(rows, wild), error('DIVERGED', /loss/));
    assert.equal(one.fingerprint(), model.fingerprint());
    one.dispose();
  });

  test('keeps the members that were adopted when another one diverges', async () => {
    const committee = await Autoencoder.create({ members: 3, hidden: [8], latent: 2, activation: 'relu' });
    const wild = noise(200, 3).map((row) => row.map((cell) => 100 * cell));
    const trainer = committee.trainer(wild, { epochs: 50, optimizer: 'sgd', learningRate: 10 });
    trainer.adoptMember(0, new Float32Array(committee.parameters / 3).fill(0.01));
    assert.throws(() => trainer.trainMember(1), error('DIVERGED', /member 1/));
    assert.ok(committee.layers()[0].weights.every((weight) => weight === Math.fround(0.01)));
    committee.dispose();
  });

  test('on from a model says that it is still being trained', async () => {
    const messages = [];
    const saving = () => {
      try {
        model.toJSON();
      } catch (thrown) {
        messages.push(thrown.message);
      }
    };
    const one = await Autoencoder.load(model.toJSON());
    model.dispose();
    model = one;
    await one.partialFit(rows, { epochs: 1, onProgress: saving });
    assert.match(messages[0], /still being trained/);
  });
});

describe('options', () => {
  test('may be a Proxy, as those of reactive frameworks are', async () => {
    const reactive = new Proxy({ ...options, hidden: new Proxy([4], {}), epochs: 2 }, {});
    const one = await train(rows, reactive);
    assert.equal(one.fingerprint(), (await train(rows, { ...options, epochs: 2 })).fingerprint());
  });

  test('count as they are when the call is made', async () => {
    const changing = { epochs: 3, batchSize: 8, corruption: { kind: 'mask', rate: 0.1 }, sliceMs: 1 };
    const one = await Autoencoder.create(options);
    const training = one.fit(rows, changing);
    Object.assign(changing, { batchSize: 1n });
    changing.corruption.kind = 'nothing';
    assert.equal((await training).epochs, 3);
    const kinds = ['shift'];
    const data = synthetic.article({ kinds });
    kinds[0] = 'nothing';
    assert.ok((await data).train.data.length > 0);
  });

  test('that hold themselves are refused as any other wrong value', async () => {
    const circle = [4];
    circle.push(circle);
    await assert.rejects(Autoencoder.create({ hidden: circle }), error('BAD_OPTION', /hidden/));
    const rule = { rule: 'quantile', q: 0.5 };
    rule.of = rule;
    await assert.rejects(train(rows, { threshold: rule }), error('BAD_OPTION', /threshold/));
  });

  test('are not inherited', async () => {
    const one = await Autoencoder.create(options);
    const report = await one.fit(rows, Object.create({ epochs: 1n, optimizer: 'none' }));
    assert.ok(report.epochs > 1);
  });

  test('with labels too many for the heap are refused and leave the stack where it was', async () => {
    const labels = new Uint8Array(1_100_000_000);
    const threshold = { rule: 'labels', labels, goal: 'bestF1' };
    const { stackAddress } = model.memoryUsage();
    assert.throws(() => model.trainer(rows, { threshold }), error('OUT_OF_MEMORY', /memory/));
    assert.equal(model.memoryUsage().stackAddress, stackAddress);
  });
});

test('a saved model is copied: what becomes of the file afterwards is nothing to the model', async () => {
  const table = rows.map(([size], row) => ({ size, colour: ['red', 'green', 'blue'][row % 3] }));
  const own = await train(table, { ...options, epochs: 2 });
  const file = own.toJSON();
  const again = await Autoencoder.load(file);
  const scores = again.score(table);
  file.features[1].categories.reverse();
  file.options.hidden.push(7);
  assert.deepEqual(again.score(table), scores);
  assert.deepEqual(again.toJSON(), own.toJSON());
});

test('metrics name the number of scores', () => {
  assert.throws(() => metrics.precisionAtK([1, 2, 3], [0, 1, 0], 100), error('BAD_OPTION', /from 1 to 3.*100/));
  assert.throws(() => metrics.auroc([], []), error('SHAPE', /no scores/));
});
