// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The bits that tests/core/fingerprint_test.cpp pins for native builds, here through the package.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, synthetic, train } from 'anomalens';
import { article, articleModel, articleTraining } from './support.mjs';

const smallTable = async (rows = 61) => (await synthetic.article({ seed: 5, rows, normals: 0, anomalies: 0 })).train;
const smallOptions = { hidden: [9, 5], latent: 3, seed: 7 };
const shortTraining = {
  epochs: 20,
  batchSize: 16,
  learningRate: 0.01,
  weightDecay: 1e-4,
  threshold: { rule: 'quantile', q: 0.95 },
};

const pinned = {
  linear: '0bd775e6cc7e60bb',
  relu: 'c43d3d6a893fec9c',
  tanh: '9619a92a3f01cb1f',
  sigmoid: '802b38694f416d00',
  leakyRelu: '2a99372e8fb76ed4',
  elu: '84a028510d2a3f31',
  gelu: 'f925e8f18f95602c',
  softplus: '34911d92b8c1391e',
};

const everyOption = {
  ...smallOptions,
  activation: 'gelu',
  latent: 4,
  decoder: [6, 7],
  latentActivation: 'sigmoid',
  scaler: 'robust',
  missing: 'mask',
  members: 1,
  ...shortTraining,
  epochs: 14,
  optimizer: 'rmsprop',
  momentum: 0.5,
  learningRate: 1e-3,
  schedule: { kind: 'cosine', warmup: 3 },
  loss: 'huber',
  l1: 1e-4,
  dropout: 0.2,
  clipNorm: 0.5,
  corruption: [
    { kind: 'gaussian', sigma: 0.1 },
    { kind: 'mask', rate: 0.1 },
    { kind: 'saltPepper', rate: 0.05 },
    { kind: 'swap', rate: 0.1 },
    { kind: 'scale', sigma: 0.1 },
  ],
  sparsity: { kind: 'kl', weight: 0.1, target: 0.2 },
  clean: false,
  trim: 0.2,
  validationSplit: 0.2,
  patience: 8,
  threshold: { rule: 'conformal', alpha: 0.1 },
};

test('each activation trains to the native bits', async () => {
  const table = await smallTable();
  for (const [activation, fingerprint] of Object.entries(pinned)) {
    const model = await train(table, { ...smallOptions, activation, ...shortTraining });
    assert.equal(model.fingerprint(), fingerprint, activation);
    model.dispose();
  }
});

test('the article’s experiment ends in the native bits', async () => {
  const model = await Autoencoder.create(articleModel);
  await model.fit(article.Xtrain, articleTraining);
  assert.equal(model.fingerprint(), '51bac7f259ef5fed');
});

test('the committee of the defaults ends in the native bits', async () => {
  assert.equal((await train(await smallTable(200))).fingerprint(), 'cedd51ce674db60e');
});

test('a training with every option switched on ends in the native bits', async () => {
  const { data, columns } = await smallTable(90);
  for (let cell = 3; cell < data.length; cell += 7) data[cell] = Number.NaN;
  assert.equal((await train({ data, columns }, everyOption)).fingerprint(), 'de6c3b3c1c6d0419');
  assert.equal((await train({ data, columns }, { ...everyOption, members: 3 })).fingerprint(), '2c4f78927c56f856');
});
