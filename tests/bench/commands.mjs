// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What a competitor written in JavaScript answers to a line; in Node and in browsers. Lines are words, answers are objects:
//   prepare <name> <rows> <columns> <hidden> <latent> <batch> <epochs> <file>   a table of float32 and a net for it
//   train <name> <ms>        the training job, again and again for so long at least: { ms: of one, runs, loss }
//   detect <name> <ms>       trained with the defaults and judged, the same rows: { ms, runs }
//   block <name> <what>      { longest } time, in milliseconds, from a turn of the event loop to the next in that job
//   score <name> <ms>        all rows, likewise: { ms, runs, mean, head: the first scores }
//   row <name> <ms>          one row a call: { ms: of one call, runs }
//   weights <name>           { weights } of the net that scores
//   adopt <name> <file>      score with these weights from now on
//   roof - <ms>              { gflops } of multiplying and adding without memory, the best seen in that time
//   fingerprint <name>       { fingerprint } of the same
//   memory                   { reservedBytes }

import { shapeOf } from './shapes.mjs';

const shown = 16;
const callsAtOnce = 200;

/** `load(file, count)` gives so many floats; all, without a count. */
export async function answer(competitor, line, load) {
  const [command, name, ...rest] = line.split(' ');
  if (!competitor[command]) return { error: `does not ${command}` };
  try {
    return await answers[command](competitor, name, rest, load);
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

const answers = {
  async prepare(competitor, name, words, load) {
    const shape = shapeOf([name, ...words]);
    const rows = await load(words.slice(6).join(' '), shape.rows * shape.columns);
    return { prepared: name, ...(await competitor.prepare(shape, rows)) };
  },
  async train(competitor, name, [ms]) {
    const { value: loss, ...time } = await repeated(() => competitor.train(name), Number(ms));
    return { ...time, loss };
  },
  async detect(competitor, name, [ms]) {
    const { ms: taken, runs } = await repeated(() => competitor.detect(name), Number(ms));
    return { ms: taken, runs };
  },
  block: async (competitor, name, [what]) => ({ longest: await competitor.block(name, what) }),
  async score(competitor, name, [ms]) {
    const { value, ...time } = await repeated(() => competitor.score(name), Number(ms));
    const mean = value.reduce((total, score) => total + score, 0) / value.length;
    return { ...time, mean, head: Array.from(value.slice(0, shown)) };
  },
  async row(competitor, name, [ms]) {
    await competitor.row(name, 1);
    const few = await repeated(() => competitor.row(name, 1), 0);
    const calls = few.ms > 1 ? 1 : callsAtOnce; // where a call takes milliseconds the clock costs nothing beside it
    const time = await repeated(() => competitor.row(name, calls), Number(ms));
    return { ms: time.ms / calls, runs: time.runs * calls };
  },
  weights: async (competitor, name) => ({ weights: Array.from(await competitor.weights(name)) }),
  async adopt(competitor, name, words, load) {
    const file = words.join(' ');
    await competitor.adopt(name, await load(file), file);
    return { adopted: name };
  },
  roof: (competitor, _, [ms]) => ({ gflops: best(() => competitor.roof(), Number(ms)) / 1e6 }),
  fingerprint: (competitor, name) => competitor.fingerprint(name),
  memory: (competitor) => competitor.memory(),
};

/** Runs `work` at least once and for `least` milliseconds; the time of one run is the mean. */
async function repeated(work, least) {
  let runs = 0;
  let value;
  let spent = 0;
  const began = performance.now();
  do {
    value = work();
    if (typeof value?.then === 'function') value = await value;
    runs += 1;
    spent = performance.now() - began;
  } while (spent < least);
  return { ms: spent / runs, runs, value };
}

/** The highest rate, work done a millisecond: whatever else the machine does can only lower a limit, never raise it. */
function best(work, least) {
  let rate = 0;
  const began = performance.now();
  for (let at = began; at - began < least; ) {
    const done = work();
    const now = performance.now();
    rate = Math.max(rate, done / (now - at));
    at = now;
  }
  return rate;
}
