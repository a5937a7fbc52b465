// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What is asked of the package, and what was measured of it.

import { ours } from './competitors.mjs';
import { sizes } from './default.mjs';
import { scoringFlop, shapes, trainingFlop } from './shapes.mjs';
import { ratios } from './statistics.mjs';

const names = shapes.map(({ name }) => name);
const large = names.length - 1;

/** How many times faster than whom; S, M, L. Nobody is to be faster than we are. */
const training = { tfwasm: [1, 1, 1], jaxjs: [1, 1, 1], torch: [1, 1, 1] };
const scoring = { tfwasm: [1, 1, 1], onnx: [1, 1, 1], torch: [1, 1, 1] };
const oneRowMicroseconds = [1, 1, 4];
const shareOfRoof = 0.8;
/** How many times faster than the forest the default jobs are, size by size, and detect than the 5th neighbour at 100k. */
const forest = [1, 1.5, 2];
const neighbour = 30;
const mostBlockMs = 30;
const mostKilobytes = 96;
const [mostTrainingMs, mostReadyMs] = [20, 15];
const sparedBytes = 8 * 1024 * 1024;
/** A unit may cost twice or half of the median: what caches and the last, half-filled vectors make of it. */
const mostApart = 2;

/** Nets that work with the same weights may differ by rounding, which sums in another order. */
const mostDifference = 1e-3;
/** The tables have variance 1: with this loss a net has learned something. */
const someLoss = 0.5;

/** [{ name, measured, goal, unit, least: whether the goal is a least, reason: why nothing was measured }] */
export function goalsOf(results, parts) {
  return [
    ...(parts.includes('shapes') ? trainingGoals(results) : []),
    ...(parts.includes('scoring') ? scoringGoals(results) : []),
    ...(parts.includes('default') ? defaultGoals(results.default) : []),
    ...(parts.includes('package') ? packageGoals(results.package) : []),
    ...(parts.includes('scaling') ? scalingGoals(results.scaling) : []),
  ];
}

export const isMet = ({ measured, goal, least }) => (least ? measured >= goal : measured <= goal);

function trainingGoals(results) {
  const share = shareOf(results, 'train', trainingFlop);
  return [...fasterGoals(results, 'train', 'training', training), roofGoal('training L', share)];
}

function scoringGoals(results) {
  const share = shareOf(results, 'score', scoringFlop);
  const rows = names.map((name, at) => ({
    name: `one row ${name}`,
    ...measured(results, `row ${name}`, ours, ({ time }) => 1000 * time.median),
    goal: oneRowMicroseconds[at],
    unit: 'µs',
  }));
  return [...fasterGoals(results, 'score', 'scoring', scoring), roofGoal('scoring L', share), ...rows];
}

const fasterGoals = (results, kind, verb, table) =>
  Object.entries(table).flatMap(([peer, goals]) =>
    names.map((name, at) => ({
      name: `${verb} ${name}, times faster than ${results.labels[peer]}`,
      ...measured(results, `${kind} ${name}`, peer, ({ ratio }) => ratio.median),
      goal: goals[at],
      unit: 'x',
      least: true,
    })),
  );

function measured({ jobs, missing }, key, competitor, read) {
  const found = jobs[key]?.[competitor];
  if (found && !found.error) return { measured: read(found) };
  return { reason: missing[competitor] ?? found?.error ?? 'not measured' };
}

function defaultGoals(results) {
  const { jobs, missing, blocks } = results;
  const fasterThan = (peer, job, size) => {
    const found = measured(results, `detect ${size}`, peer, ({ values }) => values);
    if (found.reason) return found;
    const { median } = ratios(found.measured, jobs[`${job} ${size}`][ours].values ?? []);
    return Number.isFinite(median) ? { measured: median } : { reason: missing[ours] ?? 'not measured' };
  };
  const faster = (job, size, label, peer, goal) => ({
    name: `${job}(rows) ${size}, times faster than ${label}`,
    ...fasterThan(peer, job, size),
    goal,
    unit: 'x',
    least: true,
  });
  return [
    ...['train', 'detect'].flatMap((job) =>
      sizes.map(({ name }, at) => faster(job, name, 'the forest (fit and score)', 'forest', forest[at])),
    ),
    faster('detect', '100k', 'the 5th neighbour', 'neighbour', neighbour),
    ...Object.entries(blocks).map(([job, { shortest }]) => ({
      name: `longest block in ${job}(rows) 1M, at best`,
      measured: shortest,
      goal: mostBlockMs,
      unit: 'ms',
    })),
  ];
}

const roofGoal = (name, share) => ({
  name: `${name}, share of the roof at best`,
  ...(share?.best <= 1 ? { measured: 100 * share.best } : { reason: share && 'more than all: disturbed' }),
  goal: 100 * shareOfRoof,
  unit: '%',
  least: true,
});

/**
 * Our share of the roof in L: the spread over the rounds, and `best`, our fastest round against the highest roof. What a
 * kernel reaches of a limit shows when nothing else is at work; load lowers the one and not the other.
 */
export function shareOf({ jobs }, kind, flop) {
  const shape = shapes[large];
  const job = jobs[`${kind} ${shape.name}`];
  if (!job?.roof || job.roof.error || job[ours].error) return undefined;
  const reached = job[ours].values.map((ms) => ms && flop(shape) / ms / 1e6);
  const highest = (values) => Math.max(...values.filter(Number.isFinite));
  return { ...ratios(reached, job.roof.values), best: highest(reached) / highest(job.roof.values) };
}

function packageGoals({ sizes, first, memory }) {
  const weight = {
    name: 'index.js, gzipped',
    measured: sizes['index.js'].gzip / 1024,
    goal: mostKilobytes,
    unit: 'KB',
  };
  const room = memory.map(({ name, table, reserved }) => ({
    name: `memory for ${name}, beyond the rows`,
    measured: (reserved - table) / 1024 ** 2,
    goal: sparedBytes / 1024 ** 2,
    unit: 'MB',
  }));
  return [
    weight,
    { name: 'ready to train, after the import', measured: first.ready.median, goal: mostReadyMs, unit: 'ms' },
    { name: 'first training of S after import', measured: first.training.median, goal: mostTrainingMs, unit: 'ms' },
    ...room,
  ];
}

const scalingGoals = (scaling) =>
  Object.entries(scaling).map(([name, { worst }]) => ({
    name: `cost a unit against the median, ${name}`,
    measured: worst,
    goal: mostApart,
    unit: 'x',
  }));

/** What must hold for the times to mean anything: sentences about what does not. */
export function doubts(results) {
  const { jobs, labels, fingerprints } = results;
  const found = aboveTheRoof(results);
  for (const [key, results] of Object.entries(jobs))
    for (const [name, result] of Object.entries(results)) {
      const { loss, head, error } = result;
      if (error) found.push(`${key}: ${labels[name]} failed: ${error}`);
      else if (loss && !learned(loss))
        found.push(`${key}: ${labels[name]} does not learn: loss ${loss[0]}, then ${loss[1]}`);
      else if (head && !(difference(result, results[ours]) < mostDifference))
        found.push(`${key}: ${labels[name]} scores otherwise, by ${difference(result, results[ours])}`);
    }
  for (const [shape, bits] of Object.entries(fingerprints))
    if (new Set(Object.values(bits)).size > 1)
      found.push(`${shape}: ours are not the same bits: ${JSON.stringify(bits)}`);
  return found;
}

/** A loss that is no number has come through JSON as null. */
const learned = ([first, last]) => Number.isFinite(first) && Number.isFinite(last) && last < Math.max(first, someLoss);

/** Nothing gets past the roof: a share of more than all says that the roof was disturbed, or the FLOP miscounted. */
const aboveTheRoof = (results) =>
  Object.entries({ train: trainingFlop, score: scoringFlop })
    .filter(([kind, flop]) => shareOf(results, kind, flop)?.best > 1)
    .map(([kind]) => `${kind} L: more than the roof allows`);

/** The largest relative difference of the first scores, and of the mean of all. */
export const difference = (one, other) =>
  Math.max(
    ...[one.mean, ...one.head].map((value, at) => {
      const wanted = at === 0 ? other.mean : other.head[at - 1];
      return Math.abs(value - wanted) / wanted;
    }),
  );
