// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Tables as other packages give them: Arrow, DuckDB, Danfo, CSV parsers, typed arrays of every kind and realm.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { detect, train } from 'anomalens';
import {
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Float16,
  Float64,
  Int64,
  makeData,
  makeVector,
  Table,
  TimestampMicrosecond,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { csvParse, csvParseRows } from 'd3-dsv';
import Papa from 'papaparse';
import { error, generator } from './support.mjs';

const require = createRequire(import.meta.url);
const quick = { seed: 1, epochs: 2 };
const { uniform, normal } = generator(8);
const rows = Array.from({ length: 200 }, (_, row) => ({
  size: Math.round(100 * (10 + normal())) / 100,
  count: Math.floor(50 * uniform()),
  colour: ['red', 'green', 'blue'][Math.floor(3 * uniform())],
  paid: uniform() < 0.7,
  when: new Date(Date.UTC(2025, 0, 1 + row, 9 + Math.floor(8 * uniform()))),
  note: uniform() < 0.2 ? null : Math.round(10 * normal()),
}));
const names = Object.keys(rows[0]);
const column = (name) => rows.map((row) => row[name]);
const expected = await train(rows, quick);
const scores = expected.score(rows);

/** Trains and scores to the same bits as the records do. */
async function assertReadAs(table, model = expected, wanted = scores) {
  assert.deepEqual(model.score(table), wanted);
  const again = await train(table, quick);
  assert.equal(again.fingerprint(), model.fingerprint());
  assert.deepEqual(again.score(table), wanted);
  again.dispose();
}

describe('Apache Arrow', () => {
  const vectors = {
    size: vectorFromArray(column('size'), new Float64()),
    count: vectorFromArray(column('count').map(BigInt), new Int64()),
    colour: vectorFromArray(column('colour')),
    paid: vectorFromArray(column('paid'), new Bool()),
    when: vectorFromArray(column('when'), new TimestampMicrosecond()),
    note: vectorFromArray(column('note'), new Float64()),
  };
  const table = new Table(vectors);

  test('a table, one that travelled as IPC, and its vectors by name', async () => {
    await assertReadAs(table);
    await assertReadAs(tableFromIPC(tableToIPC(table)));
    assert.equal(table.getChild('colour').type.toString(), 'Dictionary<Int32, Utf8>');
    await assertReadAs({ ...vectors, when: column('when') });
  });

  test('its rows', () =>
    assert.deepEqual(
      expected.score(
        table
          .select(['size', 'count', 'colour', 'paid', 'note'])
          .toArray()
          .map((row, at) => ({ ...row.toJSON(), when: rows[at].when })),
      ),
      scores,
    ));

  test('dates of days and milliseconds, decimals, plain texts', async () => {
    const day = column('when').map((date) => new Date(Math.floor(date / 864e5) * 864e5));
    const amounts = rows.map(({ size }) => Math.round(size * 100));
    const data = Uint32Array.from(amounts.flatMap((amount) => [amount, 0, 0, 0]));
    const arrow = new Table({
      amount: makeVector(makeData({ type: new Decimal(2, 10, 128), data, length: 200 })),
      day: vectorFromArray(day, new DateDay()),
      time: vectorFromArray(column('when'), new DateMillisecond()),
      colour: vectorFromArray(column('colour'), new Utf8()),
    });
    const records = rows.map(({ size, colour, when }, at) => ({ amount: size, day: day[at], time: when, colour }));
    const model = await train(records, quick);
    await assertReadAs(arrow, model, model.score(records));
  });

  test('half floats are what they say', async () => {
    const halves = Uint16Array.from({ length: 200 }, (_, row) => 0x3c00 + ((row * 37) % 512));
    const half = makeVector(makeData({ type: new Float16(), data: halves, length: 200 }));
    const numbers = Array.from(halves, (bits) => 1 + (bits - 0x3c00) / 1024);
    const model = await train({ half: numbers, size: column('size') }, quick);
    assert.deepEqual(model.score({ half, size: column('size') }), model.score({ half: numbers, size: column('size') }));
  });

  test('a gap in a vector stays a gap', () => {
    const gap = {
      ...Object.fromEntries(names.map((name) => [name, column(name)])),
      size: vectorFromArray([null, ...column('size').slice(1)], new Float64()),
    };
    const [first] = expected.findings(gap, { top: 1 });
    assert.deepEqual([first.row, first.reasons[0].feature, first.reasons[0].value], [0, 'size', null]);
  });

  test('arrays of numbers by name', async () => {
    const arrays = { a: Float32Array.from(column('size')), b: Int32Array.from(column('count')) };
    const model = await train(arrays, quick);
    await assertReadAs(tableFromArrays(arrays), model, model.score(arrays));
  });
});

describe('DuckDB', async () => {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const text = (value) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : value);
  const values = rows.map(
    ({ size, count, colour, paid, when, note }) =>
      `(${size}, ${count}, '${colour}', ${paid}, TIMESTAMP '${when.toISOString().slice(0, 19)}', ${text(note)})`,
  );
  await connection.run(
    `CREATE TABLE t AS SELECT * FROM (VALUES ${values.join()}) v(size, count, colour, paid, "when", note)`,
  );
  const query = async (types) => {
    const reader = await connection.runAndReadAll(`SELECT ${types} FROM t`);
    return reader;
  };
  const types = 'size::DECIMAL(8, 2) size, count::BIGINT count, colour, paid, "when", note::DOUBLE note';

  test('row objects, plain and in its own classes, columns, and the reader itself', async () => {
    const reader = await query(types);
    await assertReadAs(reader.getRowObjects());
    await assertReadAs(reader.getRowObjectsJS());
    await assertReadAs(reader.getColumnsObject());
    await assertReadAs(reader);
  });
});

describe('Danfo, whose frames have columns, values and a shape', () => {
  test('a frame', async () => {
    const frame = { columns: names, shape: [200, 6], values: rows.map((row) => Object.values(row)) };
    await assertReadAs(frame);
    assert.throws(
      () => expected.score({ ...frame, columns: names.slice(1) }),
      error('SHAPE', /names for 5 columns, but its rows have 6/),
    );
  });
});

describe('CSV parsers, whose cells are texts', () => {
  const text = `${names}\n${rows.map((row) => names.map((name) => (name === 'when' ? row.when.toISOString() : (row[name] ?? ''))).join()).join('\n')}\n`;
  const forms = {
    'csvParse of d3-dsv': csvParse(text),
    'csv-parse with columns': parse(text, { columns: true }),
    'Papa with header': Papa.parse(text, { header: true }).data,
    'csvParseRows, names in the first row': csvParseRows(text),
    'Papa without header, with its blank last row': Papa.parse(text).data,
    'the same by columns': Object.fromEntries(names.map((name) => [name, csvParse(text).map((row) => row[name])])),
  };
  for (const [name, table] of Object.entries(forms)) {
    test(name, async () => {
      const model = await train(table, quick);
      assert.equal(model.score(table).length, 200);
      const { findings } = await detect(table, { ...quick, top: 5 });
      const other = await detect(forms['csvParse of d3-dsv'], { ...quick, top: 5 });
      assert.deepEqual(findings, other.findings);
      assert.deepEqual(model.report.notes.filter(({ column }) => column).map(({ kind }) => kind)[0], 'number');
    });
  }

  test('that made numbers of what they could leave the rest to us', async () => {
    const typed = Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data;
    assert.deepEqual((await train(typed, quick)).score(typed), scores);
  });

  test('names are seen in the first row only above a column of numbers, and said to be', async () => {
    const model = await train(csvParseRows(text), quick);
    assert.deepEqual(model.report.notes[0], {
      what: 'names',
      count: 1,
      text: 'The first row holds the names of the columns. Rows count from the one after it.',
    });
    assert.deepEqual(model.features, names);
    const words = [['a', 'b'], ...Array.from({ length: 60 }, (_, row) => ['xyz'[row % 3], 'uv'[row % 2]])];
    assert.deepEqual((await train(words, quick)).features, ['f1', 'f2']);
    assert.equal((await train(words, quick)).score(words).length, 61);
  });
});

describe('typed arrays', () => {
  const kinds = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
  ];
  const cells = Array.from({ length: 300 }, () => Math.floor(100 * uniform()));
  const asRows = Array.from({ length: 100 }, (_, row) => cells.slice(3 * row, 3 * row + 3));
  const options = { hidden: [4], latent: 1, epochs: 2, seed: 1 };

  for (const Kind of [...kinds, BigInt64Array]) {
    test(`${Kind.name}, flat, as rows and as columns`, async () => {
      const make = (list) => Kind.from(Kind === BigInt64Array ? list.map(BigInt) : list);
      const model = await train(asRows, options);
      const wanted = model.score(asRows);
      assert.deepEqual(model.score({ data: make(cells), columns: 3 }), wanted);
      assert.deepEqual(model.score(asRows.map(make)), wanted);
      const byName = Object.fromEntries([0, 1, 2].map((at) => [`f${at + 1}`, make(asRows.map((row) => row[at]))]));
      assert.deepEqual(model.score(byName), wanted);
      assert.equal((await train({ data: make(cells), columns: 3 }, options)).columns.length, 3);
    });
  }

  test('of another realm, in every form', async () => {
    const foreign = (list) => runInNewContext('Float64Array.from(list)', { list });
    const model = await train(asRows, options);
    const wanted = model.score(asRows);
    assert.deepEqual(model.score({ data: foreign(cells), columns: 3 }), wanted);
    assert.deepEqual(model.score(asRows.map(foreign)), wanted);
    assert.deepEqual(model.score(runInNewContext('rows.map((row) => Array.from(row))', { rows: asRows })), wanted);
    const trained = await train({ data: foreign(cells), columns: 3 }, options);
    assert.equal(trained.fingerprint(), model.fingerprint());
    assert.equal(model.scorer()(foreign(asRows[5])), wanted[5]);
    const dated = runInNewContext('rows.map((row) => ({ ...row, when: new Date(row.when.getTime()) }))', { rows });
    assert.deepEqual(expected.score(dated), scores);
  });

  test('a big integer is exact or refused, naming its cell', async () => {
    const model = await train(asRows, options);
    const exact = asRows.map((row) => row.map(BigInt));
    assert.deepEqual(model.score(exact), model.score(asRows));
    exact[7][1] = 2n ** 53n + 1n;
    assert.throws(
      () => model.score(exact),
      error('SHAPE', /Row 7, column 1.*9007199254740993n.*a double holds exactly/, { row: 7, column: 1 }),
    );
  });

  test('one that says another length than it has is refused', async () => {
    const model = await train(asRows, options);
    const lying = (length) => Object.defineProperty(new Float64Array(6), 'length', { value: length });
    for (const length of [3, 3000, 1e308, Number.NaN]) {
      assert.throws(() => model.score({ data: lying(length), columns: 3 }), error('SHAPE', /holds 6 numbers/));
      assert.throws(() => model.score([lying(length)]), error('SHAPE', /holds 6 numbers/));
      await assert.rejects(train({ a: lying(length), b: [1, 2] }, options), error('SHAPE', /holds 6 numbers/));
    }
  });
});

describe('tables that resist', () => {
  const options = { hidden: [4], latent: 1, epochs: 2, seed: 1 };
  const good = [
    { a: 1, b: 2 },
    { a: 2, b: 1 },
    { a: 3, b: 5 },
  ];

  test('names of what all objects have are names like any other', async () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const records = good.map(({ a, b }) => JSON.parse(`{"a":${a},"${name}":${b}}`));
      const model = await train(records, { ...options, missing: 'mask' });
      assert.deepEqual(model.features, ['a', name]);
      assert.ok(Number.isFinite(model.score([{ a: 1 }, records[0]])[0]));
    }
  });

  test('getters that throw are told with their row', async () => {
    const bad = {
      get a() {
        throw new RangeError('no such disk');
      },
      b: 1,
    };
    const check = error('SHAPE', /cannot be read in row 1: no such disk\./, { row: 1 });
    const model = await train(good, options);
    assert.throws(() => model.score([good[0], bad]), check);
    await assert.rejects(train([good[0], bad], options), check);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const table of [proxy, [proxy], [good[0], proxy], { a: proxy, b: [1] }, [[1, 2], proxy]]) {
      assert.throws(() => model.score(table), error('SHAPE', /./));
      await assert.rejects(train(table, options), error('SHAPE', /./));
    }
  });

  test('cells that are no cells are refused', async () => {
    const model = await train(good, options);
    for (const cell of [{}, [], [1], () => 1, Symbol('s'), new Map(), Object.create(null)]) {
      assert.throws(() => model.score([{ a: cell, b: 1 }]), error('SHAPE', /Row 0, column 0/, { row: 0, column: 0 }));
      await assert.rejects(train([...good, { a: cell, b: 1 }], options), error('SHAPE', /Row 3, column 0/, { row: 3 }));
    }
  });

  test('a class with getters of its own', async () => {
    class Order {
      #a;
      constructor(a, b) {
        this.#a = a;
        this.b = b;
      }
      get a() {
        return this.#a;
      }
    }
    const model = await train(good, options);
    const orders = good.map(({ a, b }) => new Order(a, b));
    assert.deepEqual(model.score(orders), model.score(good));
    assert.deepEqual((await train(orders, options)).features, ['a', 'b']);
  });

  test('a table that becomes shorter while it is taken in is refused', async () => {
    const long = Array.from({ length: 30_000 }, (_, row) => [row % 7, row % 5]);
    const training = train(long, { ...options, sliceMs: 1 });
    await new Promise(setImmediate);
    long.length = 10;
    await assert.rejects(training, error('SHAPE', /became shorter.*Leave the table as it is/));
    const data = new Float64Array(4_000_000).map((_, at) => at % 9);
    const other = train({ data, columns: 4 }, { ...options, sliceMs: 1 });
    await new Promise(setImmediate);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    await assert.rejects(other, error('SHAPE', /shrunk or transferred/));
  });

  test('100,000 names are a matter of moments, and two that are equal are refused', async () => {
    const wide = { data: new Float32Array(2e5).map((_, at) => at % 5), columns: 1e5 };
    await assert.rejects(
      train(wide, { ...options, features: Array.from({ length: 1e5 }, (_, at) => `n${at % 99_999}`) }),
      error('BAD_OPTION', /"n0" is there twice/, { option: 'features' }),
    );
    const frame = {
      columns: ['a', 'a'],
      values: [
        [1, 2],
        [2, 3],
      ],
      shape: [2, 2],
    };
    await assert.rejects(train(frame, options), error('SHAPE', /same name/));
  });
});

test('every CSV file of vega-datasets is read alike by all parsers, with no option', async () => {
  const folder = new URL('../../node_modules/vega-datasets/data/', import.meta.url);
  for (const file of ['seattle-weather.csv', 'github.csv', 'la-riots.csv', 'sp500.csv', 'airports.csv']) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const tables = [
      csvParse(text),
      parse(text, { columns: true }),
      Papa.parse(text, { header: true }).data,
      csvParseRows(text),
    ];
    const found = await Promise.all(tables.map((table) => detect(table, { seed: 1, epochs: 1, top: 3 })));
    for (const { findings } of found) assert.deepEqual(findings, found[0].findings, file);
  }
});
