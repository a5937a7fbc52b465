// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Models are made and trained with options and rows of all sorts.

import { Autoencoder, detect, train } from 'anomalens';
import fc from 'fast-check';
import { anything, extremeNumber, plainNumber, real } from '../inputs/cells.mjs';
import {
  bothOptions,
  briefly,
  modelOptions,
  oddModelOptions,
  oddOptions,
  oddTrainOptions,
  optionsFrom,
} from '../inputs/options.mjs';
import { anyTable, noTable, tableFrom, tableOf } from '../inputs/tables.mjs';
import {
  attempt,
  keepingMemory,
  must,
  mustBeAsBefore,
  mustBeFinite,
  mustHaveLength,
  settled,
  stateOf,
} from '../invariants.mjs';
import { mustBeWhole, mustJudge } from '../results.mjs';
import { modelNames, numbers, probeOf, records, trainingOf, world } from '../world.mjs';

const someRows = fc.oneof(
  fc.record({ rows: fc.integer({ min: 2, max: 30 }), columns: fc.integer({ min: 1, max: 4 }), seed: fc.nat(9) }),
  fc.record({ records: fc.integer({ min: 2, max: 30 }), seed: fc.nat(9) }),
  tableOf({ rows: { minLength: 2, maxLength: 12 } }).map((spec) => ({ spec })),
);

const rowsFrom = (given) => {
  if (given.spec) return tableFrom(given.spec);
  return given.records ? records(given.records, given.seed) : numbers(given.rows, given.columns, given.seed);
};

/** The first row, where a table has rows: as it is, or with one cell far away. */
function rowIn(given) {
  const table = rowsFrom(given);
  if (!Array.isArray(table)) return undefined;
  const [row] = table;
  if (given.far === undefined || ArrayBuffer.isView(row)) return row;
  const [key] = Object.keys(row).slice(given.at % 3);
  return key === undefined || typeof row[key] !== 'number'
    ? row
    : Object.assign(Array.isArray(row) ? [...row] : { ...row }, { [key]: given.far });
}

const oddRow = fc.record({ far: fc.oneof(plainNumber, extremeNumber), at: fc.nat(2) });

function mustReport(report, options) {
  mustBeFinite(report.loss, 'report.loss');
  if (options.validationSplit === undefined && options.patience === undefined)
    mustHaveLength(report.loss, report.epochs, 'report.loss');
  if (report.scores) mustHaveLength(report.scores, report.scoredRows.length, 'report.scores');
  if (report.scores) mustBeFinite(report.scores, 'report.scores');
}

export const training = [
  {
    name: 'odd options of a model',
    weight: 24,
    input: oddModelOptions,
    async run(spec) {
      const { keeper } = await world();
      await keepingMemory(keeper, async () => {
        const { value, error } = await settled(() => Autoencoder.create(optionsFrom(spec)));
        if (error) must(error.code === 'BAD_OPTION', () => `create: ${error.code} ${error.message}`);
        value?.dispose();
      });
    },
  },
  {
    name: 'odd options of a training',
    weight: 24,
    input: fc.record({ name: fc.constantFrom(...modelNames), spec: oddTrainOptions }),
    async run({ name, spec }) {
      const { models, keeper } = await world();
      const model = models[name];
      const before = stateOf(model, probeOf(name));
      await keepingMemory(keeper, () => {
        const { value, error } = attempt(() => model.trainer(trainingOf(name), optionsFrom(spec)));
        if (error) must(error.code === 'BAD_OPTION', () => `trainer: ${error.code} ${error.message}`);
        value?.dispose();
      });
      mustBeAsBefore(before, stateOf(model, probeOf(name)), 'a trainer that was disposed');
    },
  },
  {
    name: 'any table to learn from',
    weight: 12,
    input: fc.record({
      name: fc.constantFrom(...modelNames),
      given: fc.oneof(
        { weight: 4, arbitrary: anyTable.map((spec) => ({ spec })) },
        noTable.map((raw) => ({ raw })),
      ),
    }),
    async run({ name, given: { spec, raw } }) {
      const { models, keeper } = await world();
      const model = models[name];
      const before = stateOf(model, probeOf(name));
      await keepingMemory(keeper, () => {
        const { value } = attempt(() => model.trainer(spec ? tableFrom(spec) : real(raw), { epochs: 1 }));
        value?.dispose();
      });
      mustBeAsBefore(before, stateOf(model, probeOf(name)), 'a trainer that was disposed');
    },
  },
  {
    name: 'train with good options',
    weight: 6,
    input: fc.record({
      given: someRows,
      options: bothOptions,
      twice: fc.boolean(),
      odd: fc.option(oddRow, { nil: undefined }),
    }),
    async run({ given, options, twice, odd }) {
      const { keeper } = await world();
      await keepingMemory(keeper, async () => {
        const { value: model } = await settled(() => train(rowsFrom(given), real(options)));
        if (!model) return;
        try {
          const [row, far] = [rowIn(given), odd && rowIn({ ...given, ...odd })];
          if (row) mustJudge(model, row);
          // A column may be one of texts, which takes no number.
          if (far) attempt(() => mustJudge(model, far));
          await mustBeWhole(model, rowsFrom(given));
          if (twice) await mustBeTheSameAgain(model, given, options);
        } finally {
          model.dispose();
        }
      });
    },
  },
  {
    name: 'train with odd options',
    weight: 6,
    input: fc.record({ given: someRows, spec: oddOptions, detects: fc.boolean() }),
    async run({ given, spec, detects }) {
      const { keeper } = await world();
      await keepingMemory(keeper, async () => {
        const options = briefly(optionsFrom(spec));
        const rows = rowsFrom(given);
        const { value } = await settled(
          () => (detects ? detect(rows, options) : train(rows, options)),
          (error) => error === undefined || error === null, // the reason of a signal that is none
        );
        (detects ? value?.model : value)?.dispose();
      });
    },
  },
  {
    name: 'detect',
    weight: 3,
    input: fc.record({ given: someRows, options: bothOptions, top: fc.constantFrom(undefined, 1, 3, Infinity) }),
    async run({ given, options, top }) {
      const { keeper } = await world();
      await keepingMemory(keeper, async () => {
        const { value } = await settled(() => detect(rowsFrom(given), { ...real(options), top }));
        if (!value) return;
        const { model, findings } = value;
        try {
          mustBeFinite(
            findings.map(({ score }) => score),
            'findings.score',
          );
          must(new Set(findings.map(({ row }) => row)).size === findings.length, 'a row was found twice');
          await mustBeWhole(model, rowsFrom(given));
        } finally {
          model.dispose();
        }
      });
    },
  },
  {
    name: 'fit, then train on',
    weight: 4,
    input: fc.record({ model: modelOptions, first: bothOptions, rows: someRows, more: someRows }),
    async run({ model: options, first, rows, more }) {
      const { keeper } = await world();
      const learning = trainOnly(first);
      await keepingMemory(keeper, async () => {
        const { value: model } = await settled(() => Autoencoder.create(real(options)));
        if (!model) return;
        try {
          const { value: report } = await settled(() => model.fit(rowsFrom(rows), real(learning)));
          if (!report) return;
          mustReport(report, learning);
          const before = stateOf(model, rowsFrom(rows));
          const { error } = await settled(() => model.partialFit(rowsFrom(more), real(learning)));
          if (!error) await mustBeWhole(model, rowsFrom(more));
          else if (error.code !== 'DIVERGED')
            mustBeAsBefore(before, stateOf(model, rowsFrom(rows)), 'partialFit that failed');
        } finally {
          model.dispose();
        }
      });
    },
  },
  {
    name: 'train with anything',
    weight: 2,
    input: fc.record({ rows: anything, options: anything, detects: fc.boolean() }),
    async run({ rows, options, detects }) {
      const { value } = await settled(() => (detects ? detect : train)(real(rows), real(options)));
      (value?.model ?? value)?.dispose();
    },
  },
];

const ofModels = new Set([
  ...['hidden', 'decoder', 'latent', 'activation', 'latentActivation', 'scaler', 'missing', 'members', 'seed'],
  'compatibility',
]);
const trainOnly = (options) => Object.fromEntries(Object.entries(options).filter(([key]) => !ofModels.has(key)));

async function mustBeTheSameAgain(model, given, options) {
  const again = await train(rowsFrom(given), real(options));
  try {
    must(again.fingerprint() === model.fingerprint(), 'the same training gave another fingerprint');
    must(Object.is(again.threshold, model.threshold), 'the same training gave another threshold');
  } finally {
    again.dispose();
  }
}
