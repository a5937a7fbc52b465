// SPDX-License-Identifier: MIT
// npm run accuracy: how well the defaults find the anomalies of real, labelled sets, beside other detectors.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { main, Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { datasets, heldOutDatasets, names } from './datasets.mjs';
import { peers, runPeers } from './peers.mjs';
import { missed, tables } from './report.mjs';
import { splits, writeSplits } from './splits.mjs';

const usage = `node tests/accuracy/run.mjs [options]

  --check            exit code 1 when a required mean is missed (all seven sets, at least three seeds)
  --sets a,b         only these of ${names.join(', ')}
  --seeds 3          how many seeds, from 0
  --no-peers         only our own detector
  --peers a,b        only these of ${peers.join(', ')}
  --json file        also writes every single result
  --export folder    writes the splits for lab.py, with the held-out sets, and ends
  --module file      judges another build of the package`;

/** The settings of ours: which split, and how the package is asked. */
const settings = [
  { name: 'train', kind: 'clean', model: ({ train }, rows, seed) => train(rows, { seed }) },
  { name: "detect's settings", kind: 'clean', model: ({ train }, rows, seed) => train(rows, { seed, clean: false }) },
  { name: 'detect', kind: 'dirty', model: async ({ detect }, rows, seed) => (await detect(rows, { seed })).model },
];

await main(async () => {
  const options = read(process.argv.slice(2));
  if (options.help) return console.log(usage);
  if (options.export) return await exportSplits(options);
  const sets = await found(options);
  if (!sets) return;
  const all = sets.flatMap((set) => options.seeds.flatMap((seed) => splits(set, seed)));
  const folder = mkdtempSync(join(tmpdir(), 'anomalens-accuracy-'));
  try {
    const ours = await judge(await load(options.module), all, folder);
    const others = options.peers.length ? await compare(folder, all, ours, options.peers) : undefined;
    const results = [...ours, ...(others?.results ?? [])];
    console.log(tables(results, sets));
    if (others)
      console.log(
        `Peers: ${Object.entries(others.versions)
          .map((pair) => pair.join(' '))
          .join(', ')}.`,
      );
    if (options.json)
      writeFileSync(options.json, `${JSON.stringify({ versions: others?.versions, results }, null, 1)}\n`);
    if (options.check) check(ours);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function read(args) {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        check: flag,
        help: flag,
        'no-peers': flag,
        sets: text,
        seeds: { ...text, default: '3' },
        peers: text,
        json: text,
        export: text,
        module: text,
      },
    }));
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  const count = Number(values.seeds);
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw new Problem(`--seeds takes a whole number from 1 to 100, not ${values.seeds}.`);
  const sets = choice('--sets', values.sets, names);
  if (values.check && (sets.length < names.length || count < 3))
    throw new Problem('--check needs all seven sets and at least three seeds.');
  const wanted = values['no-peers'] ? [] : choice('--peers', values.peers, peers);
  return { ...values, sets, seeds: Array.from({ length: count }, (_, seed) => seed), peers: wanted };
}

function choice(option, text, known) {
  const chosen = text?.split(',') ?? known;
  const strange = chosen.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new Problem(`${option} does not know "${strange}": take any of ${known.join(', ')}.`);
  return known.filter((name) => chosen.includes(name));
}

/** Without the data there is nothing to measure; that is no failure, unless a check was asked for. */
async function found({ sets, check: checking }) {
  try {
    return await datasets(sets);
  } catch (error) {
    if (checking || !(error instanceof Problem)) throw error;
    step(`The accuracy benchmark is skipped: ${error.message}`);
    return undefined;
  }
}

async function exportSplits({ export: folder, sets, seeds }) {
  const all = [...(await datasets(sets)), ...(await heldOutDatasets())].flatMap((set) =>
    seeds.flatMap((seed) => splits(set, seed)),
  );
  writeSplits(folder, all);
  step(`${all.length} splits written to ${folder}`);
}

async function load(file) {
  const library = await import(file ? pathToFileURL(resolve(file)).href : 'anomalens').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Problem(`${file ?? 'The package'} is not there: run  npm run build  first. (${error.message})`);
  });
  const lacking = ['train', 'detect', 'metrics'].filter((name) => !library[name]);
  if (lacking.length) throw new Problem(`${file ?? 'The package as built'} has no ${lacking.join(', ')}.`);
  return library;
}

/** Our results; the scores are also written, so that scikit-learn can say what it makes of them. */
async function judge(library, all, folder) {
  const results = [];
  for (const { set, seed, kind, train, test, labels } of all) {
    if (seed === all[0].seed && kind === 'clean') step(`Our detector: ${set}`);
    for (const setting of settings.filter((item) => item.kind === kind)) {
      const started = performance.now();
      const model = await setting.model(library, train, seed);
      const scores = Float64Array.from(model.score(test));
      const seconds = (performance.now() - started) / 1000;
      model.dispose?.();
      if (scores.length !== labels.length || !scores.every(Number.isFinite))
        throw new Problem(`${setting.name} on ${set}, seed ${seed}: not one finite score a row.`);
      const file = `${set}-${seed}-${kind}.${settings.indexOf(setting)}.scores.f64`;
      writeFileSync(join(folder, file), scores);
      const { auroc, averagePrecision } = library.metrics;
      results.push({
        method: setting.name,
        ours: true,
        set,
        seed,
        kind,
        auroc: auroc(scores, labels),
        averagePrecision: averagePrecision(scores, labels),
        seconds,
        file,
      });
    }
  }
  return results;
}

async function compare(folder, all, ours, wanted) {
  writeSplits(folder, all);
  const others = await runPeers(folder, wanted);
  const checks = new Map(others?.checks.map((entry) => [entry.file, entry]));
  for (const result of others ? ours : []) {
    const theirs = checks.get(result.file);
    const apart = Math.max(...['auroc', 'averagePrecision'].map((metric) => Math.abs(result[metric] - theirs[metric])));
    if (!(apart < 1e-9))
      throw new Problem(
        `Our metrics differ from scikit-learn's by ${apart} on ${result.set}, ${result.method}, seed ${result.seed}.`,
      );
  }
  return others;
}

function check(ours) {
  const misses = missed(ours);
  if (misses.length) throw new Problem(`Below what is required:\n${misses.map((line) => `  ${line}`).join('\n')}`);
  step('Every required mean is reached.');
}
