// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Two builds of the package in turns: what a change has made faster or slower.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { prepare, startOurs, writeTables } from './competitors.mjs';
import { firstUse } from './package.mjs';
import { withHead } from './report.mjs';
import { jobsOf, runRounds, warmUp } from './rounds.mjs';
import { ratios, spread } from './statistics.mjs';

/** An engine of JavaScript compiles the same code well in one process and badly in the next: no process speaks for a build. */
const sittings = 7;
const kinds = ['train', 'score', 'row'];
const fewestColdStarts = 25;

/**
 * Prints a table of times of both builds and of their ratios, above 1 where the new one is faster. `other`: the folder of the
 * other build's index.js; `module`: the new index.js.
 */
export async function turns(other, { module, folder }, { count, quick }) {
  const old = join(resolve(other), 'index.js');
  if (!existsSync(old)) throw new Problem(`--against takes the dist/ folder of another build: there is no ${old}.`);
  const builds = { old, new: module };
  writeTables(folder);
  const warm = await warmTimes(builds, folder, { count: quick ? 1 : Math.ceil(count / sittings), quick });
  const cold = await coldTimes(builds, folder, quick ? 3 : Math.max(count, fewestColdStarts));
  console.log(withHead(['', 'old, ms', 'new, ms', 'old / new (quartiles)'], [...warm, ...cold].map(line)));
}

const digits = (value) => value.toPrecision(3);

function line([name, times]) {
  const { median, low, high } = ratios(times.old, times.new);
  const shown = [times.old, times.new].map((values) => digits(spread(values).median));
  return [name, ...shown, `${digits(median)} (${digits(low)} - ${digits(high)})`];
}

/** [job, { old, new: times }] of warm jobs, `count` rounds in each of several pairs of processes. */
async function warmTimes(builds, folder, pace) {
  const jobs = jobsOf(kinds);
  const times = new Map(jobs.map(({ key }) => [key, { old: [], new: [] }]));
  for (let sitting = 0; sitting < (pace.quick ? 1 : sittings); sitting++) {
    step(`Sitting ${sitting + 1}`);
    const running = [];
    try {
      for (const [key, answers] of await sat(running, builds, folder, jobs, pace))
        for (const [name, { error, values }] of answers) {
          if (error) throw new Problem(`${key}, ${name}: ${error}`);
          times.get(key)[name].push(...values);
        }
    } finally {
      for (const { child } of running) child.close();
    }
  }
  return [...times];
}

/** The answers of a pair of processes, which it puts into `running`. */
async function sat(running, builds, folder, jobs, pace) {
  for (const [name, module] of Object.entries(builds)) {
    const competitor = { name, jobs: kinds, child: await startOurs(module) };
    running.push(competitor);
    await prepare(competitor, competitor.child, folder);
  }
  const found = await warmUp(running, jobs);
  await runRounds(running, jobs, found, pace);
  return found;
}

/** [span, { old, new: times }] of the first use in fresh processes. */
async function coldTimes(builds, folder, count) {
  step('First use in fresh processes');
  const times = new Map();
  for (let turn = 0; turn < count; turn++) {
    const names = Object.keys(builds);
    for (const name of turn % 2 ? names : names.reverse())
      for (const [span, ms] of Object.entries(await firstUse(builds[name], folder)))
        times
          .set(span, { old: [], new: [], ...times.get(span) })
          .get(span)
          [name].push(ms);
  }
  return [...times].map(([span, both]) => [`first use: ${span}`, both]);
}
