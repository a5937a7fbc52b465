// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Metrics, counted by hand with ties, and the generators of data.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { init, metrics, synthetic } from 'anomalens';
import { assertClose, error, root, run } from './support.mjs';

before(() => init());

const scores = [0.9, 0.8, 0.8, 0.7, 0.5, 0.5, 0.5, 0.1];
const labels = [1, 1, 0, 0, 1, 0, 0, 0];

test('auroc, average precision and precision at k, with ties', () => {
  // Pairs: 5 + (4 + ½) + (1 + 2 · ½) of 15.
  assertClose([metrics.auroc(scores, labels)], [11.5 / 15], 1e-12);
  assertClose([metrics.auroc(Float32Array.from(scores), Uint8Array.from(labels))], [11.5 / 15], 1e-12);
  assertClose([metrics.averagePrecision(scores, labels)], [(1 + 2 / 3 + 3 / 7) / 3], 1e-12);
  assertClose([metrics.precisionAtK(scores, labels, 1)], [1], 1e-12);
  assertClose([metrics.precisionAtK(scores, labels, 2)], [1.5 / 2], 1e-12);
  assertClose([metrics.precisionAtK(scores, labels, 8)], [3 / 8], 1e-12);
});

test('confusion flags what is strictly above the threshold', () => {
  const expected = { truePositives: 1, falsePositives: 0, trueNegatives: 5, falseNegatives: 2 };
  assert.deepEqual(metrics.confusion(Float32Array.from([4, 3, 3, 2, 1, 1, 1, 0]), labels, 3), expected);
});

test('curves have a point for every distinct score', () => {
  const roc = metrics.roc(scores, labels);
  assertClose(roc.truePositiveRate, [0, 1 / 3, 2 / 3, 2 / 3, 1, 1], 1e-12);
  assertClose(roc.falsePositiveRate, [0, 0, 1 / 5, 2 / 5, 4 / 5, 1], 1e-12);
  assert.equal(roc.thresholds[0], Infinity);
  const { precision, recall, thresholds } = metrics.precisionRecall(scores, labels);
  assertClose(precision, [1, 2 / 3, 2 / 4, 3 / 7, 3 / 8], 1e-12);
  assertClose(recall, [1 / 3, 2 / 3, 2 / 3, 1, 1], 1e-12);
  assertClose(thresholds, [0.9, 0.8, 0.7, 0.5, 0.1], 1e-6);
});

test('what cannot be measured is refused', () => {
  assert.throws(() => metrics.auroc([1, 2], [1]), error('SHAPE', /2 scores and 1 labels/));
  assert.throws(() => metrics.auroc([1, 2], [1, 1]), error('SHAPE', /both kinds/));
  assert.throws(() => metrics.auroc([1, 2], [1, 2]), error('SHAPE', /labels\[1\] is 2/));
  assert.throws(() => metrics.auroc([1, '2'], [1, 0]), error('SHAPE', /scores\[1\] is "2"/));
  assert.throws(() => metrics.roc([], []), error('SHAPE', /no scores/));
  assert.throws(() => metrics.averagePrecision(5, [1]), error('SHAPE', /scores must be an array/));
  assert.throws(() => metrics.auroc([1, Number.NaN], [1, 0]), error('NON_FINITE', /Score 1/));
  assert.throws(() => metrics.precisionAtK(scores, labels, 0), error('BAD_OPTION', /k must be/, { option: 'k' }));
  assert.throws(() => metrics.precisionAtK(scores, labels, 9), error('BAD_OPTION', /k must be from 1 to 8/));
  assert.throws(() => metrics.confusion(scores, labels, Number.NaN), error('BAD_OPTION', /threshold/));
});

test('metrics load the module themselves where that can be done at once', async () => {
  const job = (entry) =>
    run(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { metrics, synthetic } from '${entry}';
      try { console.log(metrics.auroc([1, 2, 3], [0, 0, 1])); } catch (e) { console.log(e.code, e.message); }
      const data = await synthetic.wave();
      console.log(metrics.auroc([1, 2, 3], [0, 1, 0]), data.labels.length);`,
      ],
      { cwd: root },
    );
  assert.equal(await job('anomalens'), '1\n0.5 400\n');
  assert.match(await job('anomalens/slim'), /^WASM_LOAD .*call await init\(\) first\.\n0\.5 400\n$/);
});

test('generators make what they promise, the same every time', async () => {
  const sizes = { seed: 5, rows: 50, normals: 7, anomalies: 3 };
  for (const [name, columns] of [
    ['article', 4],
    ['brokenRelation', 4],
    ['wave', 2],
    ['patterns', 16],
  ]) {
    const [one, again] = [await synthetic[name](sizes), await synthetic[name](sizes)];
    assert.deepEqual(one, again);
    assert.equal(one.train.columns, columns);
    assert.equal(one.train.data.length, 50 * columns);
    assert.equal(one.test.data.length, 10 * columns);
    assert.deepEqual([...one.labels], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    await assert.rejects(synthetic[name]({ rows: 1 }), error('BAD_OPTION', /rows must be from 2/, { option: 'rows' }));
    await assert.rejects(synthetic[name]({ row: 1 }), error('BAD_OPTION', /no option 'row'/));
  }
  const { patterns } = await synthetic.patterns();
  assert.equal(patterns.length, 6 * 16);
  for (let at = 0; at < 96; at += 16)
    assertClose([patterns.subarray(at, at + 16).reduce((sum, x) => sum + x * x, 0)], [1], 1e-6);
  const [wiring, everything] = [
    await synthetic.patterns(sizes),
    await synthetic.patterns({ ...sizes, kind: 'everything' }),
  ];
  assert.deepEqual(wiring.train, everything.train);
  assert.notDeepEqual(wiring.test, everything.test);
  const far = await synthetic.wave({ anomalies: 200, distance: 1 });
  for (let row = 300; row < 500; row++) {
    const [x, y] = far.test.data.subarray(row * 2, row * 2 + 2);
    assert.ok(Math.abs(y - Math.sin(1.5 * x)) > 0.999);
  }
  await assert.rejects(synthetic.wave({ noise: 2 }), error('BAD_OPTION', /noise must be from 0 to 1/));
});
