// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Rounds: in each, every job is done once by everybody, in an order that rotates. What disturbs the machine for a while
// then disturbs all alike, and times of one round may be divided by each other.

import { step } from '../../bindings/tools/shared/terminal.mjs';
import { shapes as nets } from './shapes.mjs';
import { ratios, spread } from './statistics.mjs';

/** Quick jobs are repeated for so long, so that neither the clock nor a single interruption matters. */
const blockMs = 30;
const warmingMs = 400;
const warmAfterMs = 2_000;
/** Whoever has used up so much time in one job sits its remaining rounds out. */
const allowanceMs = { full: 12_000, quick: 3_000 };

/** One list a kind of job; the roof is measured beside each. */
export function jobsOf(kinds, shapes = nets) {
  return kinds.flatMap((kind) => shapes.map((shape) => ({ kind, shape, key: `${kind} ${shape.name}` })));
}

const takesPart = ({ jobs, shapes: able }, { kind, shape }) =>
  jobs.includes('roof') || (jobs.includes(kind) && (able?.includes(shape.name) ?? true));
const lineOf = ({ jobs }, { kind, shape }, ms) =>
  jobs.includes('roof') ? `roof - ${ms}` : `${kind} ${shape.name} ${ms}`;

/**
 * Returns a Map: job key -> Map: competitor -> { first, last: answers, values: one a round, undefined where it sat out },
 * as yet without values. Values are milliseconds, of the roof GFLOP/s.
 */
export async function warmUp(running, jobs) {
  const results = new Map(jobs.map(({ key }) => [key, new Map()]));
  for (const job of jobs) {
    step(`Warming up: ${job.key}`);
    for (const competitor of running.filter((one) => takesPart(one, job)))
      results.get(job.key).set(competitor.name, await warmed(competitor, job));
  }
  return results;
}

/** Adds values to what `warmUp` has returned. `allowance`: milliseconds, where it is another than that of the nets. */
export async function runRounds(
  running,
  jobs,
  results,
  { count, quick, allowance = allowanceMs[quick ? 'quick' : 'full'] },
) {
  for (let round = 0; round < count; round++) {
    step(`Round ${round + 1} of ${count}`);
    for (const job of jobs) await oneRound(rotated(running, round), job, results.get(job.key), round, allowance);
  }
}

const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

/** The first answer, and a result to fill. What takes long is warm after its first time. */
async function warmed({ child, ...competitor }, job) {
  const first = await child.ask(lineOf(competitor, job, 0));
  let { error } = first;
  if (!error && !(first.ms > warmAfterMs)) ({ error } = await child.ask(lineOf(competitor, job, warmingMs)));
  return { first, last: first, error, spent: 0, values: [] };
}

async function oneRound(order, job, results, round, allowance) {
  for (const { child, ...competitor } of order) {
    const result = results.get(competitor.name);
    if (!result || result.error || (result.spent >= allowance && round > 0)) continue;
    const began = performance.now();
    const answer = await child.ask(lineOf(competitor, job, blockMs));
    result.spent += performance.now() - began;
    result.error = answer.error;
    result.last = answer;
    result.values[round] = answer.gflops ?? answer.ms;
  }
}

/** { competitor: { first, loss, values, time, ratio to `base` } or { error } } of one job, for people and for files. */
export function summary(results, base) {
  const bases = results.get(base)?.values ?? [];
  return Object.fromEntries(
    [...results].map(([name, { first, last, error, values }]) => {
      if (error) return [name, { error }];
      const shown = Array.from(values, (value) => value ?? null);
      const losses = first.loss === undefined ? {} : { loss: [first.loss, last.loss] };
      const scores = first.head === undefined ? {} : { mean: last.mean, head: last.head };
      const known = values.filter((value) => value !== undefined);
      return [
        name,
        { first: first.ms, ...losses, ...scores, values: shown, time: spread(known), ratio: ratios(values, bases) },
      ];
    }),
  );
}
