// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Whatever a caller passes, nothing but typed errors comes back, and the call leaves the model as it was.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AnomalensError, Autoencoder, detect, init, metrics, score, synthetic, train } from 'anomalens';
import { error, noise } from './support.mjs';

const rows = noise(40, 3);
const few = rows.slice(0, 3);
const small = { hidden: [4], latent: 2, epochs: 1, seed: 1 };

let model;
let detector;
before(async () => {
  [model, detector] = [await train(rows, small), await train(rows, { epochs: 1, members: 3 })];
});

const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const throwing = (thrown) =>
  new Proxy(
    {},
    {
      get() {
        throw thrown;
      },
      ownKeys() {
        throw thrown;
      },
      has() {
        throw thrown;
      },
      getPrototypeOf() {
        throw thrown;
      },
    },
  );
const circle = [];
circle.push(circle);
const detached = new Float32Array(3);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

/** Values that are odd for whatever is asked for, made anew. */
const odd = () => [
  null,
  true,
  0,
  -1,
  -0,
  0.5,
  1e300,
  2 ** 53,
  Number.NaN,
  Infinity,
  -Infinity,
  '',
  'text',
  'x'.repeat(1e6),
  5n,
  2n ** 4000n,
  Symbol('odd'),
  () => 1,
  class Odd {},
  [],
  [0],
  [[]],
  ['a', 'a'],
  [Number.NaN],
  new Array(1e8),
  {},
  Object.create(null),
  { kind: 'cosine', warmup: 5n },
  { rule: 'labels', labels: new Array(1e9), goal: {} },
  { rule: 'quantile', q: Symbol('q') },
  { kind: 'gaussian', sigma: revoked({}) },
  { length: 2 ** 53 - 1 },
  { aborted: 1 },
  { ms: 1, steps: 1 },
  new Map(),
  new Date(Number.NaN),
  new Float64Array(3),
  new BigInt64Array(3),
  new DataView(new ArrayBuffer(8)),
  new Uint8Array(new SharedArrayBuffer(4)),
  detached,
  circle,
  revoked({}),
  revoked([]),
  revoked(() => {}),
  throwing(null),
  throwing(new TypeError('mine')),
  Object.create({}, { [Symbol.toStringTag]: { get: () => assert.fail('asked for its tag') } }),
  { toString: () => assert.fail('turned into text'), valueOf: () => assert.fail('turned into a number') },
  Object.defineProperty({}, 'constructor', {
    get() {
      throw new Error('no constructor');
    },
  }),
  Object.defineProperty([4], '0', {
    get() {
      throw new Error('no element');
    },
  }),
];

/** What `work` fails with, typed; undefined when it does not fail. */
async function typed(work, what) {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof AnomalensError, `${what}: ${thrown?.stack ?? String(thrown)}`);
    assert.ok(thrown.message.length > 15 && thrown.message.length < 2000, `${what}: ${thrown.message.length} letters`);
    return thrown;
  }
}

const name = (index) => `odd value ${index}`;

const modelOptions = ['hidden', 'decoder', 'latent', 'activation', 'latentActivation', 'scaler', 'missing', 'features'];
modelOptions.push('members', 'seed', 'compatibility');
const trainOptions = [
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
  'momentum',
  'schedule',
  'loss',
  'weightDecay',
];
trainOptions.push(
  'l1',
  'dropout',
  'clipNorm',
  'corruption',
  'sparsity',
  'clean',
  'trim',
  'validationSplit',
  'patience',
);
trainOptions.push('threshold', 'neighbours', 'signal', 'onProgress', 'sliceMs');

describe('an odd value of the option', () => {
  for (const option of modelOptions) {
    test(`${option} is refused in its name`, async () => {
      for (const [index, value] of odd().entries()) {
        const found = await typed(
          () => Autoencoder.create({ [option]: value }).then((one) => one.dispose()),
          name(index),
        );
        if (found?.code === 'BAD_OPTION') assert.ok(found.message.includes(option), found.message);
      }
    });
  }
  for (const option of trainOptions) {
    test(`${option} is refused in its name`, async () => {
      for (const [index, value] of odd().entries()) {
        const found = await typed(() => model.trainer(few, { epochs: 1, [option]: value }).dispose(), name(index));
        if (found?.code === 'BAD_OPTION') assert.match(found.option, new RegExp(option));
        if (option !== 'onProgress') await typed(() => model.partialFit('no table', { [option]: value }), name(index));
      }
    });
  }
  test('of findings, repair, calibrate, run, set, init and detect is refused', async () => {
    const trainer = (await Autoencoder.load(model.toJSON())).trainer(rows, { epochs: 2 });
    for (const [index, value] of odd().entries()) {
      for (const option of ['top', 'reasons', 'falseDiscoveryRate'])
        await typed(() => model.findings(few, { [option]: value }), name(index));
      await typed(() => model.repair(few[0], { most: value }), name(index));
      await typed(() => model.calibrate(rows, value), name(index));
      for (const kind of ['ms', 'steps', 'epochs'])
        if (value !== Infinity && value !== 1e300 && value !== 2 ** 53)
          await typed(() => trainer.run({ [kind]: value }), name(index));
      for (const option of ['learningRate', 'weightDecay', 'l1'])
        await typed(() => trainer.set({ [option]: value }), name(index));
      await typed(() => trainer.run(value), name(index));
      await typed(() => trainer.trainMember(value), name(index));
      await typed(() => trainer.adoptMember(0, value), name(index));
      await typed(() => detect('no table', { top: value }), name(index));
      if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
        const found = await typed(() => init({ wasm: value }), name(index));
        assert.equal(found?.code, 'BAD_OPTION', name(index));
        assert.equal(found.option, 'wasm');
      }
    }
  });
  test('given in place of all options is refused', async () => {
    for (const [index, value] of odd().entries()) {
      await typed(() => Autoencoder.create(value), name(index));
      await typed(() => train('no table', value), name(index));
      await typed(() => detect('no table', value), name(index));
      await typed(() => model.fit('no table', value), name(index));
      await typed(() => model.trainer('no table', value), name(index));
      await typed(() => model.findings(few, value), name(index));
      await typed(() => model.repair(few[0], value), name(index));
      await typed(() => init(value), name(index));
      await typed(() => score(value, few), name(index));
    }
  });
});

test('sentences name the option, the range and the value', async () => {
  const says = async (options, sentence) => assert.rejects(Autoencoder.create(options), error('BAD_OPTION', sentence));
  await says({ hidden: [0] }, /hidden must .* 0\..* from 1 to 4096/);
  await says({ members: Number.NaN }, /members must .*NaN.* from 1 to 64/);
  await says({ latent: 5n }, /latent must .*5n.* from 1 to 4096/);
  await says({ seed: Symbol('s') }, /seed must .*Symbol\(s\).* from 0 to 4294967295/);
  await says({ hidden: revoked([]) }, /hidden must be an array of layer widths/);
});

test('what a getter among the options throws is the cause', async () => {
  for (const thrown of [new TypeError('mine'), null, 'text', revoked({})]) {
    const options = {
      get epochs() {
        throw thrown;
      },
    };
    const found = await typed(() => model.trainer(few, options), String(typeof thrown));
    assert.equal(found.code, 'BAD_OPTION');
    assert.equal(found.option, 'epochs');
    if (thrown) assert.equal(found.cause, thrown);
  }
});

test('a signal may be of any make, and throws nothing but typed errors', async () => {
  const one = await Autoencoder.load(model.toJSON());
  let asked = 0;
  const turning = {
    get aborted() {
      if (asked++ > 2) throw new Error('broken signal');
      return false;
    },
  };
  const found = await typed(() => one.fit(rows, { epochs: 1e6, signal: turning }), 'signal');
  assert.equal(found.code, 'BAD_OPTION');
  assert.equal(found.option, 'signal');
  assert.equal(found.cause.message, 'broken signal');
  await assert.rejects(one.fit(rows, { signal: { aborted: true, reason: 'enough' } }), (reason) => reason === 'enough');
  await assert.rejects(one.fit(rows, { signal: { aborted: true } }), { name: 'AbortError' });
  await assert.rejects(one.fit(rows, { signal: AbortSignal.abort(0) }), (reason) => reason === 0);
  assert.equal(one.fingerprint(), model.fingerprint());
});

test('methods and getters work on nothing but their own object', async () => {
  const trainer = (await Autoencoder.load(model.toJSON())).trainer(rows, { epochs: 2 });
  for (const [own, what] of [
    [model, 'model'],
    [trainer, 'trainer'],
  ]) {
    const prototype = Object.getPrototypeOf(own);
    for (const key of Reflect.ownKeys(prototype)) {
      if (key === 'constructor') continue;
      const { get, value } = Object.getOwnPropertyDescriptor(prototype, key);
      for (const self of [undefined, null, 5, {}, prototype, revoked({}), new Proxy(own, {}), what]) {
        const found = await typed(() => (get ?? value).call(self, few), String(key));
        assert.equal(found?.code, 'BAD_OPTION', String(key));
        assert.equal(found.option, what);
      }
    }
  }
  const { score: detachedScore, fit } = model;
  assert.throws(
    () => detachedScore(few),
    error('BAD_OPTION', /model\.score\(\) works only on a model, but was used on undefined/, { option: 'model' }),
  );
  await assert.rejects(fit(few), error('BAD_OPTION', /model\.fit\(\)/));
  assert.equal(model.score.name, 'score');
  assert.throws(() => new trainer.constructor(), error('BAD_OPTION', /model\.trainer/));
});

test('absurd sizes are fine', async () => {
  assert.equal(model.findings(few, { top: 1e9 }).length, 3);
  assert.equal(model.findings(few, { top: Infinity, reasons: 2 ** 31 - 1 }).length, 3);
  assert.ok(model.repair(few[0], { most: Infinity }).steps.length <= 3);
  assert.ok(detector.repair(few[0], { most: Infinity }).steps.length <= 3);
});

describe('metrics', () => {
  const scores = [1, 2, 3, 4];
  const labels = [0, 0, 1, 1];
  const all = ['auroc', 'averagePrecision', 'roc', 'precisionRecall'];

  test('take odd arguments for what they are', async () => {
    const lists = [...odd(), new Array(4e9), new Uint8Array(1e9), Object.assign([1, 2, 3], { length: 4 })];
    for (const [index, value] of lists.entries()) {
      for (const metric of all) {
        await typed(() => metrics[metric](value, labels), name(index));
        await typed(() => metrics[metric](scores, value), name(index));
      }
      await typed(() => metrics.precisionAtK(scores, labels, value), name(index));
      await typed(() => metrics.confusion(scores, labels, value), name(index));
    }
    const shared = new Float32Array(new SharedArrayBuffer(16));
    shared.set(scores);
    assert.equal(metrics.auroc(shared, labels), 1);
    const lying = Object.defineProperty(Float32Array.from(scores), 'length', { value: 2 ** 40 });
    assert.equal(metrics.auroc(lying, labels), 1);
  });

  test('read every element once', () => {
    let reads = 0;
    const counting = (list) =>
      new Proxy(list, {
        get(target, key) {
          if (/^\d+$/.test(String(key))) reads++;
          return target[key];
        },
      });
    assert.equal(metrics.auroc(counting(scores), counting(labels)), 1);
    assert.equal(reads, 8);
  });
});

test('synthetic data take odd options for what they are', async () => {
  const options = ['seed', 'rows', 'normals', 'anomalies', 'strength', 'kinds', 'noise', 'distance', 'kind'];
  for (const [index, value] of odd().entries()) {
    for (const make of ['article', 'brokenRelation', 'wave', 'patterns']) {
      await typed(() => synthetic[make](value), name(index));
      for (const option of options)
        await typed(() => synthetic[make]({ [option]: value }), `${option}: ${name(index)}`);
    }
  }
});

describe('a file', () => {
  test('is refused whatever one of its fields is', { timeout: 120_000 }, async () => {
    let deep = [];
    for (let level = 0; level < 1e5; level++) deep = [deep];
    const values = [...odd(), deep, new Array(4e9), new Float64Array(1e7), 'A'.repeat(1e7)];
    values.push([{ name: 'a', categories: new Array(1e8) }], new Array(2e6).fill({ name: 'a' }), {
      toJSON: () => assert.fail('turned into JSON'),
    });
    for (const one of [model, detector]) {
      const file = one.toJSON();
      for (const field of Object.keys(file)) {
        for (const [index, value] of values.entries()) {
          if ((field === 'version' && typeof value === 'string') || value === file[field]) continue;
          const found = await typed(() => Autoencoder.load({ ...file, [field]: value }), `${field}: ${name(index)}`);
          assert.equal(found?.code, 'BAD_FILE', `${field}: ${name(index)}`);
        }
      }
    }
    for (const [index, value] of values.entries())
      assert.equal((await typed(() => Autoencoder.load(value), name(index)))?.code, 'BAD_FILE', name(index));
  });

  test('may have fields that nobody knows', async () => {
    const file = { ...model.toJSON(), note: circle, count: 5n, toJSON: () => assert.fail() };
    assert.equal((await Autoencoder.load(file)).fingerprint(), model.fingerprint());
  });

  test('is read once', async () => {
    const asked = [];
    const counting = (value, path) =>
      typeof value !== 'object' || value === null
        ? value
        : new Proxy(value, {
            get(target, key) {
              if (typeof key === 'string') asked.push(`${path}.${key}`);
              return counting(target[key], `${path}.${String(key)}`);
            },
          });
    await Autoencoder.load(counting(model.toJSON(), ''));
    assert.deepEqual(asked, [...new Set(asked)]);
  });

  test('that is still a text says how to take it apart', async () => {
    await assert.rejects(Autoencoder.load(JSON.stringify(model)), error('BAD_FILE', /JSON\.parse/));
  });
});
