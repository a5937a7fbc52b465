// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Whether rows are still what the model has learned from: rarely said without a change, hardly ever missed with one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, random } from './support.mjs';

const pick = (values, number) => values[Math.floor(number * number * values.length)];
const texts = Array.from({ length: 60 }, (_, at) => `place ${at}`);

/** Columns of several kinds: numbers that depend on each other, skewed and heavy-tailed ones, whole ones, gaps, texts, and a constant. */
function sales(rows, { uniform, normal }) {
  const made = {
    size: [],
    weight: [],
    price: [],
    tail: [],
    count: [],
    note: [],
    colour: [],
    place: [],
    paid: [],
    branch: [],
  };
  for (let row = 0; row < rows; row++) {
    const [size, cost] = [normal(), normal()];
    made.size.push(size);
    made.weight.push(size + 0.3 * normal());
    made.price.push(Math.exp(cost));
    made.tail.push(normal() / (0.05 + uniform()));
    made.count.push(Math.floor(-3 * Math.log(1 - uniform())));
    made.note.push(uniform() < 0.15 ? null : cost + normal());
    made.colour.push(pick(['blue', 'green', 'red'], uniform()));
    made.place.push(pick(texts, uniform()));
    made.paid.push(uniform() < 0.8);
    made.branch.push(7);
  }
  return made;
}

const sensors = (rows, { normal }) => ({
  data: Float32Array.from({ length: rows * 4 }, normal),
  columns: 4,
});

/** [training rows, compared rows, how they are made, how they are learned], 25 pairs each. */
const pairs = [
  [200, 200, sales, train],
  [500, 2000, sales, train],
  [2000, 500, sales, train],
  [2000, 2000, sales, train],
  [3000, 2000, sales, learned],
  [5000, 2000, sales, train],
  [1000, 5000, sensors, train],
  [400, 400, sensors, learned],
];

/** A model that takes the rows as `detect` does. */
async function learned(rows, options) {
  return (await detect(rows, options)).model;
}

test('without a change at most 7 % of 200 comparisons see one', async () => {
  let seen = 0;
  const by = [];
  for (const [kind, [n, m, make, learn]] of pairs.entries()) {
    let found = 0;
    for (let seed = 0; seed < 25; seed++) {
      const numbers = random(1000 * kind + seed);
      const model = await learn(make(n, numbers), { seed });
      const { changed, flagged, scores, columns } = model.compare(make(m, numbers));
      assert.equal(
        changed,
        [flagged, scores, ...columns].some(({ corrected }) => corrected < 0.05),
      );
      if (changed) found++;
      model.dispose();
    }
    seen += found;
    by.push(found);
  }
  assert.ok(seen <= 14, `${seen} of 200, by kind ${by}`);
});

test('a column that is moved by half a deviation is found in at least 95 % of batches of 2,000 rows', async () => {
  const deviations = {
    size: 1,
    weight: Math.hypot(1, 0.3),
    note: Math.SQRT2,
    count: 3.5,
    price: Math.sqrt((Math.E - 1) * Math.E),
  };
  let found = 0;
  let named = 0;
  let batches = 0;
  for (const [n, seed] of [
    [2000, 1],
    [5000, 2],
  ]) {
    const numbers = random(seed);
    const model = await train(sales(n, numbers), { seed });
    for (let batch = 0; batch < 4; batch++) {
      for (const [name, deviation] of Object.entries(deviations)) {
        const rows = sales(2000, numbers);
        rows[name] = rows[name].map((cell) => cell && cell + deviation / 2);
        const { changed, columns } = model.compare(rows);
        batches++;
        if (changed && columns.find(({ feature }) => feature === name).corrected < 0.05) found++;
        if (columns[0].feature === name) named++;
      }
    }
    model.dispose();
  }
  assert.ok(found >= 0.95 * batches, `${found} of ${batches}`);
  assert.ok(named >= 0.95 * batches, `${named} of ${batches} are first`);
});

test('a new text, a gap where there was none and a constant that departs are named', async () => {
  const numbers = random(5);
  const model = await train(sales(1000, numbers), { seed: 5 });
  const changes = {
    colour: (cell, row) => (row % 20 === 0 ? 'mauve' : cell),
    size: (cell, row) => (row % 20 === 0 ? null : cell),
    branch: (cell, row) => (row % 20 === 0 ? 8 : cell),
    note: (cell, row) => (row % 3 === 0 ? null : cell),
  };
  for (const [name, change] of Object.entries(changes)) {
    const rows = sales(1000, numbers);
    rows[name] = rows[name].map(change);
    const { columns, rows: count } = model.compare(rows);
    assert.equal(count, 1000);
    assert.equal(columns[0].feature, name);
    assert.ok(columns[0].corrected < 1e-6 && columns[0].distance > 0.04, JSON.stringify(columns[0]));
  }
  model.dispose();
});

test('a relation that breaks shows in the scores and in the share that is flagged, not in the columns', async () => {
  const numbers = random(6);
  const model = await train(sales(3000, numbers), { seed: 6 });
  const rows = sales(2000, numbers);
  rows.weight = [...rows.weight.slice(1000), ...rows.weight.slice(0, 1000)];
  const { flagged, scores, columns, changed } = model.compare(rows);
  assert.ok(changed && scores.corrected < 1e-6 && flagged.corrected < 1e-6);
  assert.ok(flagged.share > 2 * flagged.promised);
  assert.ok(Math.abs(flagged.promised - 0.05) < 0.002);
  assert.ok(scores.quantiles[2] > scores.calibration[2]);
  assert.ok(columns.every(({ corrected }) => corrected >= 0.05));
  const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
  assert.deepEqual(again.compare(rows), model.compare(rows));
  again.dispose();
  model.dispose();
});

test('what cannot be compared is refused', async () => {
  const rows = sensors(200, random(7));
  const single = await train(rows, { hidden: [4], latent: 2, epochs: 2 });
  assert.throws(() => single.compare(rows), error('BAD_OPTION', /name no architecture/, { option: 'members' }));
  const model = await train(rows, { epochs: 1 });
  assert.throws(() => model.compare([]), error('SHAPE', /no rows/));
  assert.throws(() => model.compare([[1]]), error('SHAPE', /4 columns/));
  const untrained = await Autoencoder.create();
  assert.throws(() => untrained.compare(rows), error('NOT_FITTED', /fit/));
});
