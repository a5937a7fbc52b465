// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Situations in which the rows to learn from are promised to be normal: `train`, then fresh rows.

import { Draw, rowsOf } from './draw.mjs';

const percent = (list, holds) => (100 * list.filter(holds).length) / list.length;
const towns = (count) => rowsOf(count, (index) => `town ${index}`);

/** Trains, lets `use` look at the model, and gives its memory back. */
async function trained({ train }, rows, seed, use) {
  const model = await train(rows, { seed });
  try {
    return use(model);
  } finally {
    model.dispose();
  }
}

const firstReasons = (model, rows) =>
  model.findings(rows, { top: Infinity, reasons: 1 }).map(({ reasons }) => reasons[0]);
const flagged = (model, rows) => percent([...model.predict(rows)], (verdict) => verdict === 1);
/** AUROC x 100 of strange rows among ordinary ones. */
const parted = ({ metrics }, model, ordinary, strange) =>
  100 *
  metrics.auroc(
    [...model.score(ordinary), ...model.score(strange)],
    [...ordinary.map(() => 0), ...strange.map(() => 1)],
  );

/** Orders of a shop: two numbers, and a text with so many values. */
function orders(draw, values) {
  const names = towns(values);
  return () => ({ amount: draw.normal(80, 8), weight: draw.normal(5, 1), town: draw.oneOf(names) });
}

/** Two numbers, of which the second follows from the first, and one of its own. */
const related = (draw) => () => {
  const speed = draw.normal(50, 10);
  return { speed, power: 3 * speed + draw.normal(0, 4), heat: draw.normal(20, 2) };
};

export const situationsWhenClean = [
  ...[5, 50].map((values) => ({
    name: `a number 8 deviations off beside a text of ${values} values`,
    measure: 'the number is the first reason',
    least: 95,
    unit: ' %',
    judge(library, seed) {
      const ordinary = orders(new Draw(`beside ${values}/${seed}`), values);
      const strange = rowsOf(200, () => ({ ...ordinary(), amount: 144 }));
      return trained(library, rowsOf(1000, ordinary), seed, (model) =>
        percent(firstReasons(model, strange), ({ feature }) => feature === 'amount'),
      );
    },
  })),
  {
    name: 'a text that no training row had',
    measure: 'AUROC x 100 against the same rows as they were',
    least: 90,
    judge(library, seed) {
      const draw = new Draw(`new text/${seed}`);
      const names = towns(30);
      // The first towns are the popular ones.
      const ordinary = () => ({ ...orders(draw, 1)(), town: names[Math.floor(30 * draw.uniform() ** 2)] });
      const known = rowsOf(300, ordinary);
      const strange = known.map((row) => ({ ...row, town: 'elsewhere' }));
      return trained(library, rowsOf(1000, ordinary), seed, (model) => parted(library, model, known, strange));
    },
  },
  {
    name: 'a relation between two numbers is broken',
    measure: 'AUROC x 100; each number alone is ordinary',
    least: 95,
    judge(library, seed) {
      const ordinary = related(new Draw(`relation/${seed}`));
      // Of the swapped rows those are strange that lie five deviations off the relation.
      const swapped = rowsOf(1000, () => ({ ...ordinary(), power: ordinary().power }));
      const strange = swapped.filter(({ speed, power }) => Math.abs(power - 3 * speed) > 20);
      return trained(library, rowsOf(1000, ordinary), seed, (model) =>
        parted(library, model, rowsOf(300, ordinary), strange),
      );
    },
  },
  {
    name: 'a gap where training rows had none',
    measure: 'the gap is the first reason, and its kind is "missing"',
    least: 99,
    unit: ' %',
    judge(library, seed) {
      const ordinary = related(new Draw(`gap/${seed}`));
      const strange = rowsOf(200, () => ({ ...ordinary(), heat: null }));
      return trained(library, rowsOf(500, ordinary), seed, (model) =>
        percent(firstReasons(model, strange), ({ feature, kind }) => feature === 'heat' && kind === 'missing'),
      );
    },
  },
  {
    name: 'one cell in ten is missing at random',
    measure: 'fresh ordinary rows flagged',
    most: 7,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`gaps/${seed}`);
      const whole = related(draw);
      const ordinary = () =>
        Object.fromEntries(Object.entries(whole()).map(([name, cell]) => [name, draw.chance(0.1) ? null : cell]));
      return trained(library, rowsOf(1000, ordinary), seed, (model) => flagged(model, rowsOf(2000, ordinary)));
    },
  },
  {
    name: 'a constant is another one',
    measure: 'the row is flagged, and the constant the first reason',
    least: 99,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`constant/${seed}`);
      const ordinary = () => ({ value: draw.normal(), account: 4000123456789 });
      const strange = rowsOf(100, () => ({ ...ordinary(), account: 4000123456790 }));
      return trained(library, rowsOf(300, ordinary), seed, (model) => {
        const reasons = firstReasons(model, strange);
        const both = Math.min(
          flagged(model, strange),
          percent(reasons, ({ feature }) => feature === 'account'),
        );
        return both;
      });
    },
  },
  {
    name: 'a small spread on a great number: 1e15 ± 10',
    measure: 'rows 100 deviations off are flagged',
    least: 99,
    unit: ' %',
    judge(library, seed) {
      const draw = new Draw(`great/${seed}`);
      const ordinary = () => [1e15 + Math.round(draw.normal(0, 10)), draw.normal()];
      const strange = rowsOf(100, () => [1e15 + 1000, draw.normal()]);
      return trained(library, rowsOf(300, ordinary), seed, (model) => flagged(model, strange));
    },
  },
  {
    name: 'sums of money, one in a wrong unit (a hundredth)',
    measure: 'AUROC x 100',
    least: 97,
    judge(library, seed) {
      const draw = new Draw(`money/${seed}`);
      const ordinary = () => {
        const size = draw.normal();
        return {
          price: Math.exp(6 + size),
          tax: Math.exp(4.4 + size + draw.normal(0, 0.1)),
          pieces: 1 + draw.poisson(3),
        };
      };
      const strange = rowsOf(300, ordinary).map((row) => ({ ...row, tax: row.tax / 100 }));
      return trained(library, rowsOf(1000, ordinary), seed, (model) =>
        parted(library, model, rowsOf(300, ordinary), strange),
      );
    },
  },
];
