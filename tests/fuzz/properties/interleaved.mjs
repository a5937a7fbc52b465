// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Calls in the midst of other calls: from getters and callbacks, and several trainings at once.

import { Autoencoder, detect, metrics, synthetic, train } from 'anomalens';
import fc from 'fast-check';
import { tableFor, tableFrom } from '../inputs/tables.mjs';
import { attempt, keepingMemory, must, mustBeFinite, settled } from '../invariants.mjs';
import { kindsOf, numbers, probeOf, trainingOf, world } from '../world.mjs';

const names = ['net', 'mask', 'categories', 'detector', 'unsure'];

/** What is done in the midst of another call. Promises are kept, to be waited for. */
const acts = {
  nothing() {},
  dispose: ({ model }) => model.dispose(),
  score: ({ model, name }) => model.score(probeOf(name)),
  scoreOther: ({ other, name }) => other.score(probeOf(name)),
  explain: ({ model, name }) => model.explain(probeOf(name)[0]),
  calibrate: ({ model, name }) => model.calibrate(trainingOf(name), { rule: 'mad' }),
  trainer: ({ model, name }) => model.trainer(trainingOf(name), { epochs: 1 }).run({ steps: 1 }),
  trained: ({ model, name }) => {
    const trainer = model.trainer(trainingOf(name), { epochs: 1 });
    trainer.run({ epochs: 1 });
    trainer.finish();
  },
  otherTrainer: ({ other, name }) => other.trainer(trainingOf(name), { epochs: 1 }).run({ steps: 1 }),
  fit: ({ model, name }) => model.fit(trainingOf(name), { epochs: 1 }),
  partialFit: ({ model, name }) => model.partialFit(trainingOf(name), { epochs: 1 }),
  badFit: ({ model }) => model.partialFit('no table'),
  disposeOther: ({ other }) => other.dispose(),
  metrics: () => metrics.auroc([1, 2, 3], [0, 1, 1]),
  create: async () => (await Autoencoder.create()).dispose(),
  synthetic: () => synthetic.wave({ rows: 20 }),
  finishOpen: ({ trainer }) => trainer?.finish(),
  dropOpen: ({ trainer }) => trainer?.dispose(),
};
const act = fc.constantFrom(...Object.keys(acts));

/** The first row of a table, where it lets itself be looked at. */
function first(table) {
  try {
    return table[0];
  } catch {
    return table;
  }
}

const readers = {
  score: ({ model }, table) => model.score(table),
  predict: ({ model }, table) => model.predict(table),
  pValues: ({ model }, table) => model.pValues(table),
  findings: ({ model }, table) => model.findings(table),
  featureErrors: ({ model }, table) => model.featureErrors(table),
  reconstruct: ({ model }, table) => model.reconstruct(table),
  encode: ({ model }, table) => model.encode(table),
  activations: ({ model }, table) => model.activations(first(table)),
  explain: ({ model }, table) => model.explain(first(table)),
  repair: ({ model }, table) => model.repair(first(table), { most: 2 }),
  anatomy: ({ model }, table) => model.anatomy(first(table)),
  scorer: ({ model }, table) => model.scorer()(first(table)),
  calibrate: ({ model }, table) => model.calibrate(table, { rule: 'mad' }),
  trainer: ({ model }, table) => model.trainer(table, { epochs: 1 }).run({ steps: 1 }),
  fit: ({ model }, table) => model.fit(table, { epochs: 1 }),
  partialFit: ({ model }, table) => model.partialFit(table, { epochs: 1 }),
};

/** Two models made anew, and all that is still under way at the end. */
async function pair(name) {
  const { models } = await world();
  const saved = models[name].toJSON();
  return { name, model: await Autoencoder.load(saved), other: await Autoencoder.load(saved), pending: [] };
}

const begin = (held, what) => held.pending.push(settled(async () => acts[what](held)));

async function end({ model, other, pending, name }) {
  try {
    await Promise.all(pending);
    for (const one of [model, other]) {
      if (one.disposed) continue;
      const { value } = attempt(() => one.score(probeOf(name)));
      if (value) mustBeFinite(value, 'score');
    }
  } finally {
    model.dispose();
    other.dispose();
  }
}

const reading = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    reader: fc.constantFrom(...Object.keys(readers)),
    act,
    open: fc.boolean(),
    spec: fc
      .tuple(
        tableFor(kindsOf(name)),
        fc.constantFrom(
          'calling getter',
          'changing getter',
          'shrinking getter',
          'growing getter',
          'throwing proxy',
          'lying length',
        ),
      )
      .map(([spec, twist]) => ({
        ...spec,
        twist,
        form: spec.form === 'flat' || spec.form === 'typedRows' ? 'rows' : spec.form,
      })),
  }),
);

async function read({ name, reader, act: what, open, spec }) {
  const held = await pair(name);
  let called = false;
  try {
    if (open) held.trainer = held.model.trainer(trainingOf(name), { epochs: 1 });
    const table = tableFrom(spec, () => {
      if (called) return;
      called = true;
      begin(held, what);
    });
    const { error } = await settled(async () => readers[reader](held, table));
    if (called && what === 'dispose' && spec.twist === 'calling getter')
      must(
        error !== undefined && (error.code === 'DISPOSED' || error.code === 'BAD_OPTION' || error.code === 'SHAPE'),
        () => `${reader} went on with a disposed model: ${error ? error.code : 'it returned'}`,
      );
  } finally {
    await end(held);
  }
}

const job = fc.record({
  what: fc.constantFrom('fit', 'partialFit', 'fitOther', 'detect', 'train', 'create', ...Object.keys(acts)),
  sliceMs: fc.constantFrom(1, 10),
  rows: fc.constantFrom(2, 50, 2000),
  /** Turns of the event loop before it begins, and before it is aborted. */
  after: fc.nat(4),
  abort: fc.option(fc.nat(6), { nil: undefined }),
  during: fc.option(act, { nil: undefined }),
  throws: fc.boolean(),
});

const turn = () => new Promise(setImmediate);
async function turns(count) {
  for (let index = 0; index < count; index++) await turn();
}

async function work(held, { what, sliceMs, rows, after, abort, during, throws }) {
  await turns(after);
  if (acts[what] && !['fit', 'partialFit'].includes(what)) return settled(async () => acts[what](held));
  const controller = new AbortController();
  const thrown = new Error('the callback threw');
  if (abort !== undefined) turns(abort).then(() => controller.abort());
  const options = {
    epochs: 2,
    sliceMs,
    signal: controller.signal,
    onProgress() {
      if (during) begin(held, during);
      if (throws && during) throw thrown;
    },
  };
  const table = kindsOf(held.name).names ? trainingOf(held.name) : numbers(rows);
  const jobs = {
    fit: () => held.model.fit(table, options),
    partialFit: () => held.model.partialFit(table, options),
    fitOther: () => held.other.fit(table, options),
    detect: async () => (await detect(table, { hidden: [2], latent: 1, ...options })).model.dispose(),
    train: async () => (await train(table, { hidden: [2], latent: 1, ...options })).dispose(),
  };
  await settled(
    jobs[what] ?? acts.create,
    (error) => error === thrown || (controller.signal.aborted && error === controller.signal.reason),
  );
}

/** What may become of a table, or of the options, while fit() takes its rows in. */
const changes = {
  transfer: ({ data }) => data && structuredClone(data.buffer, { transfer: [data.buffer] }),
  poison: ({ data, rows = [] }) => {
    data?.fill(Number.NaN);
    for (const row of rows) row.fill(Number.NaN);
  },
  shorten: ({ rows }) => {
    if (rows) rows.length = 3;
  },
  narrow: ({ rows = [] }) => {
    for (const row of rows) row.pop();
  },
  replace: ({ rows }) => rows?.fill('row'),
  delete: ({ rows }) => {
    if (rows) for (let row = 0; row < rows.length; row += 2) delete rows[row];
  },
  options: ({ options }) => Object.assign(options, { epochs: 3n, optimizer: 'none', sliceMs: Number.NaN, loss: {} }),
  dispose: ({ model }) => model.dispose(),
  fit: ({ model }) => model.fit(numbers(10), { epochs: 1 }),
  trainer: ({ model }) => model.trainer(numbers(10), { epochs: 1 }),
};

/** So many rows that they are taken in in several pieces. */
function longTable(form, columns) {
  const cells = 70_000;
  if (form === 'flat')
    return { data: Float64Array.from({ length: cells * columns }, (_, index) => Math.sin(index)), columns };
  return Array.from({ length: cells }, (_, row) =>
    Array.from({ length: columns }, (__, column) => Math.sin(row + column)),
  );
}

async function changedMeanwhile({ form, change, after, name }) {
  const held = await pair(name);
  try {
    const columns = held.model.features.length;
    const table = longTable(form, columns);
    const options = { epochs: 1, batchSize: 4096, sliceMs: 1, threshold: { rule: 'fixed', value: 1 } };
    const fitting = settled(() => held.model.fit(table, options));
    await turns(after);
    const given = Array.isArray(table) ? { rows: table } : { data: table.data };
    held.pending.push(settled(async () => changes[change]({ ...given, options, model: held.model })));
    await fitting;
  } finally {
    await end(held);
  }
}

export const interleaved = [
  {
    name: 'a table that changes while it is taken in',
    weight: 0.5,
    input: fc.record({
      name: fc.constantFrom('net', 'detector'),
      form: fc.constantFrom('flat', 'rows'),
      change: fc.constantFrom(...Object.keys(changes)),
      after: fc.nat(8),
    }),
    async run(input) {
      const { keeper } = await world();
      await keepingMemory(keeper, () => changedMeanwhile(input));
    },
  },
  {
    name: 'calls while a table is read',
    weight: 14,
    input: reading,
    async run(input) {
      const { keeper } = await world();
      await keepingMemory(keeper, () => read(input));
    },
  },
  {
    name: 'trainings at once',
    weight: 4,
    input: fc.record({ name: fc.constantFrom(...names), jobs: fc.array(job, { minLength: 1, maxLength: 6 }) }),
    async run({ name, jobs }) {
      const { keeper } = await world();
      await keepingMemory(keeper, async () => {
        const held = await pair(name);
        try {
          await Promise.all(jobs.map((one) => work(held, one)));
        } finally {
          await end(held);
        }
      });
    },
  },
  {
    name: 'turns of the event loop',
    weight: 0.25,
    input: fc.record({
      sliceMs: fc.constantFrom(2, 5, 10),
      options: fc.constantFrom(
        { hidden: [8], latent: 2 },
        { hidden: [8], latent: 2, scaler: 'robust' },
        { members: 3 },
      ),
      rows: fc.constantFrom(5000, 20_000),
    }),
    async run({ sliceMs, options, rows }) {
      const data = Float64Array.from({ length: rows * 4 }, (_, index) => Math.sin(index * index));
      let count = 0;
      let on = true;
      const tick = () => {
        count++;
        if (on) setImmediate(tick);
      };
      setImmediate(tick);
      const before = process.cpuUsage();
      const model = await train({ data, columns: 4 }, { ...options, epochs: 2, sliceMs });
      const { user, system } = process.cpuUsage(before);
      on = false;
      model.dispose();
      // Time of this process, not of the clock: whatever else the machine does, a turn comes after each slice.
      const each = (user + system) / 1000 / Math.max(1, count);
      must(
        each < 6 * sliceMs,
        () => `slices of ${sliceMs} ms took ${(each / sliceMs).toFixed(1)} times as long on average`,
      );
    },
  },
];
