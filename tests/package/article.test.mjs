// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The article's experiment through the package, against PyTorch's own numbers.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Autoencoder, score } from 'anomalens';
import { article, articleModel, articleTraining, assertClose, golden, root, run } from './support.mjs';

/** Weights near 0 are compared on the scale of a typical one. */
const weightFloor = 0.1;

const names = ['encoder.0', 'encoder.2', 'decoder.0', 'decoder.2'];

let model;
let report;
before(async () => {
  model = await Autoencoder.create(articleModel);
  report = await model.fit(article.Xtrain, articleTraining);
});

test('the first weights are those that PyTorch draws, bit for bit', async () => {
  const fresh = await Autoencoder.create(articleModel);
  fresh.trainer(article.Xtrain, articleTraining);
  fresh.layers().forEach(({ weights, bias }, index) => {
    assert.deepEqual([...weights], golden.init[`${names[index]}.weight`].flat());
    assert.deepEqual([...bias], golden.init[`${names[index]}.bias`]);
  });
  fresh.dispose();
});

test('the loss of every epoch is PyTorch’s within 1e-5', () => {
  assert.equal(report.epochs, 60);
  assert.equal(report.stopped, 'epochs');
  assertClose(report.loss, golden.epoch_loss);
});

test('the final weights are PyTorch’s within 1e-5', () => {
  const layers = model.layers();
  assert.deepEqual(
    layers.map(({ inputs, outputs, activation }) => [inputs, outputs, activation]),
    [
      [4, 16, 'relu'],
      [16, 2, 'linear'],
      [2, 16, 'relu'],
      [16, 4, 'linear'],
    ],
  );
  layers.forEach(({ weights, bias }, index) => {
    assertClose(weights, golden.final[`${names[index]}.weight`].flat(), 1e-5, weightFloor);
    assertClose(bias, golden.final[`${names[index]}.bias`], 1e-5, weightFloor);
  });
});

test('the errors of all rows are PyTorch’s within 1e-5', () => {
  assertClose(model.score(article.Xtrain), golden.train_err);
  assertClose(score(model, article.Xtest), golden.test_err);
});

test('the threshold and every verdict are the article’s', () => {
  assertClose([model.threshold], [golden.threshold]);
  assert.equal(report.threshold, model.threshold);
  assert.deepEqual([...model.predict(article.Xtest)], golden.pred);
});

test('the scaler is scikit-learn’s', () => {
  const { center, scale } = model.toJSON();
  assertClose(center, golden.mean, 1e-12);
  assertClose(scale, golden.scale, 1e-12);
});

test('the demo prints the threshold and the crosstab', async () => {
  const printed = await run(process.execPath, ['bindings/examples/article.mjs'], { cwd: root });
  assert.match(printed, /Threshold\s+0\.355935\b/);
  assert.match(printed, /normal\s+55\s+5\nanomaly\s+0\s+20\n/);
  for (const loss of ['0.804034', '0.585251', '0.438905', '0.221094', '0.135020', '0.124923']) {
    assert.ok(printed.includes(loss), `the loss ${loss} is missing`);
  }
  const ranked = [...printed.matchAll(/^\s*(\d+)\s+\d+\.\d{4}\s+(?:normal|anomaly)/gm)].map(([, row]) => Number(row));
  assert.deepEqual(ranked, [66, 76, 64, 74, 69, 70, 61, 65, 63, 60]);
});
