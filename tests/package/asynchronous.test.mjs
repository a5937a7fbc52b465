// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Judging many rows in slices, and judging none.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Autoencoder, train } from 'anomalens';
import { error, noise } from './support.mjs';
import { plainOrders } from './tables.mjs';

const columns = 10;
const many = { data: Float32Array.from(noise(60_000, columns).flat()), columns };
const few = noise(200, columns, 2);
const brief = { sliceMs: 1 };

let committee;
let single;
before(async () => {
  committee = await train(few, { seed: 1 });
  single = await train(few, { seed: 1, hidden: [8], latent: 2, epochs: 5 });
});

const methods = ['score', 'predict', 'pValues', 'findings', 'featureErrors', 'reconstruct', 'encode'];
const knows = (model, method) => method !== 'encode' || model === single;

/** The median of what this process computed between two turns of the event loop until `work` was done, in milliseconds. */
async function blocks(work) {
  const all = [];
  let [since, going] = [process.cpuUsage(), true];
  const turn = () => {
    all.push(process.cpuUsage(since).user / 1000);
    since = process.cpuUsage();
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  going = false;
  const sorted = all.filter((ms) => ms > 1).sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], turns: all.length };
}

test('the bits are the same in slices and at once', async () => {
  for (const model of [committee, single]) {
    for (const method of methods.filter((name) => knows(model, name))) {
      const whole = model[method](many);
      const { turns } = await blocks(async () => assert.deepEqual(await model[`${method}Async`](many, brief), whole));
      assert.ok(turns > (model === committee ? 3 : 0), `${method} gave way ${turns} times`);
    }
  }
  const goods = await train(plainOrders, { seed: 1 });
  assert.deepEqual(
    await goods.findingsAsync(plainOrders, { top: 3, ...brief }),
    goods.findings(plainOrders, { top: 3 }),
  );
  goods.dispose();
});

test('a million rows of 20 columns leave the event loop its turns', { timeout: 120_000 }, async (context) => {
  const data = new Float32Array(20e6);
  for (let at = 0, state = 1; at < data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[at] = state / 2 ** 31 - 1;
  }
  const rows = { data, columns: 20 };
  const model = await train({ data: data.subarray(0, 40_000), columns: 20 }, { seed: 1 });
  const short = await blocks(() => model.scoreAsync(rows, { sliceMs: 10 }));
  const long = await blocks(() => model.scoreAsync(rows, { sliceMs: 100 }));
  context.diagnostic(`blocks of ${short.median.toFixed(1)} and ${long.median.toFixed(1)} ms`);
  // A slice ends with the chunk in which its time runs out. How long a chunk takes is the machine's affair, but not that ten
  // times the time holds the event loop several times as long, and less than one hundredth of all the work.
  assert.ok(short.turns > 100, `${short.turns} turns`);
  assert.ok(long.median > 3 * short.median, `${long.median} and ${short.median} ms`);
  model.dispose();
});

test('no rows are judged as nothing', async () => {
  for (const model of [committee, single]) {
    for (const method of methods.filter((name) => knows(model, name))) {
      assert.equal(model[method]([]).length, 0, method);
      assert.equal((await model[`${method}Async`]([])).length, 0, method);
    }
  }
  assert.ok(committee.predict([]) instanceof Uint8Array && committee.pValues([]) instanceof Float64Array);
  const untrained = await Autoencoder.create();
  for (const method of methods) assert.throws(() => untrained[method]([]), error('NOT_FITTED', /fit/));
  assert.throws(() => committee.encode([]), error('BAD_OPTION', /single net/));
  assert.throws(() => committee.score({}), error('SHAPE', /no columns/));
});

test('a model that is disposed between slices says so', async () => {
  const model = await train(few, { seed: 1, epochs: 1 });
  const scoring = assert.rejects(model.scoreAsync(many, brief), error('DISPOSED', /disposed/));
  await new Promise(setImmediate);
  model.dispose();
  await scoring;
  await assert.rejects(model.scoreAsync(few), error('DISPOSED', /disposed/));
});

test('a model that is trained anew between slices says so, and gives no mixture', async () => {
  for (const again of ['fit', 'partialFit']) {
    const model = await train(few, { seed: 1, epochs: 1 });
    const finding = assert.rejects(model.findingsAsync(many, brief), error('DISPOSED', /Another training/));
    await model[again](few, { epochs: 1 });
    await finding;
    assert.deepEqual(await model.scoreAsync(few), model.score(few));
    model.dispose();
  }
  const model = await train(few, { seed: 1, epochs: 1 });
  const trainer = model.trainer(few, { epochs: 2 });
  await assert.rejects(model.scoreAsync(few), error('NOT_FITTED', /finish\(\)/));
  trainer.finish();
  assert.equal((await model.scoreAsync(few)).length, 200);
  model.dispose();
});

test('other calls between two slices change nothing', async () => {
  const whole = committee.score(many);
  const scoring = committee.scoreAsync(many, brief);
  let done = false;
  scoring.then(() => {
    done = true;
  });
  for (let round = 0; !done; round++) {
    single.reconstruct(few);
    committee.explain(few[round % 200]);
    await new Promise(setImmediate);
  }
  assert.deepEqual(await scoring, whole);
});

test('a signal ends the work with its reason; bad options and rows reject', async () => {
  const controller = new AbortController();
  const scoring = committee.scoreAsync(many, { ...brief, signal: controller.signal });
  setImmediate(() => controller.abort('enough'));
  await assert.rejects(scoring, (thrown) => thrown === 'enough');
  await assert.rejects(committee.scoreAsync(few, { signal: controller.signal }), (thrown) => thrown === 'enough');
  await assert.rejects(committee.scoreAsync(few, { slices: 1 }), error('BAD_OPTION', /Did you mean sliceMs/));
  await assert.rejects(committee.findingsAsync(few, { sliceMs: 0 }), error('BAD_OPTION', /sliceMs/));
  const broken = many.data.slice();
  broken[50_000 * columns] = Infinity;
  await assert.rejects(
    committee.scoreAsync({ data: broken, columns }, brief),
    error('NON_FINITE', /50000/, { row: 50_000 }),
  );
  assert.equal((await committee.scoreAsync(few)).length, 200);
});
