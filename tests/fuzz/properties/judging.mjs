// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Trained models are asked about tables of all sorts.

import { Autoencoder, score } from 'anomalens';
import fc from 'fast-check';
import { anything, real } from '../inputs/cells.mjs';
import { thresholdRule } from '../inputs/options.mjs';
import { anyTable, noTable, tableFor, tableFrom, tableOf } from '../inputs/tables.mjs';
import { attempt, keepingMemory, must, mustBeAsBefore, sameBits, stateOf } from '../invariants.mjs';
import { checks } from '../results.mjs';
import { kindsOf, modelNames, probeOf, world } from '../world.mjs';

const tableMethods = ['score', 'predict', 'pValues', 'findings', 'featureErrors', 'reconstruct', 'encode', 'decode'];
const rowMethods = ['explain', 'repair', 'anatomy', 'activations', 'scorer'];

const forAnyModel = (fields) =>
  fc.constantFrom(...modelNames).chain((name) => fc.record({ name: fc.constant(name), ...fields(name) }));

/** A table that fits, one that may fit, or no table. */
const given = (name) =>
  fc.oneof(
    { weight: 5, arbitrary: tableFor(kindsOf(name)).map((spec) => ({ spec })) },
    { weight: 2, arbitrary: anyTable.map((spec) => ({ spec })) },
    { weight: 1, arbitrary: noTable.map((raw) => ({ raw })) },
  );

const made = ({ spec, raw }) => (spec ? tableFrom(spec) : real(raw));

/** Tables with nothing odd about them but the size of their numbers. */
const fitting = (name) => {
  const { kinds, names } = kindsOf(name);
  return tableOf({
    kinds,
    names,
    rows: { minLength: 1, maxLength: 8 },
    form: fc.constantFrom(...(names ? ['columns', 'records'] : ['rows', 'flat'])),
  });
};

const ask = (model, method, table) => (method === 'scorer' ? model.scorer()(table) : model[method](table));

/** A plain table is never refused, unless its numbers are too large for the form that they came in. */
function mustBeTaken({ spec, error, method, model }) {
  if (spec === undefined || spec.twist !== undefined || error === undefined) return;
  const single = error.code === 'BAD_OPTION' && /single|detector/.test(error.message);
  must(single, () => `${method} refused a plain table: ${error.code} ${error.message} (${model.members} members)`);
}

const tooLarge = ({ form, cells }) =>
  (form === 'flat' || form === 'columns') &&
  cells.flat().some((cell) => Number.isFinite(cell) && !Number.isFinite(Math.fround(cell)));

/** One of the rows of a table, where it lets itself be looked at. */
function rowIn(table, at) {
  try {
    return Array.isArray(table) && table.length > 0 ? table[at % table.length] : table;
  } catch {
    return table;
  }
}

export const judging = [
  {
    name: 'a table of any kind',
    weight: 24,
    input: forAnyModel((name) => ({ method: fc.constantFrom(...tableMethods), given: given(name) })),
    async run({ name, method, given: what }) {
      const { models } = await world();
      const model = models[name];
      const before = stateOf(model, probeOf(name));
      const { value, error } = attempt(() => ask(model, method, made(what)));
      mustBeAsBefore(before, stateOf(model, probeOf(name)), method);
      if (!error) checks[method](value, model, undefined);
    },
  },
  {
    name: 'a row of any kind',
    weight: 16,
    input: forAnyModel((name) => ({ method: fc.constantFrom(...rowMethods), given: given(name), at: fc.nat(3) })),
    async run({ name, method, given: what, at }) {
      const { models } = await world();
      const model = models[name];
      const before = stateOf(model, probeOf(name));
      const { value, error } = attempt(() => {
        const table = made(what);
        return ask(model, method, rowIn(table, at));
      });
      mustBeAsBefore(before, stateOf(model, probeOf(name)), method);
      if (!error) checks[method](value, model, undefined);
    },
  },
  {
    name: 'a plain table',
    weight: 12,
    input: forAnyModel((name) => ({ method: fc.constantFrom(...tableMethods.slice(0, 6)), spec: fitting(name) })),
    async run({ name, method, spec }) {
      const { models } = await world();
      const model = models[name];
      const { value, error } = attempt(() => ask(model, method, tableFrom(spec)));
      if (error) {
        if (!tooLarge(spec)) mustBeTaken({ spec, error, method, model });
        return;
      }
      checks[method](value, model, spec.cells.length);
    },
  },
  {
    name: 'a plain row',
    weight: 10,
    input: forAnyModel((name) => ({ method: fc.constantFrom(...rowMethods), spec: fitting(name) })),
    async run({ name, method, spec }) {
      const { models } = await world();
      const model = models[name];
      const [row] = tableFrom({
        ...spec,
        form: spec.form === 'columns' ? 'records' : spec.form === 'flat' ? 'rows' : spec.form,
      });
      const { value, error } = attempt(() => ask(model, method, row));
      if (error) return mustBeTaken({ spec, error, method, model });
      checks[method](value, model, 1);
      if (method === 'scorer') must(Object.is(value, model.score([row])[0]), 'scorer() and score() differ');
    },
  },
  {
    name: 'parts of a table',
    weight: 8,
    input: forAnyModel((name) => ({ spec: fitting(name) })),
    async run({ name, spec }) {
      const { models } = await world();
      const model = models[name];
      if (tooLarge(spec)) return;
      const whole = model.score(tableFrom(spec));
      const parts = spec.cells.map((row) => score(model, tableFrom({ ...spec, cells: [row] }))[0]);
      must(sameBits(whole, parts), () => `scores of the whole ${whole} and of the parts ${parts} differ`);
      const verdicts = model.predict(tableFrom(spec));
      must(
        whole.every((strange, row) => verdicts[row] === Number(strange > model.threshold)),
        'predict disagrees with score',
      );
    },
  },
  {
    name: 'findings and repairs with odd options',
    weight: 6,
    input: forAnyModel((name) => ({
      spec: fitting(name),
      method: fc.constantFrom('findings', 'repair'),
      key: fc.constantFrom('top', 'reasons', 'falseDiscoveryRate', 'most', 'odd'),
      to: fc.oneof(anything, fc.constantFrom(1, 2, Infinity, 0.1)),
    })),
    async run({ name, spec, method, key, to }) {
      const { models } = await world();
      const model = models[name];
      if (tooLarge(spec)) return;
      const table = tableFrom({ ...spec, form: kindsOf(name).names ? 'records' : 'rows' });
      const options = key === 'odd' ? real(to) : { [key]: real(to) };
      const { value, error } = attempt(() => model[method](method === 'findings' ? table : table[0], options));
      if (error) must(error.code === 'BAD_OPTION', () => `${method} with ${key}: ${error.code} ${error.message}`);
      else checks[method](value, model, undefined);
    },
  },
  {
    name: 'a new threshold',
    weight: 5,
    input: forAnyModel((name) => ({
      given: given(name),
      rule: fc.oneof({ weight: 3, arbitrary: thresholdRule }, { weight: 1, arbitrary: anything }),
    })),
    async run({ name, given: what, rule }) {
      const { models, keeper } = await world();
      const saved = models[name].toJSON();
      await keepingMemory(keeper, async () => {
        const model = await Autoencoder.load(saved);
        try {
          const before = stateOf(model, probeOf(name));
          const { value, error } = attempt(() => model.calibrate(made(what), real(rule)));
          if (error) mustBeAsBefore(before, stateOf(model, probeOf(name)), 'calibrate');
          else
            must(
              Object.is(value, model.threshold) && !Number.isNaN(value),
              () => `calibrate gave ${value}, threshold ${model.threshold}`,
            );
        } finally {
          model.dispose();
        }
      });
    },
  },
  {
    name: 'a model that is none',
    weight: 1,
    input: fc.record({ model: anything, rows: anything }),
    run({ model, rows }) {
      const { error } = attempt(() => score(real(model), real(rows)));
      must(error?.code === 'BAD_OPTION', 'score() took something that is no model');
    },
  },
];
