// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The bits that tests/core/fingerprint_test.cpp pins for native builds, here through the package.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Autoencoder, synthetic, train } from 'anomalens';
import { article, articleModel, articleTraining } from './support.mjs';

const pins = JSON.parse(readFileSync(new URL('../data/fingerprints.json', import.meta.url), 'utf8'));
const { smallOptions, shortTraining, everyOption } = pins;
const smallTable = async (rows = 61) => (await synthetic.article({ seed: 5, rows, normals: 0, anomalies: 0 })).train;

test('each activation trains to the native bits', async () => {
  const table = await smallTable();
  for (const [activation, fingerprint] of Object.entries(pins.activations)) {
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
  assert.equal((await train(await smallTable(200))).fingerprint(), pins.committee);
});

test('a training with every option switched on ends in the native bits', async () => {
  const { data, columns } = await smallTable(90);
  for (let cell = 3; cell < data.length; cell += 7) data[cell] = Number.NaN;
  assert.equal((await train({ data, columns }, everyOption)).fingerprint(), pins.everyOptionPin);
  assert.equal(
    (await train({ data, columns }, { ...everyOption, members: 3, scaler: 'standard' })).fingerprint(),
    pins.everyOptionThreePin,
  );
});
