// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The forms a table may have, and categories.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Autoencoder, train } from 'anomalens';
import { assertClose, error, noise, root } from './support.mjs';

const rows = noise(40, 3);
const options = { hidden: [4], latent: 2, epochs: 3, seed: 7 };
const names = ['a', 'b', 'c'];
const column = (index) => rows.map((row) => row[index]);
const records = rows.map(([a, b, c]) => ({ a, b, c }));

const forms = {
  'rows of numbers': rows,
  'rows that are typed arrays': rows.map((row) => Float64Array.from(row)),
  'a flat Float64Array': { data: Float64Array.from(rows.flat()), columns: 3 },
  'columns by name': { a: column(0), b: Float64Array.from(column(1)), c: column(2) },
  records,
};

for (const [name, table] of Object.entries(forms)) {
  test(`${name} train and score to the same bits as any other form`, async () => {
    const [expected, model] = [await train(rows, options), await train(table, options)];
    assert.equal(model.fingerprint(), expected.fingerprint());
    assert.deepEqual(model.score(table), expected.score(rows));
    assert.deepEqual(model.features, Array.isArray(table) && table !== records ? ['f1', 'f2', 'f3'] : model.features);
    expected.dispose();
    model.dispose();
  });
}

test('doubles keep their precision until they have been scaled', async () => {
  const far = rows.map((row) => row.map((cell) => 1e9 + cell));
  const [near, moved] = [await train(rows, options), await train(far, options)];
  // float32 would leave steps of 64 at 1e9: every cell would be the same.
  assertClose(moved.score(far), near.score(rows), 1e-4);
});

test('float32 tables cross as they are', async () => {
  const data = Float32Array.from(rows.flat());
  const rounded = Array.from({ length: 40 }, (_, row) => [...data.subarray(row * 3, row * 3 + 3)]);
  const [flat, nested] = [await train({ data, columns: 3 }, options), await train(rounded, options)];
  assert.equal(flat.fingerprint(), nested.fingerprint());
  const columns = { a: data.slice(0, 5), b: data.slice(5, 10), c: data.slice(10, 15) };
  const asRows = Array.from({ length: 5 }, (_, row) => names.map((name) => columns[name][row]));
  assert.deepEqual((await train(columns, options)).fingerprint(), (await train(asRows, options)).fingerprint());
});

test('a table of many chunks gives what its parts give', async () => {
  const many = noise(50_000, 3, 9);
  const model = await train(many.slice(0, 500), { ...options, epochs: 1 });
  const whole = model.score(many);
  for (const first of [0, 21_844, 21_845, 49_990]) {
    assert.deepEqual(model.score(many.slice(first, first + 10)), whole.slice(first, first + 10));
  }
  assert.deepEqual(model.reconstruct(many).slice(-30), model.reconstruct(many.slice(-10)));
  const trained = await train(many, { ...options, epochs: 1, batchSize: 4096 });
  const { center } = trained.toJSON();
  const mean = many.reduce((sum, row) => sum + row[1], 0) / many.length;
  assert.ok(Math.abs(center[1] - mean) < 1e-12);
});

test('a row wider than a chunk is scored', async () => {
  const wide = noise(3, 70_000);
  const model = await train(wide, { hidden: [], latent: 1, epochs: 1 });
  const errors = model.featureErrors(wide);
  assert.equal(errors.length, 210_000);
  const mean = errors.subarray(0, 70_000).reduce((sum, cell) => sum + cell, 0) / 70_000;
  assertClose([model.score(wide)[0]], [mean], 1e-4);
});

test('named columns are found by name, whatever their order and whatever else there is', async () => {
  const model = await train(records, options);
  assert.deepEqual(model.features, names);
  const expected = model.score(rows);
  assert.deepEqual(model.score(records.map(({ a, b, c }) => ({ extra: 'x', c, a, b }))), expected);
  assert.deepEqual(
    model.score({ c: column(2), b: column(1), a: column(0), extra: [1].concat(column(0).slice(1)) }),
    expected,
  );
  assert.throws(
    () => model.score(records.map(({ a, c }) => ({ a, c }))),
    error('SHAPE', /column "b".*a, c/, { column: 1 }),
  );
});

test('the option features names columns without names and chooses among columns with names', async () => {
  const named = await train(rows, { ...options, features: names });
  assert.deepEqual(named.features, names);
  assert.deepEqual(named.score(records), named.score(rows));
  const chosen = await train(records, { ...options, features: ['c', 'a'] });
  assert.deepEqual(chosen.features, ['c', 'a']);
  assert.equal(chosen.layers()[0].inputs, 2);
  const bad = (features, table, sentence) =>
    assert.rejects(train(table, { ...options, features }), error('BAD_OPTION', sentence, { option: 'features' }));
  await bad(['a', 'b'], rows, /all 3 columns.*2 names/);
  await bad(['a', 'd'], records, /"d".*a, b, c/);
  await bad(['a', 'a'], records, /"a" is there twice/);
  await bad([], records, /at least one/);
  await bad(['a', 3], records, /features\[1\] is 3/);
});

test('one row is scored as it is among others, and keeps nothing in the heap', async () => {
  const model = await train(rows, options);
  const expected = model.score(rows);
  model.score([rows[0]]); // from the first row that comes alone on, the model keeps its weights in a second order
  const { heapBytes } = model.memoryUsage();
  for (let row = 0; row < rows.length; row++) assert.equal(model.score([rows[row]])[0], expected[row]);
  assert.equal(model.memoryUsage().heapBytes, heapBytes);
});

// ------------------------------------------------------------------------------------------------ categories
const colours = ['red', 'green', 'blue'];
const goods = rows.map(([size], row) => ({ size, colour: colours[row % 3], sold: row % 2 === 0 }));

test('texts and booleans become a column for each of their values', async () => {
  const model = await train(goods, { ...options, epochs: 50 });
  assert.deepEqual(model.features, ['size', 'colour', 'sold']);
  assert.deepEqual(model.columns, ['size', 'colour=blue', 'colour=green', 'colour=red', 'sold=false', 'sold=true']);
  assert.equal(model.layers()[0].inputs, 6);
  const byColumn = Object.fromEntries(model.features.map((name) => [name, goods.map((good) => good[name])]));
  assert.deepEqual(model.score(byColumn), model.score(goods));
  const scaled = await train(byColumn, { ...options, epochs: 50 });
  assert.equal(scaled.fingerprint(), model.fingerprint());
  const { center } = model.toJSON();
  assertClose(center.slice(1), [13 / 40, 13 / 40, 14 / 40, 0.5, 0.5], 1e-12);
});

test('the errors of a category are summed: features / columns.length is the score', async () => {
  const model = await train(goods, options);
  const errors = model.featureErrors(goods);
  assert.equal(errors.length, 40 * 3);
  const scores = Float32Array.from({ length: 40 }, (_, row) => {
    const [a, b, c] = errors.subarray(row * 3, row * 3 + 3);
    return (a + b + c) / model.columns.length;
  });
  assertClose(scores, model.score(goods), 1e-5);
  assert.equal(model.reconstruct(goods).length, 40 * 6);
});

test('a value that was not in training is all zeros', async () => {
  const model = await train(goods, options);
  const [unknown] = model.activations({ ...goods[0], colour: 'violet' });
  const { center, scale } = model.toJSON();
  assert.equal(unknown[0], model.activations(goods[0])[0][0]);
  assertClose(
    unknown.slice(1, 4),
    [1, 2, 3].map((column) => -center[column] / scale[column]),
    1e-6,
  );
  assert.equal(model.score([{ ...goods[0], colour: 'violet' }]).length, 1);
});

test('true and "TRUE" are one value, since the one comes from JSON and the other from a sheet', async () => {
  const model = await train({ a: [true, 'TRUE', false, 'x'], b: [1, 2, 3, 4] }, options);
  assert.deepEqual(model.columns, ['a=false', 'a=true', 'a=x', 'b']);
  const score = (a) => model.score([{ a, b: 2 }])[0];
  assert.deepEqual([score('true'), score('True')], [score(true), score(true)]);
});

test('a number where training had a text, and the reverse, is an error that names the cell', async () => {
  const model = await train(goods, options);
  const place = { row: 1, column: 1 };
  assert.throws(
    () => model.score([goods[0], { ...goods[1], colour: 3 }]),
    error('SHAPE', /Row 1, column 1 \("colour"/, place),
  );
  assert.throws(
    () => model.score([{ ...goods[0], size: 'big' }]),
    error('SHAPE', /"size".*"big"/, { row: 0, column: 0 }),
  );
  assert.throws(
    () => model.score([{ ...goods[0], colour: null }]),
    error('NON_FINITE', /missing \(null\)/, { row: 0, column: 1 }),
  );
  const mixed = goods.map((good, row) => (row === 9 ? { ...good, size: 'big' } : good));
  await assert.rejects(train(mixed, options), error('SHAPE', /Row 9.*"size".*columns: \{ size/, { row: 9, column: 0 }));
});

test('a table of nothing but identifiers is refused instead of becoming thousands of columns', async () => {
  const table = { id: Array.from({ length: 2000 }, (_, index) => `id ${index}`) };
  await assert.rejects(train(table, options), error('SHAPE', /nothing to learn from.*"id" \(2000 of its 2000 texts/));
});

test('codes may be decoded from any form of table, and activations asked for by array or record', async () => {
  const model = await train(records, options);
  const codes = model.encode(rows);
  assert.equal(codes.length, 40 * 2);
  const again = model.decode({ data: codes, columns: 2 });
  assert.deepEqual(again, model.reconstruct(rows));
  const layers = model.activations(rows[5]);
  assert.deepEqual(
    layers.map(({ length }) => length),
    [3, 4, 2, 4, 3],
  );
  assert.deepEqual(layers, model.activations(records[5]));
  assert.deepEqual([...layers[2]], [...codes.subarray(10, 12)]);
  assert.throws(() => model.decode([[1, 2, 3]]), error('SHAPE', /must have 2 columns \(z1, z2\), but they have 3/));
  assert.throws(() => model.decode([[1, Number.NaN]]), error('NON_FINITE', /Row 0, column 1/, { row: 0, column: 1 }));
});

test('constant columns train without NaN', async () => {
  const flat = rows.map(([a]) => [a, 3, -1e9]);
  const model = await train(flat, options);
  assert.ok(model.score(flat).every(Number.isFinite));
  assert.ok(Number.isFinite(model.threshold));
  const all = await Autoencoder.create(options.hidden ? { hidden: [4], latent: 1 } : {});
  await all.fit(rows.map(() => [5, 5]));
  assert.ok(all.score([[5, 5]]).every(Number.isFinite));
});

// ------------------------------------------------------------------------------------------------ one row at a time
test('a scorer gives the scores of the table, whatever holds the row', async () => {
  const model = await train(rows, options);
  const expected = model.score(rows);
  const scoreOf = model.scorer();
  for (const [index, row] of rows.entries()) {
    assert.equal(scoreOf(row), expected[index]);
    assert.equal(scoreOf(Float64Array.from(row)), expected[index]);
  }
  const narrow = rows.map((row) => Float32Array.from(row));
  const narrowExpected = model.score(narrow);
  for (const [index, row] of narrow.entries()) assert.equal(scoreOf(row), narrowExpected[index]);
});

test('a scorer follows its model through trainings and into committees, categories and records', async () => {
  const model = await Autoencoder.create({ hidden: [4], latent: 2 });
  assert.throws(() => model.scorer()(rows[0]), { code: 'NOT_FITTED' });
  const scoreOf = model.scorer();
  await model.fit(rows, { epochs: 20 });
  const first = scoreOf(rows[3]);
  assert.equal(first, model.score(rows)[3]);
  await model.partialFit(rows, { epochs: 20 });
  assert.notEqual(scoreOf(rows[3]), first);
  assert.equal(scoreOf(rows[3]), model.score(rows)[3]);
  const trainer = model.trainer(rows, { epochs: 4 });
  for (let epoch = 0; epoch < 4; epoch++) {
    trainer.run({ epochs: 1 });
    assert.equal(scoreOf(rows[3]), model.score(rows)[3]);
  }
  trainer.finish();
  await model.fit(
    rows.map((row) => [...row, row[0]]),
    { epochs: 5 },
  );
  assert.throws(() => scoreOf(rows[3]), { code: 'SHAPE' });
  const wider = [...rows[3], rows[3][0]];
  assert.equal(scoreOf(wider), model.score([wider])[0]);
  await model.fit(goods, { epochs: 5 });
  assert.equal(scoreOf(goods[5]), model.score(goods)[5]);
  model.dispose();
  assert.throws(() => scoreOf(goods[5]), { code: 'DISPOSED' });
  const committee = await Autoencoder.create({ members: 3 });
  await committee.fit(rows, { epochs: 5 });
  assert.equal(committee.scorer()(rows[7]), committee.score(rows)[7]);
});

test('a scorer refuses what score refuses, in the same words', async () => {
  const model = await train(rows, options);
  const scoreOf = model.scorer();
  const width = rows[0].length;
  const spoiled = [Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined].map((cell) =>
    rows[0].with(width - 1, cell),
  );
  for (const row of [...spoiled, rows[0].slice(1), [...rows[0], 1], 7, null, undefined, 'row', {}]) {
    const attempt = (call) => {
      try {
        return call();
      } catch ({ code, message }) {
        return `${code} ${message}`;
      }
    };
    assert.equal(
      attempt(() => scoreOf(row)),
      attempt(() => model.score([row])[0]),
    );
  }
  assert.equal(scoreOf(rows[1]), model.score(rows)[1]);
});

test('a scorer leaves the heap as it is and survives its growth', async () => {
  const model = await train(rows, options);
  const scoreOf = model.scorer();
  const expected = model.score(rows);
  scoreOf(rows[0]);
  const { heapBytes } = model.memoryUsage();
  for (let turn = 0; turn < 1000; turn++) scoreOf(rows[turn % rows.length]);
  assert.equal(model.memoryUsage().heapBytes, heapBytes);
  const wide = await Autoencoder.create({ hidden: [2], latent: 1 });
  const data = new Float64Array(3_000_000).map((_, index) => Math.sin(index));
  wide.trainer({ data, columns: 3 }).dispose();
  assert.equal(scoreOf(rows[2]), expected[2]);
  wide.dispose();
});

test('the first row that a scorer sees may make the heap grow', async () => {
  const wide = Array.from({ length: 3 }, (_, row) =>
    Float64Array.from({ length: 900 }, (_, index) => Math.cos(row + index)),
  );
  const trained = await train(wide, { hidden: [1200], latent: 3, epochs: 1, seed: 1 });
  const saved = trained.toJSON();
  const script = `import { Autoencoder } from 'anomalens'; import { readFileSync } from 'node:fs';
    const model = await Autoencoder.load(JSON.parse(readFileSync(0, 'utf8')));
    const row = Float64Array.from({ length: 900 }, (_, index) => Math.cos(1 + index));
    // Another model takes the room that loading has left.
    const other = await Autoencoder.load(model.toJSON());
    other.scorer()(row);
    const { reservedBytes } = model.memoryUsage();
    const score = model.scorer()(row);
    console.log(model.memoryUsage().reservedBytes > reservedBytes, score === model.score([row])[0]);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify(saved),
  });
  assert.equal(stdout, 'true true\n');
  trained.dispose();
});
