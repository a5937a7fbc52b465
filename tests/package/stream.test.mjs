// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Rows that come one after another, judged in bounded memory.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Autoencoder, train } from 'anomalens';
import { error, noise, slack } from './support.mjs';
import { plainOrders } from './tables.mjs';

const few = noise(200, 4, 2);
const rows = noise(1000, 4, 3).map((row, at) => (at % 200 === 77 ? [...row.slice(0, 3), 4 + at / 100] : row));

let model;
before(async () => {
  model = await train(few, { seed: 1 });
});

async function collect(stream) {
  const judged = [];
  for await (const one of stream) judged.push(one);
  return judged;
}

async function* late(items) {
  for (const item of items) {
    await null;
    yield item;
  }
}

test('rows and batches of every kind are judged as score and findings judge the whole table', async () => {
  const [scores, flags, values] = [model.score(rows), model.predict(rows), model.pValues(rows)];
  const findings = model.findings(rows, { top: 5 });
  const batches = (make) => [0, 300, 310, 310].map((first, at, all) => make(rows.slice(first, all[at + 1] ?? 1000)));
  const column = (part, at) => part.map((row) => row[at]);
  const sources = {
    rows,
    'a generator': late(rows),
    'arrays of rows': batches((part) => part),
    'flat arrays': late(batches((part) => ({ data: Float64Array.from(part.flat()), columns: 4 }))),
    'columns by name': batches((part) => Object.fromEntries(few[0].map((_, at) => [`f${at + 1}`, column(part, at)]))),
    'rows among batches': [...rows.slice(0, 10), rows.slice(10, 900), ...rows.slice(900)],
    records: rows.map(([f1, f2, f3, f4]) => ({ f1, f2, f3, f4 })),
  };
  for (const [kind, source] of Object.entries(sources)) {
    const stream = model.stream(source, { top: 5, batch: 64 });
    const judged = await collect(stream);
    assert.equal(stream.rows, 1000);
    assert.deepEqual(
      judged,
      rows.map((_, row) => ({ row, score: scores[row], pValue: values[row], anomaly: flags[row] === 1 })),
      kind,
    );
    assert.deepEqual(stream.findings, findings, kind);
  }
  const goods = await train(plainOrders, { seed: 1 });
  const stream = goods.stream(plainOrders, { top: 3, batch: 1 });
  await collect(stream);
  assert.deepEqual(stream.findings, goods.findings(plainOrders, { top: 3 }));
  goods.dispose();
});

test('a batch of one is judged as soon as it is there', async () => {
  let given = 0;
  const source = (function* () {
    for (const row of rows.slice(0, 20)) {
      given++;
      yield row;
    }
  })();
  for await (const { row } of model.stream(source, { batch: 1 })) assert.equal(given, row + 1);
});

test('memory does not grow with the rows, and the event loop has its turns', async () => {
  const source = function* (count) {
    for (let row = 0; row < count; row++) yield rows[row % 1000];
  };
  await collect(model.stream(source(1000)));
  const { heapBytes } = model.memoryUsage();
  let turns = 0;
  let going = true;
  const turn = () => {
    turns++;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const stream = model.stream(source(100_000), { top: 3 });
  for await (const { row } of stream) assert.ok(row < 100_000);
  going = false;
  assert.ok(turns > 5, `${turns} turns`);
  assert.equal(stream.findings.length, 3);
  assert.ok(Math.abs(model.memoryUsage().heapBytes - heapBytes) <= slack);
});

test('what the source throws comes through after the rows before it, and the row is known', async () => {
  const broken = new Error('the cable is out');
  const stream = model.stream(
    (async function* () {
      yield* rows.slice(0, 300);
      throw broken;
    })(),
  );
  let judged = 0;
  const reading = async () => {
    for await (const _ of stream) judged++;
  };
  await assert.rejects(reading(), (thrown) => thrown === broken);
  assert.equal(judged, 300);
  assert.equal(stream.rows, 300);
  assert.equal(stream.findings.length, 10);
});

test('leaving the loop early, or a row that cannot be judged, closes the source', async () => {
  let closed = 0;
  const source = function* (all) {
    try {
      yield* all;
    } finally {
      closed++;
    }
  };
  for await (const { row } of model.stream(source(rows), { batch: 8 })) if (row === 3) break;
  assert.equal(closed, 1);
  const bad = rows.with(500, [1, 2, 3, Infinity]);
  await assert.rejects(
    collect(model.stream(source(bad), { batch: 64 })),
    error('NON_FINITE', /begins with row 448 of the stream.*Infinity/, { row: 500, column: 3 }),
  );
  assert.equal(closed, 2);
});

test('a model trained anew or disposed meanwhile rejects', async () => {
  const own = await train(few, { seed: 1, epochs: 1 });
  const during = async (act) => {
    for await (const { row } of own.stream(rows, { batch: 10 })) if (row === 15) await act();
  };
  await assert.rejects(
    during(() => own.fit(few, { epochs: 1 })),
    error('DISPOSED', /Another training/),
  );
  await assert.rejects(
    during(() => own.dispose()),
    error('DISPOSED', /disposed/),
  );
});

test('what is no stream is refused, an empty one has no findings, and each is read once', async () => {
  assert.throws(() => model.stream(7), error('SHAPE', /iterable/));
  assert.throws(() => model.stream('rows'), error('SHAPE', /iterable/));
  assert.throws(() => model.stream(rows, { batch: 0 }), error('BAD_OPTION', /batch/));
  const untrained = await Autoencoder.create();
  assert.throws(() => untrained.stream(rows), error('NOT_FITTED', /fit/));
  await assert.rejects(
    collect(model.stream([few[0], 5], { batch: 1 })),
    error('SHAPE', /Row 1 of the stream must be.* 5/, { row: 1 }),
  );
  const stream = model.stream([]);
  assert.deepEqual(await collect(stream), []);
  assert.deepEqual(stream.findings, []);
  await assert.rejects(collect(stream), error('DISPOSED', /already/));
});
