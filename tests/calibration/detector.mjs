// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The default detector's own threshold: how many ordinary rows does it flag, from few training rows on?

import { Autoencoder, synthetic, train } from 'anomalens';
import { Draw, rowsOf } from '../accuracy/draw.mjs';
import { mean, percent, row, table, verdict } from './print.mjs';

const trainings = 400;
const judged = 1000;
/** Mean share of fresh ordinary rows flagged: at most so much after so many training rows, and never less than `least`. */
const most = { 20: 0.09, 50: 0.06, 100: 0.055, 300: 0.055 };
const least = 0.015;

const detections = 40;
const mostDetected = 0.1;

/** Training rows and fresh rows of tables of one kind, by seed. */
const kinds = {
  async numbers(seed, rows, fresh) {
    const { train: known, test } = await synthetic.article({ seed: 10_000 + seed, rows, normals: fresh, anomalies: 0 });
    return { known, test };
  },
  mixed(seed, rows, fresh) {
    const make = customers(new Draw(`calibration/${seed}`));
    return { known: rowsOf(rows, make), test: rowsOf(fresh, make) };
  },
};

/** Two numbers that belong together, a skewed one with gaps, a text that shifts the first number, a text and a yes or no. */
function customers(draw) {
  const plans = ['small', 'small', 'small', 'middle', 'middle', 'large'];
  const towns = rowsOf(12, (index) => `town ${index}`);
  return () => {
    const plan = draw.oneOf(plans);
    const pages = draw.normal({ small: 20, middle: 40, large: 80 }[plan], 5);
    return {
      plan,
      pages,
      minutes: 2 * pages + draw.normal(0, 6),
      spent: draw.chance(0.08) ? null : Math.exp(draw.normal(3, 0.8)),
      // Some towns have many more customers than others.
      town: towns[Math.floor(12 * draw.uniform() ** 2)],
      member: draw.chance(0.3),
    };
  };
}

export async function detectorAlarms() {
  await alarmsOfTrain();
  await alarmsOfDetect();
}

/** The threshold's promise is one about the mean over training sets. */
async function alarmsOfTrain() {
  table(`train(rows): mean share of ${judged} fresh ordinary rows flagged, over ${trainings} training sets`, [
    'tables',
    'training rows',
    'flagged',
    'standard error',
    'required',
    '',
  ]);
  for (const [kind, make] of Object.entries(kinds)) {
    for (const [rows, limit] of Object.entries(most)) {
      const shares = [];
      for (let seed = 0; seed < trainings; seed++) {
        const { known, test } = await make(seed, Number(rows), judged);
        const model = await train(known, { seed, sliceMs: 1000 });
        shares.push(mean(model.predict(test)));
        model.dispose();
      }
      const share = mean(shares);
      const deviation = Math.sqrt(shares.reduce((sum, value) => sum + (value - share) ** 2, 0) / (trainings - 1));
      row([
        kind,
        rows,
        percent(share),
        percent(deviation / Math.sqrt(trainings)),
        `${percent(least)} to ${percent(limit)}`,
        verdict(share >= least && share <= limit, `train on ${rows} rows, ${kind}`),
      ]);
    }
  }
}

/** Rows of which all are ordinary, judged by `detect`: each by the nets that did not see it. */
async function alarmsOfDetect() {
  table(`detect(rows) on ordinary rows only: mean share flagged, over ${detections} tables`, [
    'tables',
    'rows',
    'flagged',
    'most in one table',
    'required',
    '',
  ]);
  for (const [kind, make] of Object.entries(kinds)) {
    for (const rows of [50, 200, 1000]) {
      const shares = [];
      for (let seed = 0; seed < detections; seed++) {
        const { known } = await make(seed, rows, 0);
        const model = await Autoencoder.create({ seed });
        const { scores, threshold } = await model.fit(known, { clean: false, sliceMs: 1000 });
        shares.push(mean(scores.map((score) => Number(score > threshold))));
        model.dispose();
      }
      row([
        kind,
        rows,
        percent(mean(shares)),
        percent(Math.max(...shares)),
        `at most ${percent(mostDetected)}`,
        verdict(mean(shares) <= mostDetected, `detect on ${rows} ordinary rows, ${kind}`),
      ]);
    }
  }
}
