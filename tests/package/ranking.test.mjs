// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// detect() ranks the rows it learned from by the scores of nets that did not see them; the report has these scores.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, noise } from './support.mjs';
import { orders, plainOrders } from './tables.mjs';

const reportOf = async (rows, options, seed = 3) => {
  const model = await Autoencoder.create({ seed });
  return { model, report: await model.fit(rows, options) };
};

test('findings of detect are the out-of-bag scores of the report, with verdicts and p-values of the same', async () => {
  const { model, findings } = await detect(plainOrders, { seed: 3, top: Infinity });
  const { report, model: same } = await reportOf(plainOrders, { clean: false });
  assert.equal(model.fingerprint(), same.fingerprint());
  assert.equal(report.scores.length, plainOrders.length);
  assert.deepEqual([...report.scoredRows], [...plainOrders.keys()]);
  assert.equal(report.calibrationRows, plainOrders.length);
  assert.notDeepEqual(report.scores, model.score(plainOrders));
  const order = [...report.scores.keys()].sort((a, b) => report.scores[b] - report.scores[a] || a - b);
  assert.deepEqual(
    findings.map(({ row }) => row),
    order,
  );
  const calibration = report.scores;
  for (const { row, score, anomaly, pValue } of findings.slice(0, 60)) {
    assert.equal(score, report.scores[row]);
    assert.equal(anomaly, score > model.threshold);
    const expected = (1 + calibration.filter((c) => c >= score).length) / (1 + calibration.length);
    assert.ok(Math.abs(pValue - expected) < 1e-12);
  }
});

test('of more than 20,000 rows a sample has such scores, all others are judged by all nets', async () => {
  const rows = { data: Float32Array.from(noise(30_000, 3).flat()), columns: 3 };
  const { report } = await reportOf(rows, { clean: false, epochs: 1 });
  assert.equal(report.scores.length, 20_000);
  const { model, findings } = await detect(rows, { seed: 3, epochs: 1, top: 30_000 - 1 });
  const scores = model.score(rows);
  report.scoredRows.forEach((row, index) => {
    scores[row] = report.scores[index];
  });
  for (const { row, score } of findings.slice(0, 500)) assert.equal(score, scores[row]);
  assert.equal(
    findings[0].score,
    scores.reduce((a, b) => Math.max(a, b)),
  );
});

test('the report names the rule, the columns that were left out and the rows that are kept', async () => {
  const { report, model } = await reportOf(orders);
  assert.deepEqual([report.rule, report.skipped, model.rowsInside], ['outOfBag', ['id'], 512]);
  const { report: dirty, model: judge } = await reportOf(plainOrders, { clean: false });
  assert.deepEqual([dirty.rule, dirty.skipped, judge.rowsInside], ['exponential', [], 0]);
  assert.equal(judge.layers().length, 18 * 4);
  const net = await Autoencoder.create({ hidden: [4], latent: 2 });
  const plain = await net.fit(plainOrders, { epochs: 1 });
  assert.deepEqual([plain.skipped, plain.scores, net.rowsInside, net.skipped], [[], undefined, 0, []]);
});

test('rules that are asked for are taken from the out-of-bag scores', async () => {
  const { report, model } = await reportOf(plainOrders, { threshold: { rule: 'contamination', share: 0.1 } });
  assert.equal(report.rule, 'contamination');
  assert.equal(report.scores.filter((score) => score > model.threshold).length, 90);
  await assert.rejects(train(plainOrders, { threshold: { rule: 'outOfBag' } }), error('BAD_OPTION', /threshold.rule/));
});

test('neighbours: how many rows are kept, and none if one likes', async () => {
  const prints = new Set();
  for (const [neighbours, inside] of [
    [0, 0],
    [100, 100],
    [undefined, 512],
    [4096, 869],
  ]) {
    const { model } = await reportOf(plainOrders, { neighbours });
    assert.equal(model.rowsInside, inside);
    assert.equal(model.toJSON().rowsInside, inside);
    prints.add(model.score(plainOrders).join());
  }
  assert.equal(prints.size, 4);
  await assert.rejects(
    train(plainOrders, { neighbours: 5000 }),
    error('BAD_OPTION', /neighbours must be from 0 to 4096/),
  );
  await assert.rejects(train(plainOrders, { neighbours: -1 }), error('BAD_OPTION', /neighbours/));
});

test('detect finds what was planted among mixed rows', async () => {
  const rows = plainOrders.map((order) => ({ ...order }));
  rows[17].weight = 900;
  rows[93].colour = 'violet';
  rows[188] = { ...rows[188], size: 6.2, weight: 69 };
  const { findings } = await detect(rows, { top: 3 });
  assert.deepEqual(
    findings.map(({ row }) => row).sort((a, b) => a - b),
    [17, 93, 188],
  );
  assert.deepEqual(findings.find(({ row }) => row === 17).reasons[0].feature, 'weight');
  assert.deepEqual(findings.find(({ row }) => row === 93).reasons[0].feature, 'colour');
});

test('detect reads every cell once, whether it is trained on, judged or told', async () => {
  const cells = noise(20_400, 2, 9);
  const reads = new Uint32Array(cells.length);
  const rows = cells.map(([a, b], row) => ({
    get a() {
      reads[row]++;
      return a;
    },
    b,
  }));
  const { findings } = await detect(rows, { seed: 1, clean: false, top: 3 });
  assert.deepEqual([...new Set(reads)], [1]);
  assert.deepEqual(
    findings.map(({ row, reasons: [{ feature, value }] }) => value === cells[row][feature === 'a' ? 0 : 1]),
    [true, true, true],
  );
});
