// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What people try first, and what they pass by mistake: the right answer, or a sentence that says what to do.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { detect, train, windows } from 'anomalens';
import { tableFromArrays } from 'apache-arrow';
import { csvParse, csvParseRows } from 'd3-dsv';
import Papa from 'papaparse';
import { error } from './support.mjs';

const quick = { seed: 1, epochs: 2 };
const times = (count, make) => Array.from({ length: count }, (_, row) => make(row));
const wave = (row) => Math.sin(row * row);
const lines = (count) => times(count, (row) => `${wave(row)},${wave(row + 9)}`).join('\n');
const notesOf = async (rows) => (await train(rows, quick)).report.notes.map(({ text }) => text).join('\n');

describe('mistakes', () => {
  const cases = {
    'a promise': [() => Promise.resolve([]), /got a promise\. Put await in front of it\./],
    'a Map': [() => new Map([['a', [1, 2]]]), /got a Map\. Make an array of it\./],
    'what Papa.parse returns': [() => Papa.parse('a,b\n1,2', { header: true }), /Pass its data/],
    'lines of a file': [() => ['a,b', '1,2'], /go through a parser first/],
    'a file split at the wrong character': [
      () => csvParse('a;b\n1,5;2\n2,5;3'),
      /one column, called "a;b".*separated by ";"/,
    ],
  };
  for (const [name, [make, sentence]] of Object.entries(cases))
    test(name, () => assert.rejects(async () => detect(make(), quick), error('SHAPE', sentence)));

  test('windows without a length', () => {
    assert.throws(() => windows([1, 2, 3]), error('BAD_OPTION', /need either length.*or lags/));
  });

  test('a padded text is refused at once', async () => {
    const model = await train(
      times(60, (row) => ({ a: String(wave(row)), b: row % 7 })),
      quick,
    );
    const padded = { a: `1${' '.repeat(100_000)}x`, b: 1 };
    assert.throws(() => model.score([padded]), error('SHAPE', /Row 0, column 0/));
  });

  test('a percentage among numbers without the sign, an infinite category, a time without its day', async () => {
    const model = await train(
      times(60, (row) => ({ share: String(wave(row)), day: `2024-03-0${1 + (row % 9)} 10:${10 + (row % 50)}` })),
      quick,
    );
    const day = '2024-03-01 10:00';
    assert.throws(() => model.score([{ share: '30 %', day }]), error('SHAPE', /"30 %"/, { column: 0 }));
    assert.throws(
      () => model.score([{ share: '0.3', day: '08:15' }]),
      error('SHAPE', /"08:15".*a date/, { column: 1 }),
    );
    const words = times(60, (row) => ({ a: row === 7 ? Infinity : 'xyz'[row % 3], b: wave(row) }));
    await assert.rejects(train(words, quick), error('NON_FINITE', /Row 7.*Infinity/, { row: 7 }));
  });
});

describe('forms that do not quite agree', () => {
  test('a blank last line, however a parser hands it over', async () => {
    const text = `a,b\n${lines(200)}\n`;
    for (const options of [{ header: true }, { header: true, dynamicTyping: true }, {}, { dynamicTyping: true }]) {
      const { data } = Papa.parse(text, options);
      const { model, scores } = await detect(data, quick);
      assert.deepEqual([scores.length, model.score(data).length], [200, 200], JSON.stringify(options));
    }
  });

  test('a row with getters is no blank row', async () => {
    class Reading {
      #value;
      constructor(value, note) {
        this.#value = value;
        this.note = note;
      }
      get value() {
        return this.#value;
      }
    }
    const rows = times(60, (row) => new Reading(row === 59 ? 500 : wave(row), row % 2 ? '' : 'x'));
    const { model, scores, findings } = await detect(rows, { seed: 1 });
    assert.deepEqual([scores.length, model.score(rows).length, findings[0].row], [60, 60, 59]);
  });

  test('labels count the rows of data, not the names above them', async () => {
    const rows = [['a', 'b'], ...times(60, (row) => [String(wave(row)), String(wave(row + 3))]), ['', '']];
    const labels = times(60, (row) => Number(row % 9 === 0));
    const model = await train(rows, { ...quick, threshold: { rule: 'labels', labels, goal: 'bestF1' } });
    assert.ok(Number.isFinite(model.threshold));
  });

  test('names that are empty or double, as data frames write them', async () => {
    const indexed = await train(
      csvParseRows(`,a,b\n${times(200, (row) => `${row},${wave(row)},${wave(row + 9)}`).join('\n')}`),
      quick,
    );
    assert.deepEqual([indexed.features, indexed.skipped], [['a', 'b'], ['f1']]);
    const twice = csvParseRows(`x,x\n${lines(100)}`);
    const model = await train(twice, quick);
    assert.deepEqual([model.features, model.score(twice).length], [['x', 'x (2)'], 100]);
  });

  test('booleans from JSON and their texts from a sheet', async () => {
    const model = await train(
      times(300, (row) => ({ ok: row % 3 ? 'true' : 'false', x: wave(row) })),
      quick,
    );
    const [one, ...others] = model.score(['true', true, 'TRUE'].map((ok) => ({ ok, x: 0 })));
    assert.deepEqual(others, [one, one]);
  });

  test('a model of typed numbers takes the gaps of a CSV file', async () => {
    const model = await train(
      times(60, (row) => ({ a: row % 9 ? wave(row) : null, b: wave(row + 1) })),
      quick,
    );
    assert.deepEqual(model.score([{ a: 'NA', b: '0.5' }]), model.score([{ a: null, b: 0.5 }]));
  });

  test('a record that lacks what others lack too is judged alone as among them', async () => {
    const rows = times(300, (row) => (row % 10 ? { a: wave(row), b: wave(row + 9) } : { a: wave(row) }));
    const model = await train(rows, quick);
    const [first] = model.score(rows.slice(0, 2));
    assert.deepEqual([model.score([rows[0]])[0], model.scorer()(rows[0])], [first, first]);
    const alone = [];
    for await (const { score } of model.stream(rows.slice(0, 20), { batch: 1 })) alone.push(score);
    assert.deepEqual(Float32Array.from(alone), model.score(rows.slice(0, 20)));
  });

  test('rows out of an Arrow table, one by one and as a stream', async () => {
    const table = tableFromArrays({
      when: times(400, (row) => new Date(Date.UTC(2024, 0, 1 + row, 9))),
      x: Float64Array.from(times(400, wave)),
    });
    const model = await train(table, quick);
    assert.equal(model.explain(table.get(0)).filter(({ part }) => part).length, 2);
    const stream = model.stream(table);
    const scores = [];
    for await (const { score } of stream) scores.push(score);
    assert.deepEqual(Float32Array.from(scores), model.score(table));
  });

  test('a blank row inside a stream keeps the numbers of those behind it', async () => {
    const rows = times(60, (row) => ({ a: String(wave(row)), b: String(wave(row + 9)) }));
    const model = await train(rows, quick);
    const given = rows.slice(0, 10).with(3, { a: '', b: '' });
    for (const batch of [1, 4, 256]) {
      const seen = [];
      for await (const { row } of model.stream(given, { batch })) seen.push(row);
      assert.deepEqual(
        seen,
        times(10, (row) => row),
        `batches of ${batch}`,
      );
    }
  });
});

describe('columns that are not what they seem', () => {
  test('long digits are names, since a number would lose some', async () => {
    const rows = times(300, (row) => ({ account: `1000000000000000000${row % 4}`, x: wave(row) }));
    assert.match(await notesOf(rows), /account: a category of 4 values/);
  });

  test('currency words and a minus behind are read', async () => {
    const rows = times(60, (row) => ({
      a: `${(10 + wave(row)).toFixed(2)} EUR`,
      b: `US$${row % 7}`,
      c: `${row % 9}.5-`,
    }));
    const model = await train(rows, quick);
    const values = Object.fromEntries(model.explain(rows[3]).map(({ feature, value }) => [feature, value]));
    assert.deepEqual(values, { a: Number((10 + wave(3)).toFixed(2)), b: 3, c: -3.5 });
  });

  test('versions and codes are no dates, one dated day has no season', async () => {
    const rows = times(60, (row) => ({
      version: `1.2.${10 + (row % 9)}`,
      code: `4012-${row % 4}`,
      day: '2024-03-01',
      x: wave(row),
    }));
    const notes = await notesOf(rows);
    assert.match(notes, /version: a category of 9 values/);
    assert.match(notes, /code: a category of 4 values/);
    assert.match(notes, /day: left out, because its dates are all the same/);
  });

  test('series that rise evenly are learned from, and so is a table of nothing else', async () => {
    assert.deepEqual((await detect(windows({ x: times(80, (row) => 2 * row) }, { length: 2 }), quick)).model.features, [
      'x[-1]',
      'x[0]',
    ]);
    assert.deepEqual(
      (
        await train(
          times(60, (row) => ({ load: row * 5, force: row * 10 })),
          quick,
        )
      ).features,
      ['load', 'force'],
    );
  });

  test('decimal commas are proved by columns of numbers alone', async () => {
    const rows = times(60, (row) => ({ tag: row === 9 ? '1,2' : 'pq'[row % 2], size: `1${row % 10}.345` }));
    const model = await train(rows, quick);
    assert.equal(model.explain({ tag: 'p', size: '12.345' }).find(({ feature }) => feature === 'size').value, 12.345);
  });

  test('a few columns of a wide table are no table too large', async () => {
    const wide = Object.fromEntries(
      times(600, (column) => [`c${column}`, new Float32Array(1e6).map((_, row) => row % 7)]).slice(0, 2),
    );
    for (let column = 2; column < 600; column++) wide[`c${column}`] = { length: 1e6 };
    assert.deepEqual((await train(wide, { ...quick, features: ['c0', 'c1'] })).features, ['c0', 'c1']);
  });
});

test('whether the last row is blank does not depend on the columns that were chosen', async () => {
  const rows = times(60, (row) => ({ a: String(wave(row)), b: String(wave(row + 9)), c: 'q' }));
  const ends = [...rows, { a: '', b: '', c: 'q' }, { a: '', b: '', c: '' }];
  const { model, scores } = await detect(ends, { ...quick, features: ['a', 'b'] });
  assert.deepEqual([scores.length, model.score(ends).length], [61, 61]);
});
