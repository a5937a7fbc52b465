// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the default detector says of a row: reasons and their kinds, numbers as they are written, repairs, anatomy.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { detect, train } from 'anomalens';
import { assertClose, error, noise } from './support.mjs';
import { orders, plainOrders } from './tables.mjs';

let model;
before(async () => {
  model = await train(plainOrders, { seed: 1 });
});

const middling = plainOrders.find(({ size, paid }) => Math.abs(size - 10) < 0.3 && paid);
const by = (reasons, name) => reasons.find(({ feature }) => feature === name);

describe('kinds of reasons', () => {
  test('a value that is common by itself and does not fit the others: relation', () => {
    const [first] = model.explain({ ...middling, weight: 65 });
    assert.deepEqual([first.feature, first.kind, first.value], ['weight', 'relation', 65]);
    assert.ok(Math.abs(first.expected - 50) < 5, `${first.expected}`);
    assert.ok(first.residual > 3);
    const [colour] = model.explain({ ...middling, colour: 'blue' });
    assert.deepEqual([colour.feature, colour.kind, colour.expected], ['colour', 'relation', 'green']);
  });

  test('a value that hardly any training row has: rare', () => {
    const [first] = model.explain({ ...middling, weight: 900 });
    assert.deepEqual([first.feature, first.kind, first.percentile], ['weight', 'rare', 100]);
    assert.ok(first.residual > 10);
    const [low] = model.explain({ ...middling, weight: -900 });
    assert.deepEqual([low.feature, low.percentile], ['weight', 0]);
    assert.ok(low.residual < -10);
  });

  test('percentiles are those of the own column', () => {
    const reasons = model.explain(middling);
    const share = (feature, value) =>
      (100 * plainOrders.filter((order) => order[feature] === value).length) / plainOrders.length;
    assertClose([by(reasons, 'colour').percentile], [share('colour', middling.colour)], 1e-9);
    assertClose([by(reasons, 'paid').percentile], [share('paid', middling.paid)], 1e-9);
    for (const feature of ['colour', 'size']) {
      const gap = by(model.explain({ ...middling, [feature]: null }), feature);
      assert.deepEqual([gap.kind, gap.percentile], ['missing', undefined]);
    }
    const below = plainOrders.filter(({ size }) => size <= middling.size).length / plainOrders.length;
    assert.ok(Math.abs(by(reasons, 'size').percentile - 100 * below) < 2);
  });

  test('shares add up to 1, residuals are the roots of the errors', () => {
    const row = { ...middling, weight: 65 };
    const reasons = model.explain(row);
    assertClose([reasons.reduce((sum, { share }) => sum + share, 0)], [1], 1e-9);
    const errors = model.featureErrors([row]);
    for (const { feature, residual } of reasons)
      assertClose([residual ** 2], [errors[model.features.indexOf(feature)]], 1e-5);
  });

  test('findings give the same reasons as explain', () => {
    const rows = [...plainOrders.slice(0, 50), { ...middling, weight: 900 }];
    const [first] = model.findings(rows, { top: 1, reasons: 2 });
    assert.equal(first.row, 50);
    assert.deepEqual(first.reasons, model.explain(rows[50]).slice(0, 2));
  });
});

describe('numbers are written as their column is', () => {
  const decimals = (number) => `${number}`.split('.')[1]?.length ?? 0;

  test('with as many decimals as the training cells had, of any form of table', async () => {
    const cents = noise(200, 2).map(([a, b]) => [Math.round(a * 1e4) / 100, Math.round(1e6 * a + 1e4 * b)]);
    for (const table of [
      cents,
      { data: Float64Array.from(cents.flat()), columns: 2 },
      { data: Float32Array.from(cents.flat()), columns: 2 },
    ]) {
      for (const options of [{}, { hidden: [4], latent: 1, epochs: 20 }]) {
        const written = await train(table, options);
        const reasons = written.explain([50.25, -3e5]);
        assert.ok(decimals(by(reasons, 'f1').expected) <= 2, `${by(reasons, 'f1').expected}`);
        assert.equal(decimals(by(reasons, 'f2').expected), 0, `${by(reasons, 'f2').expected}`);
        assert.ok(decimals(written.repair([50.25, -3e5]).to) <= 2);
        assert.equal(by(reasons, 'f1').value, 50.25);
      }
    }
  });

  test('a float32 is told as the short number that it stands for', async () => {
    const data = Float32Array.from(noise(60, 2).flat(), (cell) => Math.round(cell * 10) / 10);
    const single = await train({ data, columns: 2 });
    const [first] = single.findings({ data: Float32Array.of(0.1, 77.7), columns: 2 });
    assert.deepEqual(first.reasons.map(({ value }) => value).sort(), [0.1, 77.7]);
    assert.ok(first.reasons.every(({ expected }) => decimals(expected) <= 1));
  });

  test('cells that need all digits are left as they are; tiny and huge ones keep their size', async () => {
    const rows = noise(100, 3).map(([a, b, c]) => [a / 3, Number((b * 1e-9).toPrecision(3)), Math.round(c * 9) * 1e20]);
    const reasons = (await train(rows)).explain(rows[0]);
    assert.ok(decimals(by(reasons, 'f1').expected) > 6);
    assert.notEqual(by(reasons, 'f2').expected, 0);
    assert.ok(Math.abs(by(reasons, 'f2').expected) < 2e-9);
    assert.ok(Number.isFinite(by(reasons, 'f3').expected));
  });
});

describe('repairs', () => {
  const broken = { size: 6.5, weight: 65, colour: 'red', paid: true };

  test('one change by default, with its step', () => {
    const repair = model.repair({ ...middling, weight: 900 });
    assert.deepEqual([repair.feature, repair.from], ['weight', 900]);
    assert.ok(Math.abs(repair.to - 50) < 8);
    const { feature, from, to, score } = repair;
    assert.deepEqual(repair.steps, [{ feature, from, to, score }]);
    assert.equal(repair.normal, score <= model.threshold);
  });

  test('more changes until the row is ordinary, the one that helps most first', () => {
    const row = { ...middling, weight: 900, paid: 'perhaps' };
    const repair = model.repair(row, { most: Infinity });
    assert.ok(repair.normal);
    assert.deepEqual(repair.steps.map(({ feature }) => feature).sort(), ['paid', 'weight']);
    assert.equal(repair.score, repair.steps.at(-1).score);
    const [before, first, second] = [model.score([row])[0], ...repair.steps.map(({ score }) => score)];
    assert.ok(before > first && first > second);
    const changes = Object.fromEntries(repair.steps.map(({ feature, to }) => [feature, to]));
    assert.deepEqual([...model.predict([{ ...row, ...changes }])], [0]);
    assert.deepEqual(model.repair(row, { most: 1 }).steps, repair.steps.slice(0, 1));
    assert.ok(model.repair(broken, { most: 3 }).steps.length <= 3);
  });

  test('an ordinary row has nothing to repair', () => {
    const repair = model.repair(middling);
    assert.deepEqual([repair.steps, repair.normal, repair.to], [[], true, repair.from]);
    assert.equal(repair.score, model.score([middling])[0]);
  });

  test('a gap is filled in one step, a constant put back', async () => {
    const full = await train(orders, { seed: 1 });
    const order = orders.find(({ note }) => note !== null);
    const gap = full.repair({ ...order, size: null }, { most: Infinity });
    assert.deepEqual([gap.feature, gap.from], ['size', null]);
    assert.equal(typeof gap.to, 'number');
    assert.equal(new Set(gap.steps.map(({ feature }) => feature)).size, gap.steps.length);
    assert.equal(full.repair({ ...order, branch: 9 }).to, 7);
  });

  test('single nets take several steps, too', async () => {
    const net = await train(plainOrders, { hidden: [8], latent: 2, epochs: 60, seed: 1 });
    const row = { ...middling, weight: 900, colour: 'blue' };
    const one = net.repair(row);
    const all = net.repair(row, { most: 4 });
    assert.deepEqual(all.steps[0], one.steps[0]);
    assert.equal(one.feature, 'weight');
    assert.ok(all.score <= one.score);
  });

  test('how many is checked', () => {
    for (const most of [0, 1.5, '2'])
      assert.throws(() => model.repair(middling, { most }), error('BAD_OPTION', /most/, { option: 'most' }));
    assert.throws(() => model.repair(middling, { top: 2 }), error('BAD_OPTION', /'top'/));
  });
});

describe('anatomy', () => {
  const sum = ({ terms, departures }) => Object.values(terms).reduce((total, { points }) => total + points, departures);

  test('adds up to the score', async () => {
    const full = await train(orders, { seed: 1 });
    const { model: dirty } = await detect(plainOrders, { seed: 1 });
    for (const [judge, rows] of [
      [model, [middling, { ...middling, weight: 900 }, { ...middling, colour: 'violet' }]],
      [full, [orders[0], { ...orders[1], branch: 3 }, { ...orders[2], size: null }]],
      [dirty, [middling, { ...middling, weight: 900 }]],
    ]) {
      for (const row of rows) {
        const anatomy = judge.anatomy(row);
        assertClose([anatomy.score], [judge.score([row])[0]], 1e-6, 1);
        assertClose([sum(anatomy)], [anatomy.score], 1e-6, 1);
        assert.equal('distance' in anatomy.terms, judge.rowsInside > 0);
      }
    }
    assert.ok(full.anatomy({ ...orders[1], branch: 3 }).departures > 0);
    assert.equal(full.anatomy(orders[0]).departures, 0);
  });

  test('tells what every feature brings', () => {
    const { features } = model.anatomy({ ...middling, weight: 900 });
    assert.deepEqual(
      features.map(({ feature }) => feature),
      ['size', 'weight', 'colour', 'paid'],
    );
    const heaviest = features.reduce((a, b) => (b.free > a.free ? b : a));
    assert.equal(heaviest.feature, 'weight');
    assert.ok(heaviest.rarity > 2);
    assert.ok(features.every(({ free, trimmed }) => free === trimmed));
  });

  test('is the default detector’s', async () => {
    const net = await train(noise(30, 3), { hidden: [4], latent: 2, epochs: 2 });
    assert.throws(
      () => net.anatomy([1, 2, 3]),
      error('BAD_OPTION', /Only the default detector/, { option: 'members' }),
    );
  });
});
