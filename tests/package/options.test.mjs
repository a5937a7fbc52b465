// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Every option of models and trainings: what it accepts, what it refuses, and that it is not without effect.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Autoencoder, synthetic, train } from 'anomalens';
import { error, noise } from './support.mjs';

const rows = noise(200, 4);
const small = { hidden: [6], latent: 3, seed: 3, epochs: 3, batchSize: 16 };
const labels = rows.map((_, row) => (row % 10 === 0 ? 1 : 0));

const print = async (options) => {
  const model = await train(rows, { ...small, ...options });
  const found = `${model.fingerprint()} ${model.threshold}`;
  model.dispose();
  return found;
};

describe('every option has an effect', () => {
  const others = [
    ...['relu', 'leakyRelu', 'elu', 'gelu', 'tanh', 'sigmoid', 'softplus', 'linear'].map((name) => ({
      activation: name,
    })),
    { latentActivation: 'tanh' },
    { decoder: [5, 4] },
    { members: 3 },
    { scaler: 'robust' },
    { scaler: 'minmax' },
    { scaler: 'none' },
    { optimizer: 'adamw', weightDecay: 0.1 },
    { optimizer: 'sgd', momentum: 0.5 },
    { optimizer: 'sgd' },
    { optimizer: 'rmsprop' },
    { schedule: { kind: 'cosine', warmup: 1 } },
    { schedule: { kind: 'cosine' } },
    { schedule: { kind: 'step', every: 1, factor: 0.5 } },
    { loss: 'mae' },
    { loss: 'huber' },
    { weightDecay: 0.1 },
    { l1: 0.1 },
    { dropout: 0.3 },
    { clipNorm: 0.1 },
    { corruption: { kind: 'gaussian', sigma: 0.5 } },
    { corruption: { kind: 'mask', rate: 0.5 } },
    { corruption: { kind: 'saltPepper', rate: 0.5 } },
    { corruption: { kind: 'swap', rate: 0.5 } },
    { corruption: { kind: 'scale', sigma: 0.5 } },
    {
      corruption: [
        { kind: 'swap', rate: 0.5 },
        { kind: 'gaussian', sigma: 0.5 },
      ],
    },
    { sparsity: { kind: 'l1', weight: 1 } },
    { sparsity: { kind: 'topK', k: 1 } },
    { sparsity: { kind: 'kl', weight: 1, target: 0.1 }, latentActivation: 'sigmoid' },
    { trim: 0.5 },
    { validationSplit: 0.2 },
    { threshold: { rule: 'quantile', q: 0.5 } },
    { threshold: { rule: 'quantile', q: 0.5, of: 'holdout' } },
    { threshold: { rule: 'conformal', alpha: 0.2 } },
    { threshold: { rule: 'contamination', share: 0.2 } },
    { threshold: { rule: 'mad' } },
    { threshold: { rule: 'mad', k: 2 } },
    { threshold: { rule: 'fixed', value: 2 } },
    { threshold: { rule: 'labels', labels, goal: 'bestF1' } },
    { threshold: { rule: 'labels', labels, goal: { falsePositiveRate: 0.2 } } },
  ];

  test('no two of them come to the same model and threshold', async () => {
    const seen = new Map();
    for (const options of others) {
      const found = await print(options);
      const shown = JSON.stringify(options);
      assert.equal(seen.get(found), undefined, `${shown} is without effect beside ${seen.get(found)}`);
      seen.set(found, shown);
    }
  });

  test('plateau lowers the rate when nothing improves', async () => {
    const quick = { epochs: 12, learningRate: 1e-9 };
    const schedule = { kind: 'plateau', patience: 0, factor: 0.01 };
    assert.notEqual(await print({ ...quick, schedule }), await print(quick));
  });

  test('defaults said aloud change nothing', async () => {
    const aloud = {
      optimizer: 'adam',
      schedule: { kind: 'constant' },
      loss: 'mse',
      dropout: 0,
      l1: 0,
      clipNorm: 0,
      corruption: [],
      trim: 0,
      clean: true,
      activation: 'relu',
      missing: 'error',
      members: 1,
    };
    assert.equal(await print(aloud), await print({}));
  });
});

describe('bad values are refused with name, value and range', () => {
  const bad = async (options, sentence, option) => {
    await assert.rejects(train(rows, { ...small, ...options }), error('BAD_OPTION', sentence, option && { option }));
  };

  test('of the model', async () => {
    await bad({ members: 0 }, /members must be 1 or more/, 'members');
    await bad({ members: 65 }, /members must be from 1 to 64, but it is 65/, 'members');
    await bad({ decoder: 3 }, /decoder must be an array/, 'decoder');
    await bad({ missing: 'drop' }, /missing must be one of 'learn', 'mask', 'error'/, 'missing');
    await bad({ latentActivation: 'x' }, /latentActivation must be one of/, 'latentActivation');
    await bad({ members: 2, compatibility: 'pytorch' }, /members must be 1 with compatibility/, 'members');
  });

  test('of the training', async () => {
    await bad({ optimizer: 'lion' }, /optimizer must be one of 'adam', 'adamw', 'sgd', 'rmsprop'/, 'optimizer');
    await bad({ optimizer: 'sgd', momentum: 1 }, /momentum must be at least 0 and below 1/, 'momentum');
    await bad({ momentum: 0.5 }, /momentum goes with/, 'momentum');
    await bad({ loss: 'l2' }, /loss must be one of/, 'loss');
    await bad({ l1: 11 }, /l1 must be from 0 to 10/, 'l1');
    await bad({ dropout: 1 }, /dropout must be at least 0 and below 1/, 'dropout');
    await bad({ clipNorm: -1 }, /clipNorm must be from 0/, 'clipNorm');
    await bad({ clean: 1 }, /clean must be true or false/, 'clean');
    await bad({ trim: -1 }, /trim must be from 0 to 0.9/, 'trim');
    await bad({ validationSplit: 0.6 }, /validationSplit must be from 0 to 0.5/, 'validationSplit');
    await bad({ patience: -1 }, /patience must be 0 or more/, 'patience');
  });

  test('of what is nested', async () => {
    await bad({ schedule: 'cosine' }, /schedule must be \{ kind: 'constant' \}.*"cosine"/, 'schedule');
    await bad({ schedule: { kind: 'poly' } }, /schedule.kind must be one of/, 'schedule.kind');
    await bad({ schedule: { kind: 'step', every: 2 } }, /schedule.factor must be a number.*undefined/);
    await bad(
      { schedule: { kind: 'step', every: 2, factor: 1 } },
      /schedule.factor must be above 0 and below 1/,
      'schedule.factor',
    );
    await bad({ schedule: { kind: 'cosine', warmup: 3 } }, /warmup below the number of epochs, 3/, 'schedule.warmup');
    await bad({ schedule: { kind: 'cosine', warmpu: 3 } }, /no field 'warmpu'\. Did you mean warmup/, 'schedule');
    await bad({ corruption: { kind: 'swap', sigma: 1 } }, /no field 'sigma'.*rate/, 'corruption');
    await bad({ corruption: [{ kind: 'gaussian', sigma: 200 }] }, /corruption.sigma must be from 0 to 100/);
    await bad({ corruption: [{ kind: 'mask', rate: '1' }] }, /corruption\[0\].rate must be a number/);
    await bad({ corruption: Array(9).fill({ kind: 'mask', rate: 0.1 }) }, /at most 8 kinds/, 'corruption');
    await bad({ sparsity: { kind: 'topK', k: 4 } }, /from 1 to 3 codes.*its k is 4/, 'sparsity.k');
    await bad({ sparsity: { kind: 'kl', weight: 1, target: 0.1 } }, /latentActivation to sigmoid/, 'sparsity');
  });

  test('of thresholds', async () => {
    const rule = (threshold, sentence) => bad({ threshold }, sentence);
    await rule({ rule: 'conformal', alpha: 0 }, /threshold.alpha must be above 0 and at most 0.5/);
    await rule({ rule: 'conformal', alpha: 0.001 }, /needs 999 rows held out/);
    await rule({ rule: 'tail', risk: 0.001 }, /needs 500 rows held out/);
    await rule({ rule: 'tail', risk: 0.5 }, /threshold.risk must be above 0 and at most 0.02/);
    await rule({ rule: 'contamination', share: 0.6 }, /threshold.share must be above 0 and at most 0.5/);
    await rule({ rule: 'labels', labels: [0, 1], goal: 'bestF1' }, /one label a row, 200 in all, but it has 2/);
    await rule(
      { rule: 'labels', labels: labels.map(() => 0), goal: 'bestF1' },
      /both kinds, but all rows are labelled 0/,
    );
    await rule(
      { rule: 'labels', labels: labels.map(() => 2), goal: 'bestF1' },
      /zeros and ones, but threshold.labels\[0\] is 2/,
    );
    await rule({ rule: 'labels', labels, goal: 'f1' }, /threshold.goal must be \{ falsePositiveRate \} or 'bestF1'/);
    await rule(
      { rule: 'labels', labels, goal: { falsePositiveRate: 1 } },
      /threshold.goal.falsePositiveRate must be at least 0 and below 1/,
    );
  });

  test('before any work: a contradiction leaves an open training alone', async () => {
    const model = await Autoencoder.create({ hidden: [6], latent: 3 });
    const trainer = model.trainer(rows, { epochs: 2 });
    assert.throws(() => model.trainer(rows, { sparsity: { kind: 'topK', k: 9 } }), error('BAD_OPTION', /its k is 9/));
    trainer.run({ epochs: 2 });
    assert.equal(trainer.finish().epochs, 2);
  });
});

test('the report tells rule, calibration rows, validation loss and why it stopped', async () => {
  const model = await Autoencoder.create({ hidden: [6], latent: 3 });
  const plain = await model.fit(rows, { epochs: 2 });
  assert.deepEqual([plain.rule, plain.calibrationRows, plain.stopped], ['conformal', 50, 'epochs']);
  assert.equal(plain.validationLoss, undefined);
  const few = await model.fit(rows.slice(0, 100), { epochs: 2 });
  assert.deepEqual([few.rule, few.calibrationRows], ['quantile', 0]);
  const dirty = await model.fit(rows, { epochs: 2, clean: false });
  assert.equal(dirty.rule, 'mad');
  const labelled = await model.fit(rows, { epochs: 2, threshold: { rule: 'labels', labels, goal: 'bestF1' } });
  assert.equal(labelled.rule, 'labels');
  const seen = [];
  const onProgress = ({ validationLoss }) => seen.push(validationLoss);
  const early = await model.fit(rows, { epochs: 5000, learningRate: 0.05, patience: 3, onProgress });
  assert.equal(early.stopped, 'patience');
  assert.equal(early.validationLoss.length, early.epochs);
  assert.equal(seen.at(-1), early.validationLoss.at(-1));
});

test('top-k really leaves k codes', async () => {
  const model = await train(rows, { ...small, sparsity: { kind: 'topK', k: 2 } });
  const codes = model.encode(rows);
  for (let row = 0; row < rows.length; row++)
    assert.ok(codes.subarray(row * 3, row * 3 + 3).filter((code) => code !== 0).length <= 2);
});

test('partialFit goes on where fit ended, with the same scaler and categories', async () => {
  const goods = rows.map(([size], row) => ({ size, colour: ['red', 'green'][row % 2] }));
  const model = await Autoencoder.create({ hidden: [6], latent: 2 });
  await assert.rejects(model.partialFit(goods), error('NOT_FITTED', /call fit\(\) first/));
  const first = await model.fit(goods, { epochs: 40 });
  const before = model.toJSON();
  const second = await model.partialFit(
    goods.slice(0, 100).map((good) => ({ ...good, size: good.size + 1 })),
    { epochs: 5 },
  );
  const after = model.toJSON();
  assert.deepEqual([after.center, after.scale, after.features], [before.center, before.scale, before.features]);
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.ok(second.loss[0] < first.loss[0] * 3);
  const again = await Autoencoder.load(before);
  await again.partialFit(goods, { epochs: 5 });
  assert.notEqual(again.fingerprint(), before.fingerprint);
  const broken = model.fingerprint();
  await assert.rejects(model.partialFit([{ size: 1, colour: 'red' }]), error('SHAPE', /two rows/));
  assert.equal(model.fingerprint(), broken);
});

test('equal options give equal bits with everything switched on', async () => {
  const { train: table } = await synthetic.article();
  const everything = {
    hidden: [8, 6],
    decoder: [5, 7],
    latent: 3,
    activation: 'gelu',
    latentActivation: 'sigmoid',
    scaler: 'robust',
    missing: 'mask',
    members: 3,
    seed: 11,
    epochs: 6,
    optimizer: 'adamw',
    weightDecay: 0.01,
    schedule: { kind: 'cosine', warmup: 2 },
    loss: 'huber',
    l1: 1e-4,
    dropout: 0.1,
    clipNorm: 1,
    corruption: [
      { kind: 'gaussian', sigma: 0.1 },
      { kind: 'swap', rate: 0.1 },
    ],
    sparsity: { kind: 'kl', weight: 0.01, target: 0.2 },
    trim: 0.1,
    validationSplit: 0.1,
    patience: 4,
  };
  const [one, other] = [await train(table, everything), await train(table, { ...everything, sliceMs: 1 })];
  assert.equal(one.fingerprint(), other.fingerprint());
  assert.equal(one.threshold, other.threshold);
});
