// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Calls one after another on a model and its trainers, good ones and bad ones in any order.

import { Autoencoder } from 'anomalens';
import fc from 'fast-check';
import { anyNumber, anything, real } from '../inputs/cells.mjs';
import { briefly, oddTrainOptions, optionsFrom, thresholdRule, trainOptions } from '../inputs/options.mjs';
import { tableFor, tableFrom } from '../inputs/tables.mjs';
import {
  attempt,
  keepingMemory,
  must,
  mustBeAsBefore,
  mustBeFinite,
  sameBits,
  settled,
  stateOf,
} from '../invariants.mjs';
import { kindsOf, probeOf, trainingOf, world } from '../world.mjs';

const names = ['net', 'mask', 'categories', 'detector', 'unsure'];
const call = (method, ...fields) => fc.record({ method: fc.constant(method), ...Object.assign({}, ...fields) });

const budget = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom({ steps: 1 }, { steps: 3 }, { epochs: 1 }, { epochs: 0.5 }, { ms: 1 }, { steps: 1e9 }),
  },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('ms', 'steps', 'epochs', 'x'), fc.oneof(anyNumber, anything), {
      maxKeys: 2,
    }),
  },
  { weight: 1, arbitrary: anything },
);

const callsFor = (name) =>
  fc.oneof(
    { weight: 4, arbitrary: call('open', { options: trainOptions }) },
    { weight: 5, arbitrary: call('run', { budget }) },
    { weight: 2, arbitrary: call('finish') },
    { weight: 2, arbitrary: call('drop') },
    {
      weight: 2,
      arbitrary: call('set', {
        key: fc.constantFrom('learningRate', 'weightDecay', 'l1', 'x'),
        to: fc.oneof(anyNumber, anything),
      }),
    },
    { weight: 2, arbitrary: call('member', { member: fc.oneof(fc.nat(3), anything) }) },
    {
      weight: 1,
      arbitrary: call('adopt', { member: fc.nat(3), to: fc.oneof(anything, fc.float32Array({ maxLength: 4 })) }),
    },
    { weight: 1, arbitrary: call('look') },
    { weight: 1, arbitrary: call('iterate', { leave: fc.nat(2) }) },
    { weight: 2, arbitrary: call('score', { spec: tableFor(kindsOf(name)) }) },
    { weight: 1, arbitrary: call('calibrate', { rule: thresholdRule }) },
    { weight: 1, arbitrary: call('badTrainer', { spec: oddTrainOptions }) },
    { weight: 1, arbitrary: call('save') },
    { weight: 1, arbitrary: call('partialFit', { spec: tableFor(kindsOf(name)) }) },
    { weight: 1, arbitrary: call('fit', { spec: oddTrainOptions }) },
    { weight: 1, arbitrary: call('dispose') },
  );

/** What the calls do to `held`: { model, trainer, name }. */
const ways = {
  open: ({ options }, held) => {
    held.trainer = held.model.trainer(trainingOf(held.name), real(options));
  },
  run: ({ budget: given }, { trainer }) => mustProgress(trainer?.run(real(given))),
  finish: (_, held) => {
    const report = held.trainer?.finish();
    if (report) mustBeFinite(report.loss, 'report.loss');
  },
  drop: (_, { trainer }) => trainer?.dispose(),
  set: ({ key, to }, { trainer }) => trainer?.set({ [key]: real(to) }),
  member: ({ member }, held) => {
    held.parameters = held.trainer?.trainMember(real(member));
    if (held.parameters) mustBeFinite(held.parameters, 'parameters of a member');
  },
  adopt: ({ member, to }, { trainer, parameters }) => trainer?.adoptMember(member, parameters ?? real(to)),
  look: (_, { trainer, model }) => {
    if (trainer && !trainer.done) mustProgress(trainer.progress);
    if (trainer) must(trainer.losses instanceof Float64Array, 'losses are no Float64Array');
    return [
      model.features,
      model.columns,
      model.latent,
      model.members,
      model.layers(),
      model.skipped,
      model.rowsInside,
    ];
  },
  iterate: ({ leave }, { trainer }) => {
    let epochs = 0;
    for (const progress of trainer ?? []) {
      mustProgress(progress);
      if (++epochs > leave) break;
    }
  },
  score: ({ spec }, { model }) => mustBeFinite(model.score(tableFrom(spec)), 'score'),
  calibrate: ({ rule }, { model, name }) => model.calibrate(trainingOf(name), real(rule)),
  badTrainer: ({ spec }, held) => {
    const trainer = held.model.trainer(trainingOf(held.name), optionsFrom(spec));
    held.trainer = trainer;
  },
  save: (_, { model }) => model.toJSON(),
  partialFit: ({ spec }, { model }) => model.partialFit(tableFrom(spec), { epochs: 1 }),
  fit: ({ spec }, { model, name }) => model.fit(trainingOf(name), briefly(optionsFrom(spec))),
  dispose: (_, { model }) => model.dispose(),
};

function mustProgress(progress) {
  if (progress === undefined) return;
  const { epoch, epochs, step, steps, elapsedMs } = progress;
  must(
    epoch >= 0 && epoch <= epochs && step >= 0 && step <= steps && elapsedMs >= 0,
    () => `progress is ${JSON.stringify(progress)}`,
  );
}

/** Calls that change a model even where they fail. */
const mayChange = (method, error) => error.code === 'DIVERGED' || method === 'member';

async function play({ name, calls }) {
  const { models, keeper } = await world();
  const saved = models[name].toJSON();
  await keepingMemory(keeper, async () => {
    const held = { name, model: await Autoencoder.load(saved), trainer: undefined };
    const { model } = held;
    try {
      for (const one of calls) {
        const before = model.disposed ? undefined : stateOf(model, probeOf(name));
        const { error } = await settled(async () => ways[one.method](one, held));
        if (error && model.disposed)
          must(
            error.code === 'DISPOSED' || error.code === 'BAD_OPTION' || error.code === 'SHAPE',
            `${one.method} after dispose(): ${error.code}`,
          );
        // A training in between closes the one that was open, and then puts back what was beneath both.
        const closes = (one.method === 'fit' || one.method === 'partialFit') && held.trainer;
        if (error && before && !closes && !mayChange(one.method, error))
          mustBeAsBefore(before, stateOf(model, probeOf(name)), `${one.method} that failed (${error.code})`);
        if (!error && one.method === 'finish' && held.trainer && !model.disposed)
          mustBeFinite(model.score(probeOf(name)), 'score after finish()');
      }
    } finally {
      model.dispose();
    }
    must(attempt(() => model.score(probeOf(name))).error?.code === 'DISPOSED', 'a disposed model scored');
  });
}

export const sequences = [
  {
    name: 'calls one after another',
    weight: 14,
    input: fc
      .constantFrom(...names)
      .chain((name) =>
        fc.record({ name: fc.constant(name), calls: fc.array(callsFor(name), { minLength: 1, maxLength: 8 }) }),
      ),
    run: play,
  },
  {
    name: 'a training in pieces',
    weight: 3,
    input: fc.record({
      name: fc.constantFrom(...names),
      options: trainOptions,
      pieces: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }),
    }),
    async run({ name, options, pieces }) {
      const { models } = await world();
      const saved = models[name].toJSON();
      const [one, other] = [await Autoencoder.load(saved), await Autoencoder.load(saved)];
      try {
        const [whole, apart] = [one, other].map((model) =>
          attempt(() => model.trainer(trainingOf(name), real(options))),
        );
        must(whole.error?.message === apart.error?.message, 'the same options were taken once and refused once');
        if (whole.error) return;
        const ends = [
          attempt(() => whole.value.run({ steps: 1e9 })),
          attempt(() => {
            for (const steps of pieces) apart.value.run({ steps });
            return apart.value.run({ steps: 1e9 });
          }),
        ];
        must(ends[0].error?.code === ends[1].error?.code, 'a training in pieces ended in another way');
        const reports = [whole, apart].map(({ value }) => attempt(() => value.finish()));
        must(
          reports[0].error?.code === reports[1].error?.code,
          'finish() of a training in pieces ended in another way',
        );
        if (reports[0].error) return;
        must(one.fingerprint() === other.fingerprint(), 'a training in pieces gave other bits');
        must(sameBits(one.score(probeOf(name)), other.score(probeOf(name))), 'a training in pieces gave other scores');
      } finally {
        one.dispose();
        other.dispose();
      }
    },
  },
];
