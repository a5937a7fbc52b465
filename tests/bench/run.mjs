// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run bench: how fast, how small and how linear the package is, beside other libraries, in one run.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../bindings/tools/shared/places.mjs';
import { main, Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { ensurePackages } from '../../bindings/tools/toolchain/packages.mjs';
import { packaged } from './binaries.mjs';
import { chart } from './chart.mjs';
import { competitors, ours, shareWeights, startAll, writeTables } from './competitors.mjs';
import { measureDefault } from './default.mjs';
import { difference, doubts, goalsOf, isMet } from './goals.mjs';
import { measurePackage } from './package.mjs';
import { tables } from './report.mjs';
import { jobsOf, runRounds, summary, warmUp } from './rounds.mjs';
import { measureScaling } from './scaling.mjs';
import { shapes } from './shapes.mjs';
import { turns } from './turns.mjs';

const everyPart = ['shapes', 'scoring', 'browsers', 'default', 'scaling', 'package'];
const rounds = { full: 15, quick: 3 };

const usage = `node tests/bench/run.mjs [options]

  --check         exit code 1 when a goal is missed, or could not be measured
  --quick         fewer rounds: to see whether it runs, not how fast
  --only a,b      only these of ${everyPart.join(', ')}
  --rounds n      instead of ${rounds.full}
  --json file     where the results go (build/bench/results.json)
  --svg [file]    also draws the chart (web/speed.svg)
  --against dir   another build's dist/ beside this one, in turns, and nothing else
  --as-is         measures dist/ as it is, without building it`;

await main(async () => {
  const options = read(process.argv.slice(2));
  if (options.help) return console.log(usage);
  await ensurePackages();
  const module = await packaged(options['as-is']);
  const folder = mkdtempSync(join(tmpdir(), 'anomalens-bench-'));
  try {
    if (options.against) return await turns(options.against, { module, folder }, options);
    const results = await measure(options, { module, folder });
    const goals = goalsOf(results, options.parts);
    console.log(tables(results, goals));
    write(options.json, `${JSON.stringify({ ...results, goals }, null, 1)}\n`);
    if (options.svg) write(options.svg, chart(results));
    if (options.check) check(goals, results.doubts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function read(args) {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string' };
  const flags = { check: flag, quick: flag, help: flag, 'as-is': flag };
  let values;
  try {
    const known = {
      ...flags,
      only: text,
      against: text,
      rounds: text,
      svg: text,
      json: { ...text, default: 'build/bench/results.json' },
    };
    ({ values } = parseArgs({ args: withDefault(args, '--svg', 'web/speed.svg'), options: known }));
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  const parts = values.only?.split(',') ?? everyPart;
  const strange = parts.find((part) => !everyPart.includes(part));
  if (strange !== undefined)
    throw new Problem(`--only does not know "${strange}": take any of ${everyPart.join(', ')}.`);
  const count = Number(values.rounds ?? (values.quick ? rounds.quick : rounds.full));
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new Problem(`--rounds takes a whole number from 1 to 1000, not ${values.rounds}.`);
  return { ...values, parts, count };
}

/** An option that may stand without its value. */
function withDefault(args, option, value) {
  const at = args.indexOf(option);
  const isBare = at >= 0 && (args[at + 1] === undefined || args[at + 1].startsWith('--'));
  return isBare ? args.toSpliced(at + 1, 0, value) : args;
}

async function measure({ parts, count, quick }, settings) {
  const results = {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.versions.node },
    rounds: count,
    labels: Object.fromEntries(competitors.map(({ name, label }) => [name, label])),
    versions: {},
    missing: {},
    notes: {},
    fingerprints: {},
    jobs: {},
  };
  const has = (part) => parts.includes(part);
  if (has('shapes') || has('scoring') || has('browsers')) await measureJobs(results, { parts, count, quick }, settings);
  results.doubts = doubts(results);
  if (has('default')) results.default = await measureDefault(settings, { count, quick });
  if (has('scaling')) results.scaling = await measureScaling(settings, quick);
  if (has('package')) {
    writeTables(settings.folder);
    results.package = await measurePackage(settings, quick);
  }
  return results;
}

async function measureJobs(results, { parts, ...pace }, settings) {
  const has = (part) => parts.includes(part);
  const onlyBrowsers = !has('shapes') && !has('scoring');
  const kinds = [
    ...(has('shapes') || onlyBrowsers ? ['train'] : []),
    ...(has('scoring') || onlyBrowsers ? ['score', 'row'] : []),
  ];
  writeTables(settings.folder);
  const groups = [...(onlyBrowsers ? [] : ['peers']), ...(has('browsers') ? ['browsers'] : [])];
  const { running, missing } = await startAll(groups, settings);
  try {
    await runJobs(results, running, kinds, pace, settings.folder);
    Object.assign(results.missing, missing);
    results.agreement = agreement(results.jobs);
    results.fingerprints = await fingerprints(running);
  } finally {
    for (const { child } of running) await child.close();
  }
}

/** Training comes first, for the first job of a process is to be that; then all get our weights to score with. */
async function runJobs(results, running, kinds, pace, folder) {
  const [training, judging] = [['train'], ['score', 'row']].map((some) =>
    jobsOf(some.filter((kind) => kinds.includes(kind))),
  );
  const found = await warmUp(running, training);
  if (judging.length > 0) {
    step('Sharing our weights, so that all score the same net');
    const refusals = await shareWeights(running, folder);
    Object.assign(results.missing, refusals);
    const judges = running.filter(({ name }) => !(name in refusals));
    for (const [key, answers] of await warmUp(judges, judging)) found.set(key, answers);
  }
  await runRounds(running, [...training, ...judging], found, pace);
  for (const [key, answers] of found) results.jobs[key] = summary(answers, ours);
  for (const { name, child, note } of running) {
    results.versions[name] = child.version;
    if (note) results.notes[name] = note;
  }
}

/** The largest difference of scores made with equal weights; undefined where nobody else scored. */
function agreement(jobs) {
  const apart = shapes.flatMap(({ name }) => {
    const { [ours]: own, ...others } = jobs[`score ${name}`] ?? {};
    return Object.values(others)
      .filter(({ head }) => head)
      .map((other) => difference(other, own));
  });
  return apart.length > 0 ? Math.max(...apart) : undefined;
}

/** Of our nets, wherever they were trained: the same seed must end in the same bits. */
async function fingerprints(running) {
  const found = {};
  for (const shape of shapes) {
    found[shape.name] = {};
    for (const { name, child } of running) {
      const { fingerprint } = await child.ask(`fingerprint ${shape.name}`);
      if (fingerprint) found[shape.name][name] = fingerprint;
    }
  }
  return found;
}

function write(file, text) {
  const full = resolve(root, file);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  step(`Written: ${full}`);
}

function check(goals, doubtful) {
  const misses = goals.filter((goal) => !isMet(goal)).map(({ name }) => name);
  const lines = [...misses, ...doubtful].map((line) => `  ${line}`);
  if (lines.length > 0) throw new Problem(`Missed:\n${lines.join('\n')}`);
  step('Every goal is reached.');
}
