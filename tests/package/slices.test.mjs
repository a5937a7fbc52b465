// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A training of many rows leaves the event loop its turns from the first row to the threshold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, noise, onlyLeft, slack } from './support.mjs';

const columns = 10;
/** So many that taking them in and setting the threshold takes several slices of a millisecond. */
const many = { data: Float32Array.from(noise(60_000, columns).flat()), columns };
const few = noise(100, columns, 2);
const brief = { epochs: 1, sliceMs: 1 };

const stateOf = (model) => JSON.stringify(model);

/** Counts the turns of the event loop until `promise` is settled, which it returns, by the stage that is under way. */
async function turnsOf(train) {
  const turns = { intake: 0, training: 0, threshold: 0 };
  let stage = 'intake';
  let going = true;
  const turn = () => {
    turns[stage] += 1;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const onProgress = ({ etaMs }) => {
    stage = etaMs === 0 ? 'threshold' : 'training';
  };
  await train(onProgress);
  going = false;
  return turns;
}

test('the event loop has its turn while rows are taken in and while the threshold is taken', async () => {
  const model = await Autoencoder.create({ seed: 1 });
  const turns = await turnsOf((onProgress) => model.fit(many, { ...brief, onProgress }));
  assert.ok(turns.intake > 2, `${turns.intake} turns while rows were taken in`);
  assert.ok(turns.threshold > 2, `${turns.threshold} turns while the threshold was taken`);
  const whole = await train(many, { seed: 1, epochs: 1, sliceMs: 1000 });
  assert.equal(model.fingerprint(), whole.fingerprint());
  assert.equal(model.threshold, whole.threshold);
  assert.deepEqual(model.score(few), whole.score(few));
});

test('the event loop has its turn while detect judges and ranks the rows', async () => {
  const turns = await turnsOf((onProgress) => detect(many, { ...brief, seed: 1, onProgress }));
  assert.ok(turns.threshold > 50, `${turns.threshold} turns from the training to the findings`);
  const { model, findings } = await detect(many, { seed: 1, epochs: 1, sliceMs: 1000 });
  assert.equal(findings.length, 10);
  for (const [index, { row, score, pValue }] of findings.entries()) {
    assert.ok(index === 0 || score <= findings[index - 1].score);
    assert.ok(row < 60_000 && pValue > 0);
  }
  assert.ok(findings.some(({ score }) => score > model.threshold));
});

test('a signal that comes while detect judges the rows leaves no model', async () => {
  const { model } = await detect(few, { seed: 1, epochs: 1 });
  await onlyLeft(model);
  const { models } = model.memoryUsage();
  const controller = new AbortController();
  const onProgress = ({ etaMs }) => {
    if (etaMs === 0) setTimeout(() => controller.abort('enough'), 100);
  };
  const detecting = detect(
    { data: new Float32Array(3e6).map((_, at) => Math.sin(at * at)), columns: 10 },
    {
      ...brief,
      signal: controller.signal,
      onProgress,
    },
  );
  await assert.rejects(detecting, (thrown) => thrown === 'enough');
  assert.equal(model.memoryUsage().models, models);
});

test('a signal that comes while rows are taken in leaves the model as it was', async () => {
  const model = await train(few, { seed: 1, epochs: 2 });
  const before = stateOf(model);
  await onlyLeft(model);
  const { heapBytes } = model.memoryUsage();
  const controller = new AbortController();
  const training = model.fit(many, {
    ...brief,
    signal: controller.signal,
    onProgress: () => assert.fail('it trained'),
  });
  setImmediate(() => controller.abort('enough'));
  await assert.rejects(training, (thrown) => thrown === 'enough');
  assert.equal(stateOf(model), before);
  assert.ok(Math.abs(model.memoryUsage().heapBytes - heapBytes) <= slack);
});

test('between the pieces the model scores as before', async () => {
  const model = await train(few, { seed: 1, epochs: 2 });
  const before = model.score(few);
  const training = model.fit(many, brief);
  await new Promise(setImmediate);
  assert.deepEqual(model.score(few), before);
  await training;
  assert.notDeepEqual(model.score(few), before);
});

test('a bad row among many is named, and the model is as before', async () => {
  const model = await train(few, { seed: 1, epochs: 2 });
  const before = stateOf(model);
  const data = many.data.slice();
  data[59_990 * columns + 3] = Infinity;
  await assert.rejects(model.fit({ data, columns }, brief), error('NON_FINITE', /59990/, { row: 59_990, column: 3 }));
  assert.equal(stateOf(model), before);
});

test('the training that was asked for last goes before those that are still taking in rows', async () => {
  const model = await Autoencoder.create({ seed: 1 });
  const first = model.fit(many, brief);
  const second = model.fit(few, brief);
  await assert.rejects(first, error('DISPOSED', /another training/));
  await second;
  assert.equal(model.fingerprint(), (await train(few, { seed: 1, epochs: 1 })).fingerprint());

  const slow = model.fit(many, brief);
  await assert.rejects(model.fit([[1, 2], [3]], brief), error('SHAPE', /Row 1/));
  await slow;
  assert.equal(model.columns.length, columns, 'a training that never began stopped another one');

  const third = model.fit(few, { epochs: 1_000_000, sliceMs: 1 });
  const fourth = model.fit(many, brief);
  await assert.rejects(third, error('DISPOSED', /another training/));
  await fourth;
});

test('a training on that is asked for later goes before one that is taking in rows', async () => {
  const model = await train(few, { seed: 1, epochs: 2 });
  const stopped = assert.rejects(model.fit(many, brief), error('DISPOSED', /another training/));
  const report = await model.partialFit(few, brief);
  assert.equal(report.epochs, 1);
  await stopped;
});

test('a model disposed while it takes in rows says so', async () => {
  const model = await Autoencoder.create({ seed: 1 });
  await onlyLeft(model);
  const { heapBytes, models } = model.memoryUsage();
  const training = model.fit(many, brief);
  model.dispose();
  await assert.rejects(training, error('DISPOSED', /disposed/));
  assert.ok(model.memoryUsage().heapBytes <= heapBytes);
  assert.equal(model.memoryUsage().models, models - 1);
});

test('who aborts a training and starts the next one at once gets the reason of the first', async () => {
  const model = await Autoencoder.create({ seed: 1 });
  const controller = new AbortController();
  const first = model.fit(few, { epochs: 1_000_000, sliceMs: 1, signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort('changed my mind');
  const second = model.fit(few, { epochs: 3 });
  await assert.rejects(first, (thrown) => thrown === 'changed my mind');
  assert.equal((await second).epochs, 3);
});

test('an aborted fit has a threshold when it rejects; an aborted train() leaves nothing', async () => {
  const model = await Autoencoder.create({ seed: 1 });
  const stopped = (controller) => ({
    ...brief,
    epochs: 1_000_000,
    signal: controller.signal,
    onProgress: () => controller.abort('enough'),
  });
  await assert.rejects(model.fit(many, stopped(new AbortController())), (thrown) => thrown === 'enough');
  assert.ok(model.fitted && Number.isFinite(model.threshold));
  await onlyLeft(model);
  const { models } = model.memoryUsage();
  const heaps = [];
  for (let round = 0; round < 3; round++) {
    await assert.rejects(train(many, stopped(new AbortController())), (thrown) => thrown === 'enough');
    heaps.push(model.memoryUsage().heapBytes);
  }
  assert.equal(model.memoryUsage().models, models);
  assert.ok(Math.abs(heaps[2] - heaps[0]) <= slack, `the heap went from ${heaps[0]} to ${heaps[2]} bytes`);
});
