// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Very small, very large and very many: what the package does where numbers or memory end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Autoencoder, metrics, train } from 'anomalens';
import { error, noise } from './support.mjs';

/** Rows whose second column follows the first, and as many that break the relation by far, in the units given. */
function related(unit, offset = 0) {
  const rows = noise(300, 2, 3).map(([a, b]) => [offset + a * unit, offset + (a + 0.1 * b) * unit]);
  const strange = noise(50, 1, 4).map(([a]) => [offset + 5 * unit * (2 + a), offset - 5 * unit]);
  return {
    rows: rows.slice(0, 250),
    test: [...rows.slice(250), ...strange],
    labels: [...Array(100).keys()].map((at) => Number(at >= 50)),
  };
}

const ranking = (model, { test: rows, labels }) => metrics.auroc(model.score(rows), labels);
const net = { epochs: 20, seed: 1, hidden: [4], latent: 1 };

for (const scaler of ['standard', 'robust', 'minmax', undefined]) {
  const options = scaler ? { ...net, scaler } : { seed: 1, epochs: 20 };
  test(`spreads from 1 to 1e-300 and offsets of 1e15 rank rightly with ${scaler ?? 'the default detector'}`, async () => {
    for (const unit of [1, 1e-100, 1e-158, 1e-163, 1e-200, 1e-300]) {
      const data = related(unit);
      assert.ok(ranking(await train(data.rows, options), data) > 0.95, `spread ${unit}`);
    }
    for (const [unit, offset] of [
      [10, 1e15],
      [1e6, 1.7e15],
      [50, 1.7e15],
    ]) {
      const data = related(unit, offset);
      assert.ok(ranking(await train(data.rows, options), data) > 0.95, `${offset} +- ${unit}`);
    }
  });
}

test('a table that no float tells apart as it is needs a scaler, and says which option that is', async () => {
  for (const data of [related(1e-30), related(10, 1e15)]) {
    await assert.rejects(
      train(data.rows, { ...net, scaler: 'none' }),
      error('BAD_OPTION', /scaler must be/, { option: 'scaler' }),
    );
  }
});

test('the residual of a reason is there and finite however far the value lies', async () => {
  const rows = noise(160, 3);
  for (let seed = 0; seed < 8; seed++) {
    const model = await train(rows, { hidden: [], latent: 2, epochs: 1, seed, learningRate: 1 });
    for (const value of [1e13, -1e13, 1e100, -1e300, 1.7e308]) {
      for (let column = 0; column < 3; column++) {
        const row = rows[0].with(column, value);
        for (const { feature, share, residual } of model.explain(row)) {
          assert.ok(Number.isFinite(residual));
          if (share > 0.1) assert.notEqual(residual, 0, `${feature} of ${row}`);
        }
        const own = model.explain(row).find(({ value: shown }) => shown === value);
        const [expected] = model.reconstruct([row]).slice(column, column + 1);
        if (Math.abs(value) > 1e39) assert.equal(Math.sign(own.residual), Math.sign(value - expected));
      }
    }
    model.dispose();
  }
});

test('codes of any size are decoded into finite cells', async () => {
  const model = await train(noise(160, 3), { hidden: [4], latent: 2, epochs: 2 });
  assert.ok(
    model
      .decode([
        [1e300, 1],
        [-1e300, 1e300],
        [1e38, -1e38],
      ])
      .every(Number.isFinite),
  );
});

test('a good model stays as it was when training on blows up in its last step', async () => {
  const rows = noise(160, 3);
  for (const learningRate of [0.3, 1, 3, 10]) {
    const model = await train(rows, { hidden: [16], latent: 2, seed: 2, epochs: 30 });
    const before = model.score(rows);
    const how = { optimizer: 'sgd', learningRate, epochs: 1, batchSize: 32 };
    const ended = await model.fit(rows, how).then(
      () => 'trained',
      ({ code }) => code,
    );
    assert.ok(ended === 'DIVERGED' || ended === 'trained', ended);
    assert.ok(model.score(rows).every(Number.isFinite) && Number.isFinite(model.threshold));
    if (ended === 'DIVERGED') assert.deepEqual(model.score(rows), before);
    await Autoencoder.load(JSON.parse(JSON.stringify(model)));
  }
});

test('rows and columns that were swapped are refused at once, with a sentence that asks', async () => {
  const swapped = { data: new Float32Array(2e6), columns: 1e5 };
  const sentence = /20 rows of 500000 columns.*2 GB.*swapped\?/;
  await assert.rejects(
    train({ data: new Float32Array(1e7), columns: 5e5 }, { epochs: 1 }),
    error('OUT_OF_MEMORY', sentence),
  );
  await assert.rejects(train(swapped, { hidden: [4096], epochs: 1 }), error('OUT_OF_MEMORY', /swapped\?/));
  await assert.rejects(
    train({ data: new Float32Array(4e6), columns: 4e3 }, { hidden: [4096, 4096, 4096], latent: 4096, epochs: 1 }),
    error('OUT_OF_MEMORY', /1000 rows of 4000 columns.*smaller net/),
  );
  // The rows are not looked at: a cell that nobody could read goes unnoticed.
  const rows = {
    data: new Proxy([], { get: (list, key) => (key === 'length' ? 1e7 : Reflect.get(list, key)) }),
    columns: 5e5,
  };
  await assert.rejects(train(rows, { epochs: 1 }), error('OUT_OF_MEMORY', /swapped\?/));
});
