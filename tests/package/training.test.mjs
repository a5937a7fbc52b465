// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Training in slices, in the caller's hands, with progress, stopped half-way, and gone wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, synthetic, train } from 'anomalens';
import { article, articleModel, articleTraining, error, noise, root, run } from './support.mjs';

const rows = noise(100, 4);
const small = { hidden: [6], latent: 2, seed: 3 };
/** Long enough never to end within one slice. */
const long = { epochs: 1_000_000, batchSize: 8 };

/** A loop that starves timers runs 1,000 slices before it looks at the first. */
const mostSlices = 300;

const trained = async (options = {}) => train(rows, { ...small, epochs: 4, ...options });
const stateOf = (model) => JSON.stringify(model);

test('many short runs end in the same bits as one long run', async () => {
  const whole = await train(article.Xtrain, { ...articleModel, ...articleTraining });
  const model = await Autoencoder.create(articleModel);
  for (const budget of [{ steps: 1 }, { steps: 13 }, { epochs: 1 }, { epochs: 0.4 }, { ms: 0.001 }, { epochs: 100 }]) {
    const trainer = model.trainer(article.Xtrain, articleTraining);
    while (!trainer.done) trainer.run(budget);
    const report = trainer.finish();
    assert.equal(model.fingerprint(), whole.fingerprint(), JSON.stringify(budget));
    assert.equal(report.threshold, whole.threshold);
  }
});

test('other slices of fit end in the same bits', async () => {
  const [one, other] = [await trained({ sliceMs: 1 }), await trained({ sliceMs: 1000 })];
  assert.equal(one.fingerprint(), other.fingerprint());
});

test('equal seeds give equal bits, other seeds give others', async () => {
  assert.equal((await trained()).fingerprint(), (await trained()).fingerprint());
  assert.notEqual((await trained({ seed: 4 })).fingerprint(), (await trained()).fingerprint());
});

test('a second fit starts over', async () => {
  const model = await trained();
  const first = model.fingerprint();
  await model.fit(rows, { epochs: 4 });
  assert.equal(model.fingerprint(), first);
});

test('a model sized from the data trains without any option', async () => {
  const model = await train(rows);
  assert.equal(model.layers()[0].inputs, 4);
  assert.equal(model.latent, 2);
  assert.ok(model.parameters > 0 && model.fitted && model.threshold > 0);
});

test('a trainer stops where its budget ends', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 10, batchSize: 32 });
  assert.equal(trainer.progress.step, 0);
  assert.ok(Number.isNaN(trainer.progress.loss));
  assert.equal(trainer.run({ steps: 3 }).step, 3);
  assert.equal(trainer.run({ epochs: 1 }).step, 7);
  assert.equal(trainer.losses.length, 1);
  assert.equal(trainer.run({ epochs: 50 }).epoch, 10);
  assert.ok(trainer.done);
  for (const budget of [
    {},
    { steps: 0 },
    { epochs: -1 },
    { ms: Number.NaN },
    { steps: 1, ms: 1 },
    { second: 1 },
    5,
    null,
  ]) {
    assert.throws(() => trainer.run(budget), error('BAD_OPTION', /budget/i, { option: 'budget' }));
  }
});

test('iterating trains one epoch at a time', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 5 });
  const seen = [];
  for (const { epoch, loss } of trainer) seen.push([epoch, loss]);
  assert.deepEqual(
    seen.map(([epoch]) => epoch),
    [1, 2, 3, 4, 5],
  );
  const report = trainer.finish();
  assert.deepEqual(
    seen.map(([, loss]) => loss),
    [...report.loss],
  );
  assert.equal(report.stopped, 'epochs');
});

test('while a trainer is open the model scores with the weights of the moment', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 20 });
  const first = model.score(rows);
  trainer.run({ epochs: 10 });
  assert.notDeepEqual(model.score(rows), first);
  assert.equal(model.fitted, false);
  assert.ok(Number.isNaN(model.threshold));
  assert.throws(() => model.predict(rows), error('NOT_FITTED', /no threshold/));
  assert.throws(() => model.toJSON(), error('NOT_FITTED', /finish/));
  const report = trainer.finish();
  assert.equal(report.stopped, 'aborted');
  assert.equal(report.epochs, 10);
  assert.ok(model.fitted);
  assert.equal(model.predict(rows).length, 100);
});

test('a finished trainer keeps its report and refuses more work', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 2 });
  trainer.run({ epochs: 2 });
  const report = trainer.finish();
  assert.equal(trainer.finish(), report);
  assert.ok(trainer.done);
  assert.deepEqual(trainer.losses, report.loss);
  assert.throws(() => trainer.run({ steps: 1 }), error('DISPOSED', /finished/));
  const before = stateOf(model);
  trainer.dispose();
  assert.equal(stateOf(model), before);
});

test('a trainer disposed before its end gives the model back its state', async () => {
  const model = await trained();
  const before = stateOf(model);
  const trainer = model.trainer({ x: [1, 2, 3], y: ['a', 'b', 'a'] }, { epochs: 5 });
  trainer.run({ epochs: 2 });
  assert.deepEqual(model.features, ['x', 'y']);
  trainer.dispose();
  trainer.dispose();
  assert.equal(stateOf(model), before);
  assert.throws(() => trainer.run({ steps: 1 }), error('DISPOSED', /trainer/));
  assert.throws(() => trainer.progress, error('DISPOSED', /trainer/));
  assert.throws(() => trainer.finish(), error('DISPOSED', /trainer/));
});

test('a second training of the same model closes the first', async () => {
  const model = await Autoencoder.create(small);
  const first = model.trainer(rows, { epochs: 5 });
  first.run({ steps: 1 });
  const second = model.trainer(rows, { epochs: 5 });
  assert.throws(() => first.run({ steps: 1 }), error('DISPOSED', /another training/));
  first.dispose();
  second.run({ epochs: 5 });
  second.finish();
  const [early, late] = [model.fit(rows, long), model.fit(rows, { epochs: 2 })];
  await assert.rejects(early, error('DISPOSED', /another training/));
  assert.equal((await late).epochs, 2);
  assert.ok(model.fitted);
});

test('a second training that cannot begin leaves the first one open', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 5 });
  assert.throws(() => model.trainer(rows, { epochs: -1 }), error('BAD_OPTION', /epochs/));
  assert.throws(
    () =>
      model.trainer([
        [1, 2],
        [3, Number.NaN],
      ]),
    error('NON_FINITE', /Row 1/),
  );
  trainer.run({ epochs: 5 });
  assert.equal(trainer.finish().epochs, 5);
});

test('learning rate and weight decay may change while training', async () => {
  const model = await Autoencoder.create(small);
  const trainer = model.trainer(rows, { epochs: 4 });
  trainer.run({ epochs: 2 });
  const plain = await Autoencoder.create(small);
  const other = plain.trainer(rows, { epochs: 4 });
  other.run({ epochs: 2 });
  assert.equal(model.fingerprint(), plain.fingerprint());
  trainer.set({ learningRate: 0.05, weightDecay: 0.1 });
  assert.throws(
    () => trainer.set({ learningRate: 0.01, weightDecay: -1 }),
    error('BAD_OPTION', /weightDecay/, { option: 'weightDecay' }),
  );
  assert.throws(() => trainer.set({ epochs: 3 }), error('BAD_OPTION', /'epochs'.*learningRate, weightDecay, l1/));
  other.set({ learningRate: 0.05, weightDecay: 0.1 });
  trainer.run({ epochs: 2 });
  other.run({ epochs: 2 });
  assert.equal(model.fingerprint(), plain.fingerprint());
  trainer.finish();
  assert.notEqual(model.fingerprint(), (await trained()).fingerprint());
});

// ------------------------------------------------------------------------------------------------ progress and abort
test('progress is told between slices and at the end', async () => {
  const seen = [];
  const report = await (await Autoencoder.create(small)).fit(rows, { epochs: 30, onProgress: (now) => seen.push(now) });
  const last = seen.at(-1);
  assert.equal(last.epoch, 30);
  assert.equal(last.epochs, 30);
  assert.equal(last.step, 30 * 4);
  assert.equal(last.loss, report.loss[29]);
  assert.equal(last.etaMs, 0);
  assert.deepEqual(Object.keys(last).sort(), [
    'done',
    'elapsedMs',
    'epoch',
    'epochs',
    'etaMs',
    'loss',
    'step',
    'steps',
  ]);
  seen.reduce((before, now) => assert.ok(now.step >= before.step && now.elapsedMs >= before.elapsedMs) ?? now);
});

test('an aborted fit rejects with the reason and keeps what was learned', async () => {
  const model = await trained();
  const before = model.fingerprint();
  const controller = new AbortController();
  const reason = new Error('enough');
  const onProgress = ({ epoch }) => epoch > 2 && controller.abort(reason);
  await assert.rejects(
    model.fit(rows, { ...long, signal: controller.signal, onProgress }),
    (thrown) => thrown === reason,
  );
  assert.notEqual(model.fingerprint(), before);
  assert.ok(model.fitted && Number.isFinite(model.threshold));
  assert.equal(model.predict(rows).length, 100);
});

test('timers have their turn between slices, and a signal from outside is heard at once', async () => {
  const model = await Autoencoder.create(small);
  for (let round = 0; round < 4; round++) {
    const controller = new AbortController();
    let late = 0;
    let slices = 0;
    const onProgress = () => {
      slices += 1;
      if (controller.signal.aborted) late += 1;
    };
    const training = model.fit(rows, { ...long, sliceMs: 2, signal: controller.signal, onProgress });
    let ticks = 0;
    const clock = setInterval(() => {
      ticks += 1;
      if (ticks === 5) controller.abort();
    }, 1);
    await assert.rejects(training, { name: 'AbortError' });
    clearInterval(clock);
    assert.equal(late, 0, 'slices were run after the signal');
    assert.ok(slices < mostSlices, `${slices} slices went by before five ticks of 1 ms`);
  }
});

test('without setImmediate, as in a browser, messages do the same', async () => {
  const script = `delete globalThis.setImmediate;
    const { Autoencoder } = await import('anomalens');
    const rows = Array.from({ length: 64 }, (_, i) => [i % 7, i % 5, i % 3]);
    const model = await Autoencoder.create({ latent: 2 });
    let slices = 0;
    const report = await model.fit(rows, { epochs: 3000, sliceMs: 1, onProgress: () => slices++ });
    console.log(report.epochs, slices > 1);`;
  const printed = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    timeout: 60_000,
  });
  assert.equal(printed, '3000 true\n');
});

test('a signal that was aborted before changes nothing', async () => {
  const model = await trained();
  const before = stateOf(model);
  await assert.rejects(model.fit(rows, { signal: AbortSignal.abort('no') }), (thrown) => thrown === 'no');
  assert.equal(stateOf(model), before);
});

test('what onProgress throws ends the training and leaves the model as it was', async () => {
  const model = await trained();
  const before = stateOf(model);
  const mine = new Error('mine');
  const onProgress = () => {
    throw mine;
  };
  await assert.rejects(model.fit(noise(50, 7), { onProgress }), (thrown) => thrown === mine);
  assert.equal(stateOf(model), before);
});

test('a training that diverges says so and leaves the last good weights', async () => {
  const model = await trained();
  const before = stateOf(model);
  const wild = { epochs: 2000, learningRate: 10, batchSize: 1 };
  const deep = await Autoencoder.create({ hidden: Array(16).fill(8), latent: 8, activation: 'linear' });
  const spikes = rows.map((row, index) => row.map((cell) => cell * 10 ** (index % 30)));
  await assert.rejects(deep.fit(spikes, wild), error('DIVERGED', /learningRate/));
  assert.ok(deep.fitted && deep.score(spikes).every(Number.isFinite), 'the model is not usable');
  assert.equal(stateOf(model), before);
  const trainer = deep.trainer(spikes, wild);
  assert.throws(() => trainer.run({ epochs: 2000 }), error('DIVERGED', /no longer finite/));
  assert.ok(trainer.done);
  trainer.finish();
  assert.ok(deep.score(rows).every(Number.isFinite));
});

test('a model disposed while it trains rejects the training', async () => {
  const model = await Autoencoder.create(small);
  const training = model.fit(rows, long);
  model.dispose();
  await assert.rejects(training, error('DISPOSED', /model/));
});

test('training keeps Node awake until it has ended, and no longer', async () => {
  const script = `import { train } from 'anomalens';
    const rows = Array.from({ length: 64 }, (_, i) => [i % 7, i % 5, i % 3]);
    const model = await train(rows, { epochs: 300, sliceMs: 1 });
    console.log('trained', model.fitted);`;
  const printed = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    timeout: 60_000,
  });
  assert.equal(printed, 'trained true\n');
});

// ------------------------------------------------------------------------------------------------ thresholds and data
test('a new threshold needs no training', async () => {
  const model = await trained();
  const scores = [...model.score(rows)].sort((a, b) => a - b);
  const before = model.fingerprint();
  assert.equal(model.calibrate(rows, { rule: 'quantile', q: 0.5 }), (scores[49] + scores[50]) / 2);
  assert.equal(
    model.predict(rows).reduce((sum, flag) => sum + flag, 0),
    50,
  );
  assert.equal(model.calibrate([], { rule: 'fixed', value: scores[98] }), scores[98]);
  assert.equal(
    model.predict(rows).reduce((sum, flag) => sum + flag, 0),
    1,
    'a score equal to the threshold is no anomaly',
  );
  assert.equal(model.fingerprint(), before);
  const fixed = await trained({ threshold: { rule: 'fixed', value: 0.25 } });
  assert.equal(fixed.threshold, 0.25);
});

test('a threshold that cannot be taken leaves the old one', async () => {
  const model = await trained();
  const before = model.threshold;
  const bad = [
    { rule: 'quantile', q: 1.5 },
    { rule: 'quantile' },
    { rule: 'median' },
    { rule: 'fixed', value: Infinity },
    { rule: 'quantile', value: 1 },
    0.95,
    null,
  ];
  for (const rule of bad) assert.throws(() => model.calibrate(rows, rule), error('BAD_OPTION', /threshold/));
  assert.throws(() => model.calibrate([], { rule: 'quantile', q: 0.5 }), error('SHAPE', /no rows/));
  assert.equal(model.threshold, before);
});

test('the article’s data come from a seed and can be shaped', async () => {
  const [one, same, other] = [
    await synthetic.article(),
    await synthetic.article({ seed: 42 }),
    await synthetic.article({ seed: 43 }),
  ];
  assert.deepEqual(one, same);
  assert.notDeepEqual(one.train.data, other.train.data);
  assert.equal(one.train.data.length, 800);
  assert.equal(one.labels.length, 80);
  assert.deepEqual([...one.labels.subarray(58, 62)], [0, 0, 1, 1]);
  const extreme = await synthetic.article({ rows: 2, normals: 0, anomalies: 50, kinds: ['extreme'], strength: 10 });
  for (let row = 0; row < 50; row++) assert.ok(extreme.test.data[row * 4 + 1] > 60);
  await assert.rejects(synthetic.article({ rows: 1 }), error('BAD_OPTION', /rows must be/, { option: 'rows' }));
  await assert.rejects(synthetic.article({ strength: 11 }), error('BAD_OPTION', /strength/, { option: 'strength' }));
  await assert.rejects(
    synthetic.article({ kinds: ['odd'] }),
    error('BAD_OPTION', /'shift', 'scale', 'extreme'.*"odd"/),
  );
  const model = await train(one.train, { seed: 1 });
  const scores = model.score(one.test);
  assert.ok(Math.min(...scores.subarray(60)) > 0);
});
