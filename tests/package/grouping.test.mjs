// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What detect says about all rows, and findings of many rows with one reason.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { detect, train } from 'anomalens';
import { error, noise, root } from './support.mjs';
import { orders, plainOrders } from './tables.mjs';

/** Four years of weather: of 26 days with snow, 23 have that as their first reason. */
function weather() {
  const text = readFileSync(join(root, 'node_modules/vega-datasets/data/seattle-weather.csv'), 'utf8');
  const [head, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = (name, read) => lines.map((cells) => read(cells[head.indexOf(name)]));
  const numbers = ['precipitation', 'temp_max', 'temp_min', 'wind'].map((name) => [name, column(name, Number)]);
  return { ...Object.fromEntries(numbers), weather: column('weather', String) };
}

test('detect gives scores and flags of all rows, which its findings agree with', async () => {
  for (const options of [{}, { hidden: [8], latent: 2, epochs: 3 }, { contamination: 0.03 }]) {
    const { model, findings, scores, flags } = await detect(plainOrders, { seed: 1, ...options });
    assert.ok(scores instanceof Float32Array && flags instanceof Uint8Array);
    assert.equal(scores.length, plainOrders.length);
    assert.deepEqual(
      flags,
      Uint8Array.from(scores, (score) => (score > model.threshold ? 1 : 0)),
    );
    for (const { row, score, anomaly, rows } of findings) {
      assert.deepEqual([score, anomaly, rows], [scores[row], flags[row] === 1, undefined]);
    }
    assert.equal(findings[0].score, Math.max(...scores));
    model.dispose();
  }
});

test('contamination flags that share of the rows', async () => {
  const count = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
  for (const share of [0.01, 0.1, 0.5]) {
    for (const options of [{}, { hidden: [8], latent: 2, epochs: 3 }]) {
      const { model, flags } = await detect(noise(600, 4), { seed: 1, contamination: share, ...options });
      assert.ok(Math.abs(count(flags) - share * 600) <= 1, `${count(flags)} of 600 for ${share}`);
      model.dispose();
    }
  }
  const { model, flags } = await detect(
    { data: Float32Array.from(noise(50_000, 3).flat()), columns: 3 },
    { contamination: 0.02 },
  );
  assert.ok(Math.abs(count(flags) / 50_000 - 0.02) < 0.004, `${count(flags)}`);
  model.dispose();
  await assert.rejects(detect(plainOrders, { contamination: 0 }), error('BAD_OPTION', /contamination/));
  await assert.rejects(detect(plainOrders, { contamination: 0.6 }), error('BAD_OPTION', /contamination/));
  const both = { contamination: 0.1, threshold: { rule: 'mad' } };
  await assert.rejects(detect(plainOrders, both), error('BAD_OPTION', /one of them/, { option: 'contamination' }));
});

test('the snow days are one finding, which names their rows', async () => {
  const days = weather();
  const one = await detect(days, { seed: 1, top: Infinity });
  const snow = one.findings.filter(({ reasons: [first] }) => first?.feature === 'weather' && first.value === 'snow');
  const { model, findings } = await detect(days, { seed: 1, top: 20, group: true });
  const found = findings.filter(({ reasons: [first] }) => first.feature === 'weather');
  assert.ok(snow.length >= 20);
  assert.equal(found.length, 1);
  assert.deepEqual(
    found[0].rows,
    snow.map(({ row }) => row),
  );
  assert.equal(found[0].row, found[0].rows[0]);
  assert.equal(findings.length, 20);
  for (const [index, { row, rows, score }] of findings.entries()) {
    assert.equal(rows[0], row);
    assert.ok(index === 0 || score <= findings[index - 1].score);
  }
  const all = findings.flatMap(({ rows }) => rows);
  assert.equal(new Set(all).size, all.length, 'a row belongs to one finding');
  one.model.dispose();
  model.dispose();
});

test('numbers of a group lie near each other, and other reasons make other groups', async () => {
  const model = await train(plainOrders, { seed: 1 });
  const faults = [
    { weight: 400 },
    { weight: 402 },
    { weight: 900 },
    { colour: 'mauve' },
    { colour: 'mauve' },
    { colour: 'teal' },
  ];
  const rows = faults.map((fault) => ({ ...plainOrders[3], ...fault }));
  const groups = model.findings([...rows, ...plainOrders.slice(0, 50)], { group: true, top: 4 }).map((one) => one.rows);
  assert.deepEqual(
    groups.map((group) => group.toSorted((a, b) => a - b)).sort((a, b) => a[0] - b[0]),
    [[0, 1], [2], [3, 4], [5]],
  );
  assert.deepEqual(
    await model.findingsAsync(rows, { group: true, top: 4, reasons: 0 }),
    model.findings(rows, { group: true, top: 4, reasons: 0 }),
  );
  assert.equal(model.findings(rows, { group: true, reasons: 1 })[0].reasons.length, 1);
  assert.throws(() => model.findings(rows, { group: 1 }), error('BAD_OPTION', /group must be true or false/));
  model.dispose();
});

test('numbers in findings are written as their columns are', async () => {
  const { model, findings } = await detect(orders, { seed: 1, top: 30 });
  const decimals = { size: 2, note: 1 };
  let seen = 0;
  for (const { reasons } of findings) {
    for (const { feature, value, expected } of reasons) {
      if (!(feature in decimals)) continue;
      for (const number of [value, expected].filter((one) => typeof one === 'number')) {
        assert.equal(number, Number(number.toFixed(decimals[feature])));
        seen++;
      }
    }
  }
  assert.ok(seen > 10);
  model.dispose();
});
