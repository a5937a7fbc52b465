// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The default detector takes the columns of a table as they are: numbers, texts, yes or no, gaps, constants, identifiers.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, noise } from './support.mjs';
import { orders, plainOrders } from './tables.mjs';

let model;
before(async () => {
  model = await train(orders, { seed: 1 });
});

const names = ['id', 'size', 'weight', 'colour', 'paid', 'note', 'branch'];

test('a feature is a column of the caller, whatever it holds', () => {
  const taken = names.filter((name) => name !== 'id');
  assert.deepEqual(model.features, taken);
  assert.deepEqual(model.columns, taken);
  assert.equal(model.featureErrors(orders).length, orders.length * taken.length);
  assert.equal(model.reconstruct(orders).length, orders.length * taken.length);
});

test('identifiers are left out and named, and cost the file nothing', () => {
  assert.deepEqual(model.skipped, ['id']);
  const renamed = orders.map((order) => ({ ...order, id: 'another' }));
  assert.deepEqual(model.score(renamed), model.score(orders));
  assert.ok(!JSON.stringify(model).includes('order 17'));
  assert.ok(model.explain(orders[0]).every(({ feature }) => feature !== 'id'));
});

test('many values that are about equally frequent raise no alarms, and a new one does', async () => {
  const rows = noise(3000, 3, 5).map(([amount, weight, shop]) => ({
    amount,
    weight,
    shop: `shop ${Math.floor(125 * (shop + 1))}`,
  }));
  const { model: ranked } = await detect(rows, { seed: 1 });
  assert.ok(ranked.predict(rows).filter(Boolean).length <= 300);
  const ordinary = await train(rows, { seed: 1 });
  const strange = rows.slice(0, 200).map((row) => ({ ...row, shop: 'no such shop' }));
  assert.ok(ordinary.predict(strange).filter(Boolean).length >= 180);
});

test('a repair is judged by what it says, rounded as the column is', async () => {
  const written = noise(400, 2, 3).map(([a, b]) => ({ a: +(3 * a).toFixed(1), b: +(6 * a + 0.1 * b).toFixed(2) }));
  const rounded = await train(written, { seed: 1 });
  for (let row = 0; row < 40; row++) {
    const { steps, score, normal } = rounded.repair({ ...written[row], a: 5.2 }, { most: 2 });
    const repaired = Object.fromEntries(steps.map(({ feature, to }) => [feature, to]));
    const [again] = rounded.score([{ ...written[row], a: 5.2, ...repaired }]);
    assert.equal(score, again);
    assert.equal(normal, !(again > rounded.threshold));
  }
});

/** Gaps mostly come together; `a` and `b` follow `x`, `c` and `k` tell its half. */
function correlatedGaps() {
  let state = 452_031_296;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return Array.from({ length: 300 }, () => {
    const t = next() * 4;
    const together = next() < 0.15;
    const gap = () => (together && next() < 0.97) || next() < 0.02;
    return {
      x: t + next() * 0.1,
      a: gap() ? null : t * 2 + next() * 0.1,
      b: gap() ? null : -t + next() * 0.1,
      c: gap() ? null : t > 2 ? 'p' : 'q',
      k: t > 2 ? 'hi' : 'lo',
    };
  });
}

test('a repair leaves no row stranger than it was, also with fewer steps than the row has gaps', async () => {
  const gappy = await train(correlatedGaps(), { seed: 1 });
  for (const row of [
    { x: 2.297220230102539, a: null, b: null, c: 'q', k: 'lo' },
    { x: 2.217437744140625, a: null, b: -2.2292861938476562, c: null, k: 'lo' },
  ]) {
    const [before] = gappy.score([row]);
    for (const most of [1, 2, 3]) assert.ok(gappy.repair(row, { most }).score <= before, `most ${most}`);
  }
});

test('a table of nothing but identifiers is refused, in words', async () => {
  const table = { id: orders.map(({ id }) => id) };
  await assert.rejects(train(table), error('SHAPE', /every column is left out.*"id".*as identifiers are/));
  const empty = { ...table, note: orders.map(() => null) };
  await assert.rejects(train(empty), error('SHAPE', /"id".*as identifiers are.*"note" \(there is nothing in it/));
});

test('columns by name, and records in any order of their names, give the same bits', async () => {
  const byColumn = Object.fromEntries(names.map((name) => [name, orders.map((order) => order[name])]));
  const other = await train(byColumn, { seed: 1 });
  assert.equal(other.fingerprint(), model.fingerprint());
  assert.deepEqual(other.score(orders), model.score(byColumn));
  const turned = orders.map((order) => Object.fromEntries(Object.entries(order).reverse()));
  assert.deepEqual(model.score(turned), model.score(orders));
});

test('the order of the rows decides about no code: texts are sorted by code points', async () => {
  const texts = ['\u{1F600}', '\uFF21', 'a', 'B', 'é'];
  const table = noise(60, 1).map(([x], row) => ({ x, text: texts[row % 5] }));
  const other = await train(table);
  assert.deepEqual(other.toJSON().features[1].categories, ['B', 'a', 'é', '\uFF21', '\u{1F600}']);
});

test('a value that the training rows did not have makes a row stranger', () => {
  const known = orders.slice(0, 100);
  const fresh = known.map((order) => ({ ...order, colour: 'violet' }));
  const [before, after] = [model.score(known), model.score(fresh)];
  assert.ok(after.every((score, row) => score > before[row]));
  assert.ok(model.predict(fresh).every((flag) => flag === 1));
  const [first] = model.explain(fresh[0]);
  assert.deepEqual([first.feature, first.kind, first.value, first.percentile], ['colour', 'unseen', 'violet', 0]);
});

test('a text in a column of numbers, and the reverse, name their cell', () => {
  assert.throws(() => model.score([{ ...orders[0], size: 'big' }]), error('SHAPE', /"size".*"big"/, { column: 0 }));
  assert.throws(() => model.score([{ ...orders[0], colour: 3 }]), error('SHAPE', /"colour".*3/, { column: 2 }));
  assert.throws(() => model.score([{ ...orders[0], size: Infinity }]), error('NON_FINITE', /"size".*Infinity/));
});

test('more different texts than a single net could take are a category like any other', async () => {
  const table = Array.from({ length: 6000 }, (_, row) => ({ text: `t${row % 1500}`, x: Math.sin(row), y: row % 7 }));
  const many = await train(table, { epochs: 1 });
  assert.deepEqual(many.skipped, []);
  assert.equal(many.explain({ ...table[0], text: 'new' }).find(({ feature }) => feature === 'text').kind, 'unseen');
});

describe('gaps', () => {
  test('are learned: one in a column that had none is strange, one in a column that had some is less so', () => {
    const order = orders.find(({ note }) => note !== null);
    const score = (change) => model.score([{ ...order, ...change }])[0];
    assert.ok(score({ size: null }) > model.threshold);
    assert.ok(score({ note: null }) < score({ size: null }));
    assert.ok(Number.isFinite(score(Object.fromEntries(names.map((name) => [name, null])))));
    const [first] = model.explain({ ...order, size: undefined });
    assert.deepEqual([first.feature, first.kind, first.value, first.residual], ['size', 'missing', null, 0]);
    assert.equal(first.percentile, undefined);
    assert.equal(typeof first.expected, 'number');
  });

  test('of texts are a value of their own', async () => {
    const holes = plainOrders.map((order, row) => ({ ...order, colour: row % 5 === 0 ? null : order.colour }));
    const holed = await train(holes);
    assert.ok(holed.score(holes).every(Number.isFinite));
    assert.ok(holed.predict(holes).filter((flag) => flag === 1).length < 90);
  });

  test('in flat tables and rows of numbers are NaN, null or undefined', async () => {
    const rows = noise(100, 3).map((row, index) => (index % 9 === 0 ? row.with(1, Number.NaN) : row));
    const nested = await train(rows);
    const flat = await train({ data: Float64Array.from(rows.flat()), columns: 3 });
    assert.equal(nested.fingerprint(), flat.fingerprint());
    assert.deepEqual(nested.score(rows), flat.score(rows.map((row) => row.map((cell) => cell || null))));
  });
});

test('a constant that departs is a reason, one that holds is none', () => {
  const order = { ...orders[0], branch: 8 };
  const [first, ...others] = model.explain(order);
  assert.deepEqual(
    [first.feature, first.kind, first.value, first.expected, first.constant, first.residual],
    ['branch', 'constant', 8, 7, true, 10],
  );
  assert.ok(others.every(({ feature }) => feature !== 'branch'));
  assert.ok(model.explain(orders[0]).every(({ constant }) => constant === undefined));
  assert.equal(model.explain({ ...orders[0], branch: 6 })[0].residual, -10);
});

test('a constant text is told by its name', async () => {
  const table = plainOrders.map((order) => ({ ...order, land: 'here' }));
  const [first] = (await train(table)).explain({ ...table[0], land: 'there' });
  assert.deepEqual([first.feature, first.kind, first.expected, first.residual], ['land', 'constant', 'here', 10]);
});

describe('few rows', () => {
  const rows = noise(9, 3);

  test('fewer than nine promise nothing: no row is flagged, and the report says so', async () => {
    for (const count of [2, 8]) {
      const few = await Autoencoder.create();
      const report = await few.fit(rows.slice(0, count));
      assert.deepEqual([report.rule, report.threshold, few.threshold], ['none', Infinity, Infinity]);
      assert.deepEqual([...few.predict([...rows, [1e9, -1e9, 0]])], Array(10).fill(0));
      assert.ok(few.score(rows).every(Number.isFinite));
      assert.ok(few.findings(rows).every(({ anomaly }) => !anomaly));
    }
  });

  test('from nine on there is a threshold', async () => {
    for (const [clean, rule] of [
      [true, 'outOfBag'],
      [false, 'exponential'],
    ]) {
      const few = await Autoencoder.create();
      const report = await few.fit(rows, { clean });
      assert.equal(report.rule, rule);
      assert.ok(Number.isFinite(few.threshold));
      assert.deepEqual([...few.predict([[1e9, -1e9, 0]])], [1]);
    }
  });

  test('one is refused', async () => {
    await assert.rejects(train(rows.slice(0, 1)), error('SHAPE', /two rows/));
  });
});

test('a scorer scores records, rows and gaps as the table does', async () => {
  const scoreOf = model.scorer();
  const expected = model.score(orders);
  for (const row of [0, 1, 2, 400]) assert.equal(scoreOf(orders[row]), expected[row]);
  const rows = noise(80, 3);
  const numbers = await train(rows);
  const numberOf = numbers.scorer();
  const holed = rows.map((row, index) => (index % 3 === 0 ? row.with(index % 2, null) : row));
  const scores = numbers.score(holed);
  for (const [index, row] of holed.entries()) {
    assert.equal(numberOf(row), scores[index]);
    assert.equal(numberOf(Float64Array.from(row, (cell) => cell ?? Number.NaN)), scores[index]);
  }
});

test('training on keeps categories and encoding, and takes values that it does not know', async () => {
  const other = await Autoencoder.load(model.toJSON());
  const before = other.fingerprint();
  const { features } = other.toJSON();
  await other.partialFit(
    orders.slice(0, 200).map((order, row) => ({ ...order, colour: row ? order.colour : 'violet' })),
  );
  assert.notEqual(other.fingerprint(), before);
  assert.deepEqual(other.toJSON().features, features);
  assert.deepEqual(other.skipped, ['id']);
});
