// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run calibration: do thresholds, reasons and repairs keep what they promise on fresh rows? --check fails when not.

import { readFileSync } from 'node:fs';
import { Autoencoder, init, synthetic } from 'anomalens';

const fresh = 20_000;
const repeats = 20;
/** Two-sided 99.9 % of a normal distribution. */
const wide = 3.29;

const percent = (share) => `${(100 * share).toFixed(2)} %`;
const failures = [];

await init();
console.log(`False alarms on ${fresh} fresh normal rows of the article generator\n`);
await alarmsAfterTraining();
await alarmsAfterCalibration();
await reasonsAndRepairs();
if (failures.length > 0) console.log(`\nNot kept: ${failures.join('; ')}.`);
else console.log('\nEvery promise is kept.');
if (process.argv.includes('--check') && failures.length > 0) process.exitCode = 1;

/** Normal rows nobody has seen. */
async function normals(rows, seed) {
  const { test } = await synthetic.article({ seed, rows: 2, normals: rows, anomalies: 0 });
  return test;
}

function alarmShare(model, rows) {
  const verdicts = model.predict(rows);
  return verdicts.reduce((sum, verdict) => sum + verdict, 0) / verdicts.length;
}

/**
 * Thresholds set by training: the mean over many trainings, each with rows of its own, since a promise "in expectation" is
 * one about that mean. Its own spread gives the interval.
 */
async function alarmsAfterTraining() {
  const nets = {
    committee: {},
    'single net': { hidden: [16], latent: 2 },
  };
  const rules = [
    [{ rule: 'conformal', alpha: 0.05 }, 0.05, 500],
    [{ rule: 'conformal', alpha: 0.01 }, 0.01, 1000],
    [{ rule: 'quantile', q: 0.95, of: 'holdout' }, 0.05, 2000],
    [{ rule: 'tail', risk: 0.005 }, 0.005, 8000],
    [{ rule: 'quantile', q: 0.95, of: 'training' }, undefined, 200],
    [{ rule: 'contamination', share: 0.05 }, undefined, 500],
    [{ rule: 'mad', k: 3.5 }, undefined, 500],
  ];
  table(`After training, mean of ${repeats} trainings`, [
    'net',
    'rule',
    'rows',
    'promised',
    'happened',
    'interval',
    '',
  ]);
  for (const [net, options] of Object.entries(nets)) {
    for (const [threshold, promise, rows] of rules) {
      const shares = [];
      for (let seed = 0; seed < repeats; seed++) {
        const { train } = await synthetic.article({ seed: 1000 + seed, rows, normals: 0, anomalies: 0 });
        const model = await Autoencoder.create({ ...options, seed });
        await model.fit(train, { threshold, epochs: net === 'committee' ? undefined : 30 });
        shares.push(alarmShare(model, await normals(fresh, 5000 + seed)));
        model.dispose();
      }
      const mean = shares.reduce((a, b) => a + b) / repeats;
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (repeats - 1);
      const reach = wide * Math.sqrt(variance / repeats + (mean * (1 - mean)) / (fresh * repeats));
      // "At most" is broken only from above; an interpolated quantile may miss by one row's share on either side.
      const kept = promise === undefined || mean - reach <= promise;
      row([
        net,
        describe(threshold),
        rows,
        promise === undefined ? 'none' : percent(promise),
        percent(mean),
        `±${percent(reach)}`,
        verdict(promise, kept),
      ]);
      if (!kept) failures.push(`${net}, ${describe(threshold)}`);
    }
  }
}

/** Thresholds taken again from as many fresh rows as they are tested on: both samples' chance is in the interval. */
async function alarmsAfterCalibration() {
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
    ['committee', {}],
    ['single net', { hidden: [16], latent: 2 }],
  ]) {
    const model = await Autoencoder.create({ ...options, seed: 1 });
    await model.fit(train);
    for (const [rule, promise] of rules) {
      model.calibrate(rule.rule === 'labels' ? strange.test : calibration, rule);
      const share = alarmShare(model, judged);
      const reach = wide * Math.sqrt(promise * (1 - promise) * (2 / fresh));
      const kept = Math.abs(share - promise) <= reach;
      row([net, describe(rule), percent(promise), percent(share), `±${percent(reach)}`, verdict(promise, kept)]);
      if (!kept) failures.push(`${net}, ${describe(rule)} calibrated`);
    }
    model.dispose();
  }
}

/** One column of a fresh normal row moved by five of its standard deviations: is it the first reason, and the repair? */
async function reasonsAndRepairs() {
  const nets = [
    [
      "the article's net",
      { hidden: [16], latent: 2, compatibility: 'pytorch', seed: 42 },
      { epochs: 60, weightDecay: 1e-5 },
      0.99,
    ],
    ['committee', { seed: 42 }, {}, 0.95],
  ];
  const deviation = [1, Math.sqrt(0.49 + 0.16), 1, Math.sqrt(0.25 + 0.25)];
  table('Rows with one column moved by +5 deviations', [
    'net',
    'rows',
    'first reason',
    'repaired column',
    'required',
    '',
  ]);
  for (const [net, options, training, required] of nets) {
    const { Xtrain: train } = JSON.parse(readFileSync(new URL('../data/article.json', import.meta.url), 'utf8'));
    const model = await Autoencoder.create(options);
    await model.fit(train, training);
    const { data } = await normals(1000, 80);
    let reasons = 0;
    let repairs = 0;
    for (let i = 0; i < 1000; i++) {
      const cells = Array.from(data.subarray(4 * i, 4 * i + 4));
      const column = i % 4;
      cells[column] += 5 * deviation[column];
      const feature = model.features[column];
      if (model.explain(cells)[0].feature === feature) reasons++;
      if (model.repair(cells).feature === feature) repairs++;
    }
    const kept = reasons >= 1000 * required && repairs >= 1000 * required;
    row([net, 1000, percent(reasons / 1000), percent(repairs / 1000), percent(required), verdict(required, kept)]);
    if (!kept) failures.push(`reasons and repairs of ${net}`);
    model.dispose();
  }
}

function describe(rule) {
  const { rule: name, labels: _, goal, ...rest } = rule;
  return `${name} ${Object.entries(goal ?? rest)
    .map(([key, value]) => `${key} ${value}`)
    .join(' ')}`;
}

function verdict(promise, kept) {
  if (promise === undefined) return 'no promise';
  return kept ? 'kept' : 'NOT KEPT';
}

function table(title, columns) {
  console.log(`\n${title}\n`);
  row(columns);
  row(columns.map(() => '---'));
}

function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}
