// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEveryBrowser } from './harness.mjs';

const trained = '#steps=1000000&guess=shown&lang=en';

await inEveryBrowser((open) => {
  test('the page opens untrained and paused, with data drawn and something to press', async () => {
    const reader = await open('#lang=en');
    assert.equal(await reader.attribute('html', 'data-phase'), 'untrained');
    assert.equal(await reader.text('#play'), 'Train');
    assert.equal(await reader.text('#progress'), 'epoch 0 of 60, seed 42');
    assert.match(await reader.text('#rows .reading'), /has seen nothing yet.*60 normal rows.*20 anomalies/);
    const inked = await reader.page.$$eval('.scatter canvas', (canvases) =>
      canvases.map((canvas) =>
        canvas
          .getContext('2d')
          .getImageData(0, 0, canvas.width, canvas.height)
          .data.some((byte) => byte > 0),
      ),
    );
    assert.deepEqual(inked, [true, true]);
    await reader.close();
  });

  test('training goes to the last epoch and the error of normal rows falls', async () => {
    const reader = await open('#lang=en');
    await reader.show('#learning');
    const before = await errorOfNormals(reader);
    await reader.train();
    assert.equal(await reader.text('#progress'), 'epoch 60 of 60, seed 42');
    assert.ok((await errorOfNormals(reader)) < before / 2);
    assert.equal(await reader.text('#play'), 'Once more');
    await reader.close();
  });

  test('nothing complains and nothing is requested once the page is there', async () => {
    const reader = await open('#lang=en');
    const loaded = reader.requests.length;
    assert.ok(loaded >= 3);
    await reader.train();
    await reader.press('[data-language="ru"]');
    await reader.choose('#theme', 'dark');
    await reader.press('.tries button');
    await reader.reach('done');
    assert.deepEqual(reader.requests.slice(loaded), []);
    assert.deepEqual(reader.complaints, []);
    await reader.close();
  });

  test('training can be paused, continued by an epoch, and reset with the same seed', async () => {
    const reader = await open('#lang=en&seed=7&epochs=1000');
    const first = await reader.fingerprint();
    await reader.page.click('#play');
    await reader.reach('running');
    await reader.press('#play');
    await reader.reach('paused');
    const stopped = await reader.text('#progress');
    await reader.settle();
    assert.equal(await reader.text('#progress'), stopped);
    await reader.press('#step');
    assert.equal(epochOf(await reader.text('#progress')), epochOf(stopped) + 1);
    assert.notEqual(await reader.fingerprint(), first);
    await reader.press('#reset');
    await reader.reach('untrained');
    assert.equal(await reader.page.$eval('#set-seed', (input) => input.value), '7');
    assert.equal(await reader.fingerprint(), first);
    await reader.close();
  });

  test('another seed gives other rows and another model', async () => {
    const reader = await open(trained);
    const first = await reader.fingerprint();
    await reader.page.$eval('#rows .controls', (details) => {
      details.open = true;
    });
    await reader.press('#dice');
    await reader.reach('done');
    assert.notEqual(await reader.page.$eval('#set-seed', (input) => input.value), '42');
    assert.notEqual(await reader.fingerprint(), first);
    await reader.close();
  });

  test('the threshold can be dragged, and the table follows it', async () => {
    const reader = await open(trained);
    await reader.show('.histogram');
    const before = { threshold: await reader.threshold(), cells: await reader.cells('.confusion') };
    const box = await (await reader.page.$('.threshold circle')).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await reader.page.mouse.move(x, y);
    await reader.page.mouse.down();
    for (let moved = 20; moved <= 120; moved += 20) await reader.page.mouse.move(x - moved, y);
    await reader.page.mouse.up();
    await reader.settle();
    assert.ok((await reader.threshold()) < before.threshold / 2);
    const cells = await reader.cells('.confusion');
    assert.ok(Number(cells[1][2]) > Number(before.cells[1][2]), 'a lower threshold raises more false alarms');
    assert.match(await reader.hash(), /threshold=0\.\d+/);
    await reader.press('#threshold-auto');
    assert.equal(await reader.threshold(), before.threshold);
    await reader.close();
  });

  test('the threshold moves by keys on the line and on the slider under it', async () => {
    const reader = await open(trained);
    await reader.show('.histogram');
    const start = await reader.threshold();
    await reader.focus('.threshold');
    await reader.keys('ArrowRight', 'ArrowRight');
    const byLine = await reader.threshold();
    assert.ok(byLine > start);
    await reader.focus('#threshold-range');
    await reader.keys('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    assert.ok((await reader.threshold()) < byLine);
    await reader.focus('.threshold');
    await reader.keys('End');
    const cells = await reader.cells('.confusion');
    assert.deepEqual(
      cells.map((row) => row[2]),
      ['0', '0', '0'],
      'nothing is above the highest threshold',
    );
    await reader.close();
  });

  test('a click on a mark in a figure tells what is wrong with its row', async () => {
    const reader = await open(trained);
    await reader.show('.histogram');
    const box = await (await reader.page.$('.histogram')).boundingBox();
    const mark = await reader.page.$eval('.histogram canvas', rightmostMark);
    await reader.page.mouse.click(box.x + mark.x, box.y + mark.y);
    await reader.settle();
    assert.match(await reader.hash(), /row=\d+/);
    await reader.show('#reasons');
    assert.match(await reader.text('#reasons .reading'), /^Row \d+ \(anomaly\): error .*the model expected/);
    const features = await reader.cells('.features');
    assert.deepEqual(
      features.map((row) => row[0]),
      ['f1', 'f2', 'f3', 'f4'],
    );
    await reader.close();
  });

  test('the list of suspects leads with the largest error and selects by a press', async () => {
    const reader = await open(trained);
    await reader.show('#reasons');
    const errors = (await reader.page.$$eval('.suspects button', (all) => all.map((one) => one.textContent))).map(
      (text) => Number(text.match(/error ([\d.]+)/)[1]),
    );
    assert.deepEqual(
      errors,
      errors.toSorted((a, b) => b - a),
    );
    await reader.press('.suspects li:nth-child(3) button');
    assert.equal(await reader.attribute('.suspects li:nth-child(3) button', 'aria-pressed'), 'true');
    await reader.press('#stranger');
    assert.equal(await reader.attribute('.suspects li:nth-child(2) button', 'aria-pressed'), 'true');
    await reader.close();
  });

  test('the false alarms stay covered until the reader has guessed', async () => {
    const reader = await open('#steps=1000000&lang=en');
    await reader.show('#errors');
    assert.deepEqual((await reader.cells('.confusion'))[1].slice(1), ['?', '?', '?']);
    await reader.press('[data-guess="promised"]');
    assert.match(
      await reader.text('#guess-answer'),
      /^(You were right|Not this time)\. Promised 5%, measured [\d.]+%: \d+ of 60/,
    );
    await reader.show('#errors');
    const [, below, above] = (await reader.cells('.confusion'))[1];
    assert.equal(Number(below) + Number(above), 60);
    await reader.close();
  });

  test('a model that cannot be loaded is said so, and loading can be tried again', async () => {
    let isBroken = true;
    const reader = await open('#lang=en', undefined, async (page) => {
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (isBroken && request.url().includes('worker')) request.abort();
        else request.continue();
      });
    });
    assert.equal(await reader.attribute('html', 'data-phase'), 'broken');
    assert.match(await reader.text('#failure p'), /did not load.*WebAssembly/);
    assert.equal(await reader.page.$eval('#play', (button) => button.disabled), true);
    isBroken = false;
    await reader.press('#failure button');
    await reader.reach('untrained');
    assert.equal(await reader.attribute('#failure', 'hidden'), '');
    await reader.train();
    await reader.close();
  });

  test('settings change the run: weaker anomalies are caught less often', async () => {
    const reader = await open(trained);
    await reader.show('#errors');
    const caught = async () => Number((await reader.cells('.confusion'))[2][2]);
    const strong = await caught();
    await reader.press('.tries li:nth-child(1) button');
    await reader.reach('done');
    await reader.show('#errors');
    assert.ok((await caught()) < strong);
    await reader.close();
  });
});

const epochOf = (progress) => Number(progress.match(/epoch (\d+)/)[1]);

async function errorOfNormals(reader) {
  await reader.show('#rows');
  return Number((await reader.text('#rows .reading')).match(/error is ([\d.]+) for 60/)[1]);
}

/** Where, in CSS pixels, the rightmost orange pixel of a figure is. */
function rightmostMark(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const scale = canvas.clientWidth / width;
  for (let x = width - 1; x > 0; x--) {
    for (let y = 0; y < height; y++) {
      const i = 4 * (y * width + x);
      if (data[i + 3] > 128 && data[i] > data[i + 2] + 60) return { x: x * scale - 2, y: y * scale };
    }
  }
  throw new Error('The figure shows no anomaly.');
}
