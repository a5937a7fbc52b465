// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Our package as built, in Node and in browsers.

/** Enough epochs for any number of jobs: a trainer goes on where it stopped. */
const manyEpochs = 1_000_000;
/** Of the net that scores; the jobs of M and L are one epoch, which teaches little. */
const fewestEpochs = 3;
const rowsInTurn = 50;

export async function open({ module }) {
  const { Autoencoder, version } = await import(module);
  const jobs = new Map();

  async function prepare(shape, rows) {
    jobs.set(shape.name, { shape, table: { data: rows, columns: shape.columns } });
  }

  const create = ({ hidden, latent }) => Autoencoder.create({ hidden: [hidden], latent, seed: 1 });
  const options = (shape, epochs) => ({
    epochs,
    batchSize: shape.batch,
    threshold: { rule: 'quantile', q: 0.95 }, // holds no rows out, and is taken after the epochs that are timed
  });

  async function trainer(name) {
    const job = jobs.get(name);
    job.trainer ??= (await create(job.shape)).trainer(job.table, options(job.shape, manyEpochs));
    return job;
  }

  async function judge(name) {
    const job = jobs.get(name);
    if (job.model) return job;
    const model = await create(job.shape);
    await model.fit(job.table, options(job.shape, Math.max(fewestEpochs, job.shape.epochs)));
    job.model = model;
    job.scoreRow = model.scorer?.() ?? ((row) => model.score([row])[0]);
    const { data, columns } = job.table;
    job.rows = Array.from({ length: rowsInTurn }, (_, at) => data.subarray(at * columns, (at + 1) * columns));
    return job;
  }

  /** Once a job is open the calls below must not wait for promises: theirs would be part of the time. */
  const opened = (open, ready, work) => (name, count) => {
    const job = jobs.get(name);
    return job[ready] ? work(job, count) : open(name).then((fresh) => work(fresh, count));
  };

  return {
    version,
    prepare,
    train: opened(trainer, 'trainer', ({ trainer: open, shape }) => open.run({ epochs: shape.epochs }).loss),
    score: opened(judge, 'model', ({ model, table }) => model.score(table)),
    row: opened(judge, 'model', ({ scoreRow, rows }, calls) => {
      let total = 0;
      for (let call = 0; call < calls; call++) total += scoreRow(rows[call % rowsInTurn]);
      return total;
    }),
    weights: opened(judge, 'model', ({ model }) =>
      model.layers().flatMap(({ weights, bias }) => [...weights, ...bias]),
    ),
    fingerprint: opened(judge, 'model', ({ model }) => ({ fingerprint: model.fingerprint() })),
    memory: () => [...jobs.values()][0].model.memoryUsage(),
  };
}
