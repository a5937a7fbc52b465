// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Verdicts and reasons: findings, p-values, explanations, repairs, missing cells.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Autoencoder, detect, metrics, synthetic, train } from 'anomalens';
import { assertClose, error, noise, slack } from './support.mjs';

const single = { hidden: [16], latent: 2, epochs: 60, seed: 1 };
const colours = ['blue', 'green', 'red'];
const cells = noise(300, 1);
/** Colour and weight follow from size; `kind` never changes. */
const goods = cells.map(([size]) => ({
  size,
  weight: 3 * size + 10,
  colour: colours[Math.min(2, Math.floor((size + 1) * 1.5))],
  kind: 7,
}));

let data;
let model;
let committee;
before(async () => {
  data = await synthetic.article({ rows: 500 });
  model = await train(data.train, single);
  committee = await train(goods, { seed: 2 });
});

test('findings are ranked, limited and judged', () => {
  const scores = model.score(data.test);
  const p = model.pValues(data.test);
  const found = model.findings(data.test);
  assert.equal(found.length, 10);
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  assert.deepEqual(
    found.map(({ row }) => row),
    order.slice(0, 10),
  );
  for (const { row, score, pValue, anomaly, reasons } of model.findings(data.test, { top: Infinity, reasons: 2 })) {
    assert.deepEqual([score, pValue, anomaly], [scores[row], p[row], scores[row] > model.threshold]);
    assert.equal(reasons.length, 2);
    assert.ok(reasons[0].share >= reasons[1].share);
  }
  assert.equal(model.findings(data.test, { top: 3, reasons: 0 })[0].reasons.length, 0);
  assert.throws(() => model.findings(data.test, { top: 0 }), error('BAD_OPTION', /top must be 1 or more/));
  assert.throws(() => model.findings(data.test, { falseDiscoveryRate: 0 }), error('BAD_OPTION', /falseDiscoveryRate/));
  assert.throws(() => model.findings(data.test, { to: 3 }), error('BAD_OPTION', /no option 'to'/));
});

test('p-values are the conformal ones of the calibration rows', () => {
  const calibration = model.score(data.train);
  model.calibrate(data.train, { rule: 'quantile', q: 0.95 });
  const scores = model.score(data.test);
  const expected = Array.from(scores, (s) => (1 + calibration.filter((c) => c >= s).length) / (1 + calibration.length));
  assertClose(model.pValues(data.test), expected, 1e-12);
});

test('with a false discovery rate the discoveries are those of Benjamini and Hochberg', () => {
  const p = model.pValues(data.test);
  for (const rate of [0.01, 0.1, 0.5]) {
    const sorted = [...p].sort((a, b) => a - b);
    let limit = -1;
    sorted.forEach((value, index) => {
      if (value <= ((index + 1) / sorted.length) * rate) limit = value;
    });
    for (const { row, anomaly } of model.findings(data.test, { top: Infinity, reasons: 0, falseDiscoveryRate: rate }))
      assert.equal(anomaly, p[row] <= limit);
  }
});

test('a single net explains by how much its score falls, its residuals are those of its errors', () => {
  const row = [...data.test.data.subarray(70 * 4, 70 * 4 + 4)];
  const reasons = model.explain(row);
  const errors = model.featureErrors([row]);
  const [score] = model.score([row]);
  assert.equal(reasons.length, 4);
  assertClose([reasons.reduce((total, { share }) => total + share, 0)], [1], 1e-6);
  const drops = reasons.map(({ feature, expected }) => {
    const at = model.features.indexOf(feature);
    return Math.max(score - model.score([row.with(at, expected)])[0], 0);
  });
  const sum = drops.reduce((a, b) => a + b);
  for (const [index, reason] of reasons.entries()) {
    const at = model.features.indexOf(reason.feature);
    assert.ok(Math.abs(reason.value - row[at]) <= 1e-6);
    assert.ok(['relation', 'rare'].includes(reason.kind));
    assert.equal(reason.percentile, undefined);
    assertClose([reason.share], [drops[index] / sum], 1e-3, 1e-2);
    assertClose([reason.residual ** 2], [errors[at]], 1e-3, 1e-3);
  }
});

describe('a committee', () => {
  const strange = { size: 0.9, weight: 12.7, colour: 'blue', kind: 7 };

  test('is what no architecture gives, and has no codes', async () => {
    assert.equal(committee.members, 9);
    assert.equal(committee.layers().length, 9 * 4);
    assert.equal(
      committee.parameters,
      committee.layers().reduce((n, l) => n + l.weights.length + l.bias.length, 0),
    );
    for (const method of ['encode', 'decode'])
      assert.throws(() => committee[method](goods), error('BAD_OPTION', /members is 9/, { option: 'members' }));
    assert.throws(() => committee.activations(goods[0]), error('BAD_OPTION', /single net/, { option: 'members' }));
    assert.equal((await Autoencoder.create()).members, 9);
    assert.equal((await Autoencoder.create({ latent: 2 })).members, 1);
  });

  test('sees a category as one feature', () => {
    const [first, ...rest] = committee.explain(strange);
    assert.equal(rest.length, 2, 'a constant that holds is no reason');
    assert.deepEqual([first.feature, first.value], ['colour', 'blue']);
    assert.ok(first.residual > 1);
    assertClose([[first, ...rest].reduce((sum, { share }) => sum + share, 0)], [1], 1e-5);
  });

  test('repairs a category with a category and a number with a number', () => {
    const repair = committee.repair(strange);
    assert.deepEqual([repair.feature, repair.from, repair.to, repair.normal], ['colour', 'blue', 'red', true]);
    assert.ok(repair.score < committee.score([strange])[0]);
    const heavy = committee.repair({ size: 0.2, weight: 13, colour: 'green', kind: 7 });
    assert.equal(heavy.feature, 'weight');
    assert.ok(Math.abs(heavy.to - 10.6) < 1, `${heavy.to}`);
    const fine = committee.repair(goods[0]);
    assert.ok(fine.score <= committee.score([goods[0]])[0]);
  });

  test('names a constant feature that departs', () => {
    const reasons = committee.explain({ ...goods[0], kind: 1e6 });
    assert.deepEqual(
      [reasons[0].feature, reasons[0].value, reasons[0].expected, reasons[0].constant],
      ['kind', 1e6, 7, true],
    );
    assert.equal(reasons[0].residual, 10);
    assert.ok(reasons.slice(1).every(({ constant }) => constant === undefined));
    assert.equal(committee.repair({ ...goods[0], kind: 8 }).to, 7);
  });

  test('comes back from JSON the same, and trains on', async () => {
    const again = await Autoencoder.load(JSON.parse(JSON.stringify(committee)));
    assert.equal(JSON.stringify(again), JSON.stringify(committee));
    assert.deepEqual(again.score(goods), committee.score(goods));
    assert.deepEqual(again.findings(goods), committee.findings(goods));
    assert.deepEqual(again.repair(strange), committee.repair(strange));
    await again.fit(goods);
    assert.equal(again.fingerprint(), committee.fingerprint());
    const saved = committee.toJSON();
    for (const name of ['calibration', 'parameters', 'detector', 'pool', 'rowsInside', 'topK', 'heldOut']) {
      const { [name]: _, ...without } = saved;
      await assert.rejects(Autoencoder.load(without), error('BAD_FILE', new RegExp(name)));
    }
    await assert.rejects(Autoencoder.load({ ...saved, topK: 3 }), error('BAD_FILE', /checksum/));
  });

  test('can be trained member by member, elsewhere and in any order', async () => {
    const [one, other] = [await Autoencoder.create({ seed: 2 }), await Autoencoder.create({ seed: 2 })];
    const [trainer, helper] = [one.trainer(goods), other.trainer(goods)];
    for (const member of [8, 1, 4]) trainer.adoptMember(member, helper.trainMember(member));
    for (const member of [0, 2, 3, 5, 6, 7]) trainer.trainMember(member);
    assert.ok(trainer.done);
    assert.throws(
      () => trainer.trainMember(9),
      error('BAD_OPTION', /member must be from 0 to 8/, { option: 'member' }),
    );
    assert.throws(() => trainer.adoptMember(0, new Float32Array(3)), error('SHAPE', /parameters, but 3 came/));
    assert.throws(() => trainer.adoptMember(0, [1]), error('SHAPE', /Float32Array/));
    const report = trainer.finish();
    assert.equal(report.stopped, 'epochs');
    assert.equal(one.fingerprint(), committee.fingerprint());
    assert.equal(one.threshold, committee.threshold);
  });
});

describe('detect', () => {
  test('finds planted anomalies among the rows it learns from', async () => {
    const ordinary = goods.map((good) => ({ ...good }));
    const planted = [17, 93, 188, 251];
    for (const row of planted)
      ordinary[row] = { ...ordinary[row], weight: ordinary[row].weight + (ordinary[row].size > 0 ? -5 : 5) };
    const { model: found, findings } = await detect(ordinary, { top: 4, seed: 5 });
    assert.deepEqual(
      findings.map(({ row }) => row).sort((a, b) => a - b),
      planted,
    );
    assert.equal(found.members, 9);
    const { findings: ten } = await detect(ordinary);
    assert.equal(ten.length, 10);
    await assert.rejects(detect(ordinary, { tpo: 3 }), error('BAD_OPTION', /Did you mean top/));
  });

  test('takes the rows as dirty unless told otherwise', async () => {
    const [dirty, clean, trimmed] = [
      await detect(data.train, { ...single }),
      await detect(data.train, { ...single, clean: true }),
      await train(data.train, { ...single, clean: false }),
    ];
    assert.equal(clean.model.fingerprint(), (await train(data.train, single)).fingerprint());
    assert.equal(dirty.model.fingerprint(), trimmed.fingerprint());
    assert.notEqual(dirty.model.fingerprint(), clean.model.fingerprint());
    assert.ok(metrics.auroc(dirty.model.score(data.test), data.labels) > 0.9);
  });
});

describe('missing cells', () => {
  const holes = goods.map((good, row) => ({
    ...good,
    weight: row % 7 === 0 ? [null, undefined, Number.NaN][row % 3] : good.weight,
    colour: row % 11 === 0 ? null : good.colour,
  }));
  const mask = { missing: 'mask', seed: 4 };

  test('are let through, left out of score and reasons, and saved with the model', async () => {
    for (const options of [mask, { ...mask, ...single }]) {
      const masked = await train(holes, options);
      assert.ok(masked.score(holes).every(Number.isFinite));
      const without = masked.explain({ ...goods[3], colour: null });
      const colour = without.find(({ feature }) => feature === 'colour');
      if (options.hidden) assert.deepEqual([colour.value, colour.kind, colour.share], [null, 'missing', 0]);
      else assert.equal(colour, undefined, 'a gap is no reason');
      assert.equal(masked.featureErrors([{ ...goods[3], weight: undefined }])[1], 0);
      assert.notEqual(masked.repair({ ...goods[3], weight: null, kind: 9 }).feature, 'weight');
      const again = await Autoencoder.load(JSON.parse(JSON.stringify(masked)));
      assert.deepEqual(again.score(holes), masked.score(holes));
      await masked.partialFit(holes, { epochs: 2 });
    }
  });

  test('a row or a column that holds nothing is named, infinity is refused', async () => {
    const empty = { size: null, weight: null, colour: null, kind: null };
    const masked = await train(holes, mask);
    const row = error('NON_FINITE', /Row 5.*holds nothing/, { row: 5 });
    await assert.rejects(train(holes.with(5, empty), mask), row);
    assert.throws(() => masked.score(holes.with(5, empty)), row);
    const light = holes.map((good) => ({ ...good, weight: null }));
    assert.deepEqual((await train(light, { ...mask, ...single })).skipped, ['weight']);
    const unnamed = { data: Float64Array.of(1, Number.NaN, 2, Number.NaN), columns: 2 };
    await assert.rejects(
      train(unnamed, { ...mask, ...single }),
      error('NON_FINITE', /Column 1 \("f2".*holds nothing/, { column: 1 }),
    );
    assert.throws(
      () => masked.score([{ ...goods[0], weight: Infinity }]),
      error('NON_FINITE', /"weight".*Infinity/, { row: 0, column: 1 }),
    );
    const flat = { data: Float64Array.of(1, Number.NaN, 2, 3, Number.NaN, Number.NaN), columns: 2 };
    await assert.rejects(train(flat, mask), error('NON_FINITE', /Row 2.*holds nothing/, { row: 2 }));
  });

  test('a model made without it says how to allow them', async () => {
    await assert.rejects(train(holes, single), error('NON_FINITE', /missing: 'mask'/));
    await assert.rejects(train(holes, { missing: 'error' }), error('NON_FINITE', /missing: 'learn'/));
    await assert.rejects(train(holes, { ...single, missing: 'learn' }), error('BAD_OPTION', /missing/));
  });
});

test('reading one row keeps nothing in the heap, whatever is read', () => {
  committee.findings(goods.slice(0, 1));
  const { heapBytes } = committee.memoryUsage();
  for (let round = 0; round < 200; round++) {
    committee.score([goods[round]]);
    committee.explain(goods[round]);
    committee.repair(goods[round]);
    committee.findings([goods[round]], { falseDiscoveryRate: 0.1 });
    committee.toJSON();
    assert.throws(() => committee.encode([goods[round]]));
    assert.throws(() => committee.score([[1]]));
  }
  assert.ok(Math.abs(committee.memoryUsage().heapBytes - heapBytes) <= slack);
});
