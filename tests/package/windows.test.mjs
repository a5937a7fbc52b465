// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Windows of sensor series: what is strange is a moment, not a value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detect, metrics, train, windows } from 'anomalens';
import { error, random } from './support.mjs';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

/**
 * Ninety days of an hourly load with a daily cycle. In `faults` of the hours the value is that of another time of the day:
 * an ordinary one, at the wrong moment.
 */
function daily(seed, faults = 40) {
  const { uniform, normal } = random(seed);
  const clean = (at) => 50 + 20 * Math.sin((2 * Math.PI * at) / 24) + normal();
  const load = Float64Array.from({ length: 90 * 24 }, (_, at) => clean(at));
  const labels = new Uint8Array(load.length);
  for (let fault = 0; fault < faults; fault++) {
    const at = 24 + Math.floor(uniform() * (load.length - 48));
    if (labels.subarray(at - 6, at + 7).some(Boolean)) continue;
    load[at] = clean(at + 9 + Math.floor(uniform() * 7));
    labels[at] = 1;
  }
  return { load, labels, time: Array.from(load, (_, at) => new Date(start + at * hour)) };
}

/** How well the scores of windows tell those whose present value is a fault from those that hold none. */
async function aurocOf(series, labels, options) {
  const table = windows(series, options);
  const { scores, model } = await detect(table, { seed: 1 });
  const reach = table.at(0).position;
  const chosen = [...scores.keys()].filter((row) => {
    const { position } = table.at(row);
    return labels[position] === 1 || !labels.subarray(position - reach, position).some(Boolean);
  });
  model.dispose();
  return metrics.auroc(
    Float32Array.from(chosen, (row) => scores[row]),
    Uint8Array.from(chosen, (row) => labels[table.at(row).position]),
  );
}

test('an ordinary value at the wrong hour is found in its window, not by itself', async () => {
  for (const seed of [1, 2, 3]) {
    const { load, labels } = daily(seed);
    const alone = await aurocOf(load, labels, { length: 1 });
    const within = await aurocOf(load, labels, { length: 12 });
    assert.ok(alone <= 0.55, `the value alone reaches ${alone}`);
    assert.ok(within >= 0.95, `windows reach ${within}`);
  }
});

test('windows of a shuffled series find nothing', async () => {
  const { load, labels } = daily(1);
  const { uniform } = random(9);
  const order = [...load.keys()].sort(() => uniform() - 0.5);
  const shuffled = await aurocOf(
    load.map((_, at) => load[order[at]]),
    labels.map((_, at) => labels[order[at]]),
    { length: 12 },
  );
  assert.ok(shuffled < 0.65, `${shuffled}`);
});

test('reasons say which moment, and every row knows its time', async () => {
  const { load, time } = daily(4, 0);
  load[1000] += 35;
  const table = windows({ time, load }, { lags: [0, 1, 24] });
  assert.deepEqual(Object.keys(table), ['load[-24]', 'load[-1]', 'load[0]']);
  const { findings } = await detect(table, { seed: 1, top: 3 });
  for (const { row, reasons } of findings) {
    assert.deepEqual(table.at(row, reasons[0].feature), { position: 1000, time: time[1000] });
  }
  assert.deepEqual(
    findings.map(({ row }) => table.at(row).position).sort((a, b) => a - b),
    [1000, 1001, 1024],
  );
  assert.equal(table.at(0).time, time[24]);
});

test('windows hold the values in their order, begin every step, and keep gaps', () => {
  const table = windows([1, 2, null, 4, 5, 6, 7], { length: 3, step: 2, name: 'x' });
  assert.deepEqual(Object.keys(table), ['x[-2]', 'x[-1]', 'x[0]']);
  assert.deepEqual(table['x[-2]'], Float64Array.of(1, Number.NaN, 5));
  assert.deepEqual(table['x[0]'], Float64Array.of(Number.NaN, 5, 7));
  assert.deepEqual([table.at(2), table.at(2, 'x[-2]')], [{ position: 6 }, { position: 4 }]);
  const two = windows(
    { a: Float32Array.of(1, 2, 3), when: [10, 20, 30], b: [4, 5, 6] },
    { lags: [1, 0], time: 'when' },
  );
  assert.deepEqual(
    { ...two },
    {
      'a[-1]': Float32Array.of(1, 2),
      'a[0]': Float32Array.of(2, 3),
      'b[-1]': Float64Array.of(4, 5),
      'b[0]': Float64Array.of(5, 6),
    },
  );
  assert.deepEqual(two.at(1, 'b[-1]'), { position: 1, time: 20 });
  const own = [1, 2, 3];
  const copy = windows(own, { length: 2 });
  own[0] = 9;
  assert.equal(copy['value[-1]'][0], 1);
});

test('a model trained on windows takes others, gaps included', async () => {
  const { load } = daily(5, 0);
  const model = await train(windows(load, { length: 6 }), { seed: 1 });
  load[500] = Number.NaN;
  assert.ok(model.score(windows(load, { length: 6 })).every(Number.isFinite));
  model.dispose();
});

test('what cannot be windows is refused, with the cure', () => {
  const ten = Array.from({ length: 10 }, (_, at) => at);
  const refused = (series, options, ...expected) => assert.throws(() => windows(series, options), error(...expected));
  refused(ten, {}, 'BAD_OPTION', /length.*or lags/, { option: 'length' });
  refused(ten, { length: 2, lags: [0] }, 'BAD_OPTION', /not both/);
  refused(ten, { length: 11 }, 'BAD_OPTION', /at most 10 in a series of 10 values, but it is 11/, { option: 'length' });
  refused(ten, { lags: [0, 10] }, 'BAD_OPTION', /at most 9 steps/, { option: 'lags' });
  refused(ten, { length: 2, step: 0 }, 'BAD_OPTION', /step must be 1 or more, but it is 0/, { option: 'step' });
  refused(ten, { lags: [0, -1] }, 'BAD_OPTION', /lags\[1\] must be 0 or more, but it is -1/);
  refused(ten, { lags: [1, 1] }, 'BAD_OPTION', /different/, { option: 'lags' });
  refused(ten, { lags: [] }, 'BAD_OPTION', /lags/);
  refused(ten, { lenght: 2 }, 'BAD_OPTION', /Did you mean length/);
  refused({ a: ten, b: [1, 2] }, { length: 2 }, 'SHAPE', /"b" has 2 cells, but "a" has 10/, { column: 1 });
  refused({ a: ten, time: [1] }, { length: 2 }, 'SHAPE', /"time" has 1 cell/);
  refused({ a: ten, when: ten }, { length: 2, time: 'then' }, 'BAD_OPTION', /no "then"/, { option: 'time' });
  refused({ time: ten }, { length: 2 }, 'SHAPE', /no series/);
  refused({ a: ['x', 'y'] }, { length: 1 }, 'SHAPE', /Value 0 of "a".*option time/, { row: 0, column: 0 });
  refused([1, Infinity], { length: 1 }, 'NON_FINITE', /Value 1 of "value"/, { row: 1 });
  refused(undefined, { length: 1 }, 'SHAPE', /series must be/);
  const table = windows(ten, { length: 3 });
  assert.throws(() => table.at(8), error('BAD_OPTION', /row must be from 0 to 7/));
  assert.throws(() => table.at(0, 'value[-3]'), error('BAD_OPTION', /no feature "value\[-3\]"/));
});
