// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Situations in which nobody promises anything: what `detect` makes of a table that it also learns from.

import { Draw, rowsOf } from './draw.mjs';
import { asDetect } from './ours.mjs';

/** What `use` makes of the scores by which `detect` ranks, and of the model. */
async function detected(library, rows, seed, use) {
  const { model, scores } = await asDetect(library, rows, rows, seed);
  try {
    return use(scores, model);
  } finally {
    model.dispose();
  }
}

const rank = (scores, row) => 1 + [...scores].filter((score) => score > scores[row]).length;
const flagged = (scores, { threshold }, rows) =>
  (100 * rows.filter((row) => scores[row] > threshold).length) / rows.length;
const upTo = (count) => rowsOf(count, (index) => index);
/** AUROC x 100 of the first `strange` rows. */
const parted = ({ metrics }, scores, strange) =>
  100 *
  metrics.auroc(
    scores,
    Uint8Array.from(scores, (_, row) => Number(row < strange)),
  );
const numbers = (draw) => [draw.normal(), draw.normal(), draw.normal()];

export const situationsWhenDirty = [
  {
    name: 'a number 8 deviations off beside a text of 20 values',
    measure: 'its rank among 1,000 rows',
    most: 10,
    judge(library, seed) {
      const draw = new Draw(`eight/${seed}`);
      const towns = rowsOf(20, (index) => `town ${index}`);
      const rows = rowsOf(1000, () => ({
        amount: draw.normal(80, 8),
        weight: draw.normal(5, 1),
        town: draw.oneOf(towns),
      }));
      rows[500].amount = 144;
      return detected(library, rows, seed, (scores) => rank(scores, 500));
    },
  },
  {
    name: 'a text of 300 values, all about equally frequent, nothing strange',
    measure: 'rows flagged',
    unit: ' %',
    most: 10,
    judge(library, seed) {
      const draw = new Draw(`even/${seed}`);
      const shops = rowsOf(300, (index) => `shop ${index}`);
      const rows = rowsOf(3000, () => ({ amount: draw.normal(), weight: draw.normal(), shop: draw.oneOf(shops) }));
      return detected(library, rows, seed, (scores, model) => flagged(scores, model, upTo(3000)));
    },
  },
  {
    name: 'a number 12 deviations off under a typo of 1,000,000 in the same column',
    measure: 'its rank among 1,000 rows',
    most: 20,
    judge(library, seed) {
      const draw = new Draw(`typo/${seed}`);
      const rows = rowsOf(1000, () => numbers(draw));
      rows[100][0] = 1e6;
      rows[200][0] = 12;
      return detected(library, rows, seed, (scores) => rank(scores, 200));
    },
  },
  {
    name: 'counts, most of them zero, nothing strange',
    measure: 'rows flagged',
    most: 10,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`counts/${seed}`);
      const rows = rowsOf(1000, () => rowsOf(4, () => (draw.chance(0.95) ? 0 : 1 + draw.poisson(3))));
      return detected(library, rows, seed, (scores, model) => flagged(scores, model, upTo(1000)));
    },
  },
  {
    name: '30 equal rows 6 deviations off, of 1,000',
    measure: 'of them flagged',
    least: 90,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`equal/${seed}`);
      const rows = rowsOf(1000, (index) => (index < 30 ? [6, 6, 0] : numbers(draw)));
      return detected(library, rows, seed, (scores, model) => flagged(scores, model, upTo(30)));
    },
  },
  {
    name: '10 rows in the gap of a column with two heaps, of 1,000',
    measure: 'of them flagged',
    least: 80,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`heaps/${seed}`);
      const rows = rowsOf(1000, (index) =>
        index < 10 ? [draw.normal(5, 0.3)] : [draw.normal(draw.chance(0.5) ? 0 : 10, 0.5)],
      );
      return detected(library, rows, seed, (scores, model) => flagged(scores, model, upTo(10)));
    },
  },
  {
    name: 'a number 5 deviations off beside a rare yes (one row in ten)',
    measure: 'AUROC x 100',
    least: 96,
    judge(library, seed) {
      const draw = new Draw(`rare/${seed}`);
      const rows = rowsOf(1000, (index) => ({
        load: index < 10 ? 5 : draw.normal(),
        day: draw.chance(0.5),
        holiday: draw.chance(0.1),
        wait: -Math.log(1 - draw.uniform()),
      }));
      return detected(library, rows, seed, (scores) => parted(library, scores, 10));
    },
  },
  {
    name: 'two texts that never go together, in 10 of 1,000 rows',
    measure: 'AUROC x 100',
    least: 95,
    judge(library, seed) {
      const draw = new Draw(`pairs/${seed}`);
      const countries = {
        Lyon: 'France',
        Paris: 'France',
        Rome: 'Italy',
        Milan: 'Italy',
        Bonn: 'Germany',
        Kiel: 'Germany',
      };
      const rows = rowsOf(1000, (index) => {
        const town = draw.oneOf(Object.keys(countries));
        const others = ['France', 'Italy', 'Germany'].filter((country) => country !== countries[town]);
        return { town, country: index < 10 ? draw.oneOf(others) : countries[town], amount: draw.normal(80, 8) };
      });
      return detected(library, rows, seed, (scores) => parted(library, scores, 10));
    },
  },
  {
    name: 'a number 9 deviations off beside 50 constant columns',
    measure: 'share of the number among the reasons',
    least: 90,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`constants/${seed}`);
      const rows = rowsOf(300, () => [...numbers(draw), ...Array(50).fill(7)]);
      rows[150] = [9, 0, 0, ...Array(50).fill(7)];
      return detected(library, rows, seed, (_, model) => {
        const own = model.explain(rows[150]).find(({ feature }) => feature === 'f1');
        return 100 * (own?.share ?? 0);
      });
    },
  },
];
