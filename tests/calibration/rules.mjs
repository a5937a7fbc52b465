// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The threshold rules that a caller may name: does each flag as many fresh normal rows as it says?

import { Autoencoder, synthetic } from 'anomalens';
import { mean, percent, row, table, verdict } from './print.mjs';

const fresh = 20_000;
const repeats = 20;
/** Two-sided 99.9 % of a normal distribution. */
const wide = 3.29;

/** Normal rows nobody has seen. */
export async function normals(rows, seed) {
  const { test } = await synthetic.article({ seed, rows: 2, normals: rows, anomalies: 0 });
  return test;
}

const alarmShare = (model, rows) => mean(model.predict(rows));

/**
 * Thresholds set by training: the mean over many trainings, each with rows of its own, since a promise "in expectation" is
 * one about that mean. Its own spread gives the interval.
 */
export async function alarmsAfterTraining() {
  const rules = [
    [{ rule: 'conformal', alpha: 0.05 }, 0.05, 500],
    [{ rule: 'conformal', alpha: 0.01 }, 0.01, 1000],
    [{ rule: 'quantile', q: 0.95, of: 'holdout' }, 0.05, 2000],
    [{ rule: 'tail', risk: 0.005 }, 0.005, 8000],
    [{ rule: 'quantile', q: 0.95, of: 'training' }, undefined, 200],
    [{ rule: 'contamination', share: 0.05 }, undefined, 500],
    [{ rule: 'mad', k: 3.5 }, undefined, 500],
  ];
  table(`A single net after training: ${fresh} fresh normal rows, mean of ${repeats} trainings`, [
    'rule',
    'rows',
    'promised',
    'happened',
    'interval',
    '',
  ]);
  for (const [threshold, promise, rows] of rules) {
    const shares = [];
    for (let seed = 0; seed < repeats; seed++) {
      const { train } = await synthetic.article({ seed: 1000 + seed, rows, normals: 0, anomalies: 0 });
      const model = await Autoencoder.create({ hidden: [16], latent: 2, seed });
      await model.fit(train, { threshold, epochs: 30, sliceMs: 1000 });
      shares.push(alarmShare(model, await normals(fresh, 5000 + seed)));
      model.dispose();
    }
    const share = mean(shares);
    const variance = shares.reduce((sum, value) => sum + (value - share) ** 2, 0) / (repeats - 1);
    const reach = wide * Math.sqrt(variance / repeats + (share * (1 - share)) / (fresh * repeats));
    // "At most" is broken only from above; an interpolated quantile may miss by one row's share on either side.
    const kept = promise === undefined || share - reach <= promise;
    row([
      describe(threshold),
      rows,
      promise === undefined ? 'none' : percent(promise),
      percent(share),
      `±${percent(reach)}`,
      promise === undefined ? 'no promise' : verdict(kept, `single net, ${describe(threshold)}`),
    ]);
  }
}

/** Thresholds taken again from as many fresh rows as they are tested on: both samples' chance is in the interval. */
export async function alarmsAfterCalibration() {
  const labelled = Array.from({ length: fresh }, (_, i) => (i < fresh - 200 ? 0 : 1));
  const strange = await synthetic.article({ seed: 77, rows: 2, normals: fresh - 200, anomalies: 200 });
  const rules = [
    [{ rule: 'conformal', alpha: 0.05 }, 0.05],
    [{ rule: 'conformal', alpha: 0.001 }, 0.001],
    [{ rule: 'quantile', q: 0.99 }, 0.01],
    [{ rule: 'contamination', share: 0.02 }, 0.02],
    [{ rule: 'tail', risk: 0.001 }, 0.001],
    [{ rule: 'labels', labels: labelled, goal: { falsePositiveRate: 0.02 } }, 0.02],
  ];
  const { train } = await synthetic.article({ seed: 42, rows: 500, normals: 0, anomalies: 0 });
  const calibration = await normals(fresh, 78);
  const judged = await normals(fresh, 79);
  table(`Calibrated on ${fresh} fresh rows`, ['net', 'rule', 'promised', 'happened', 'interval', '']);
  for (const [net, options] of [
    ['default detector', {}],
    ['single net', { hidden: [16], latent: 2 }],
  ]) {
    const model = await Autoencoder.create({ ...options, seed: 1 });
    await model.fit(train);
    for (const [rule, promise] of rules) {
      model.calibrate(rule.rule === 'labels' ? strange.test : calibration, rule);
      const share = alarmShare(model, judged);
      const reach = wide * Math.sqrt(promise * (1 - promise) * (2 / fresh));
      row([
        net,
        describe(rule),
        percent(promise),
        percent(share),
        `±${percent(reach)}`,
        verdict(Math.abs(share - promise) <= reach, `${net}, ${describe(rule)} calibrated`),
      ]);
    }
    model.dispose();
  }
}

function describe(rule) {
  const { rule: name, labels: _, goal, ...rest } = rule;
  return `${name} ${Object.entries(goal ?? rest)
    .map(([key, value]) => `${key} ${value}`)
    .join(' ')}`;
}
