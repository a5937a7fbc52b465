// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The functions beside the models: metrics, generators of data, init.

import { init, metrics, synthetic } from 'anomalens';
import fc from 'fast-check';
import { anyNumber, anything, name, plainNumber, real, withOwn } from '../inputs/cells.mjs';
import { attempt, keepingMemory, must, mustBeFinite, mustHaveLength, sameBits, settled } from '../invariants.mjs';
import { world } from '../world.mjs';

const pairs = fc.integer({ min: 1, max: 12 }).chain((length) =>
  fc.tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: plainNumber }, { weight: 1, arbitrary: anyNumber }), {
      minLength: length,
      maxLength: length,
    }),
    fc.array(fc.constantFrom(0, 1), { minLength: length, maxLength: length }),
  ),
);

/** The share of pairs of an anomaly and a normal row in which the anomaly scores higher, ties counting half. */
function aurocByPairs(scores, labels) {
  const of = (label) => scores.map(Math.fround).filter((_, index) => labels[index] === label);
  const [normal, strange] = [of(0), of(1)];
  let sum = 0;
  for (const high of strange) for (const low of normal) sum += high > low ? 1 : high === low ? 0.5 : 0;
  return sum / (normal.length * strange.length);
}

const mixedKinds = (labels) => labels.includes(0) && labels.includes(1);

const sizes = fc.constantFrom(undefined, 0, 1, 2, 3, 50);
const syntheticOptions = fc
  .record({
    seed: fc.oneof(fc.constant(undefined), fc.nat()),
    rows: fc.constantFrom(undefined, 2, 3, 50),
    normals: sizes,
    anomalies: sizes,
    key: fc.oneof(
      name,
      fc.constantFrom('seed', 'rows', 'normals', 'anomalies', 'kinds', 'kind', 'strength', 'noise', 'distance'),
    ),
    to: fc.oneof(anything, fc.constantFrom(['shift'], ['scale', 'extreme'], 'everything', 0, 0.5, 1, 10)),
    odd: fc.boolean(),
  })
  .map(({ key, to, odd, ...options }) => ({ options, odd: odd ? { key, to } : undefined }));

const generators = { article: 4, brokenRelation: 4, wave: 2, patterns: 16 };

export const judgements = [
  {
    name: 'metrics',
    weight: 16,
    input: fc.record({ pair: pairs, k: anyNumber, threshold: anyNumber, typed: fc.boolean() }),
    run({ pair: [scores, labels], k, threshold, typed }) {
      const given = typed ? Float32Array.from(scores) : scores;
      const marks = typed ? Uint8Array.from(labels) : labels;
      const found = {
        auroc: attempt(() => metrics.auroc(given, marks)),
        averagePrecision: attempt(() => metrics.averagePrecision(given, marks)),
        precisionAtK: attempt(() => metrics.precisionAtK(given, marks, k)),
      };
      for (const [what, { value, error }] of Object.entries(found))
        must(error || (value >= 0 && value <= 1), () => `${what} is ${value}`);
      const whole = scores.every((value) => !Number.isNaN(value));
      const { value: area, error } = found.auroc;
      must((area !== undefined) === (whole && mixedKinds(labels)), () => `auroc: ${area ?? error.message}`);
      if (area !== undefined) must(Math.abs(area - aurocByPairs(scores, labels)) < 1e-12, () => `auroc is ${area}`);
      const counts = attempt(() => metrics.confusion(given, marks, threshold)).value;
      if (counts)
        must(Object.values(counts).reduce((sum, count) => sum + count) === scores.length, 'confusion loses rows');
      const curve = attempt(() => metrics.roc(given, marks)).value;
      if (curve)
        must(curve.truePositiveRate.at(-1) === 1 && curve.falsePositiveRate.at(-1) === 1, 'a curve without an end');
      const recalls = attempt(() => metrics.precisionRecall(given, marks)).value;
      if (recalls) must(recalls.recall.at(-1) === 1, 'a curve without an end');
    },
  },
  {
    name: 'metrics of anything',
    weight: 6,
    input: fc.record({
      method: fc.constantFrom(...Object.keys(metrics)),
      scores: fc.oneof(anything, fc.array(anyNumber, { maxLength: 3 })),
      labels: fc.oneof(anything, fc.array(fc.constantFrom(0, 1), { maxLength: 3 })),
      third: anything,
    }),
    async run({ method, scores, labels, third }) {
      const { keeper } = await world();
      await keepingMemory(keeper, () => attempt(() => metrics[method](real(scores), real(labels), real(third))));
    },
  },
  {
    name: 'synthetic data',
    weight: 6,
    input: fc.record({ generator: fc.constantFrom(...Object.keys(generators)), spec: syntheticOptions }),
    async run({ generator, spec: { options, odd } }) {
      const { keeper } = await world();
      const given = odd ? withOwn([...Object.entries(options), [odd.key, real(odd.to)]]) : options;
      if (odd && typeof given[odd.key] === 'number' && given[odd.key] > 1000) return; // good, but long
      await keepingMemory(keeper, async () => {
        const { value: data, error } = await settled(() => synthetic[generator](given));
        must(odd || !error, () => `${generator} refused good options: ${error.message}`);
        if (!data) return;
        const { train, test, labels } = data;
        must(train.columns === generators[generator], `${generator} has ${train.columns} columns`);
        mustBeFinite(train.data, 'train');
        mustBeFinite(test.data, 'test');
        mustHaveLength(test.data, labels.length * test.columns, 'test');
        const again = await synthetic[generator](given);
        must(
          sameBits(again.train.data, train.data) && sameBits(again.test.data, test.data),
          'the same seed, other rows',
        );
      });
    },
  },
  {
    name: 'synthetic data and init of anything',
    weight: 3,
    input: fc.record({ what: fc.constantFrom('init', ...Object.keys(generators)), options: anything }),
    async run({ what, options }) {
      await settled(() => (what === 'init' ? init : synthetic[what])(real(options)));
    },
  },
  {
    name: 'init of a copy that is not loaded',
    weight: 0.25,
    input: fc.record({
      wasm: fc.oneof(
        anything,
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom('/nowhere.wasm', 'data:application/wasm;base64,AAAA', 'file:///nowhere'),
      ),
    }),
    async run({ wasm }) {
      // Every copy stays in memory for ever: few cases.
      const copy = await import(`${import.meta.resolve('anomalens')}?copy=${copies++ % 40}`);
      const { init: begin, AnomalensError } = copy;
      try {
        await begin({ wasm: real(wasm) });
      } catch (error) {
        must(error instanceof AnomalensError, () => `init: ${error?.name}: ${error?.message}`);
        must(/[.?]$/.test(error.message), () => `init: a message without a full stop: ${error.message}`);
      }
    },
  },
];
let copies = 0;
