// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../bindings/tools/shared/places.mjs';
import { inEveryBrowser } from './harness.mjs';

const { Autoencoder, synthetic } = await import(pathToFileURL(join(root, 'dist/index.js')));

await inEveryBrowser((open) => {
  test('an address opened anew gives the same state, the same numbers and the same weights', async () => {
    const reader = await open('#lang=en&seed=11&rows=100&latent=1&strength=0.5&kinds=shift,scale&epochs=100');
    await reader.train();
    await reader.show('#errors');
    await reader.focus('.threshold');
    await reader.keys('PageUp');
    await reader.press('[data-guess="more"]');
    await reader.press('.suspects li:nth-child(2) button');
    const before = await everything(reader);
    await reader.page.reload();
    await reader.reach('done');
    assert.deepEqual(await everything(reader), before);
    await reader.close();
  });

  test('a run left in the middle is found in the middle', async () => {
    const reader = await open('#lang=en&epochs=1000&rows=400');
    await reader.press('#step');
    await reader.press('#step');
    const before = await everything(reader);
    await reader.page.reload();
    await reader.reach('paused');
    assert.equal(await reader.text('#progress'), 'epoch 2 of 1,000, seed 42');
    assert.deepEqual(await everything(reader), before);
    await reader.close();
  });

  test('the weights are those the package has in Node, bit for bit', async () => {
    const reader = await open('#lang=en&seed=5&steps=1000000');
    assert.equal(await reader.fingerprint(), await fingerprintInNode(5));
    await reader.close();
  });

  test('what a link asks too much or wrongly is set right, with a notice', async () => {
    const reader = await open('#lang=en&latent=99&rate=fast&colour=red');
    assert.equal(await reader.attribute('#notice', 'hidden'), null);
    assert.match(await reader.text('#notice span'), /latent=99, rate=fast, colour/);
    assert.equal(await reader.attribute('#set-latent', 'aria-valuetext'), '8');
    assert.equal(await reader.attribute('#set-rate', 'aria-valuetext'), '10⁻³');
    await reader.press('#notice button');
    assert.equal(await reader.attribute('#notice', 'hidden'), '');
    await reader.close();
  });

  test('language changes without a reload and keeps the run', async () => {
    const reader = await open('#lang=en&steps=1000000&row=61&guess=shown');
    const before = await reader.fingerprint();
    const loaded = reader.requests.length;
    await reader.press('[data-language="ru"]');
    assert.equal(await reader.attribute('html', 'lang'), 'ru');
    assert.match(await reader.text('h1'), /^Автоэнкодер/);
    assert.equal(await reader.fingerprint(), before);
    assert.equal(reader.requests.length, loaded);
    assert.deepEqual(await words(reader, /[a-z]{4,}/gi), ['English']);
    await reader.press('[data-language="en"]');
    assert.deepEqual(await words(reader, /[а-яё]+/gi), ['Русский']);
    await reader.close();
  });

  test('dark and light can be chosen, and the choice is in the address', async () => {
    const reader = await open('#lang=en');
    const paper = () => reader.page.$eval('html', (html) => getComputedStyle(html).backgroundColor);
    await reader.choose('#theme', 'light');
    const light = await paper();
    await reader.choose('#theme', 'dark');
    assert.notEqual(await paper(), light);
    assert.match(await reader.hash(), /theme=dark/);
    await reader.close();
  });
});

/** All that a reader could compare: address, readings, tables, fingerprint. */
async function everything(reader) {
  const seen = {};
  for (const selector of ['#rows', '#errors', '#reasons', '#guess', '#run']) {
    await reader.show(selector);
    seen[selector] = await reader.text(selector);
  }
  return { ...seen, hash: await reader.hash(), threshold: await reader.threshold() };
}

/** The words of a script on the page, apart from the name above it and the fingerprint below. */
async function words(reader, script) {
  const text = await reader.page.$$eval('.choices button, main > :not(.closing)', (all) =>
    all.map((one) => one.innerText).join(' '),
  );
  return text.match(script) ?? [];
}

async function fingerprintInNode(seed) {
  const { train } = await synthetic.article({ seed, rows: 200, normals: 60, anomalies: 20 });
  const model = await Autoencoder.create({
    hidden: [16],
    latent: 2,
    activation: 'relu',
    seed,
    compatibility: 'pytorch',
  });
  await model.fit(train, { epochs: 60, batchSize: 32, learningRate: 1e-3, weightDecay: 1e-5 });
  const fingerprint = model.fingerprint();
  model.dispose();
  return fingerprint;
}
