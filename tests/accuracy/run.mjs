// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run accuracy: how well the defaults find anomalies, beside other detectors.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { main, Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { names } from './datasets.mjs';
import { mixed, mostTables } from './mixed.mjs';
import { peers } from './peers.mjs';
import { exportSplits, seven } from './seven.mjs';
import { situations } from './situations.mjs';

const suites = { seven, mixed, situations };
const usage = `node tests/accuracy/run.mjs [options]

  --suite all        or one of ${Object.keys(suites).join(', ')}
  --check            exit code 1 when something required is missed (all sets and tables; by default ten seeds
                     of seven and twelve of mixed)
  --seeds 3          seven: how many seeds, from 0
  --sets a,b         seven: only these of ${names.join(', ')}
  --no-peers         seven: only our own detector
  --peers a,b        seven: only these of ${peers.join(', ')}
  --tables ${mostTables}        mixed: only the first so many tables
  --draws 1          mixed: how many draws of rows and faults from each table
  --nets 3           mixed: how many seeds of our nets for each draw
  --json file        also writes every single result
  --export folder    writes the splits of seven for lab.py, with the held-out sets, and ends
  --module file      judges another build of the package`;

await main(async () => {
  const options = read(process.argv.slice(2));
  if (options.help) return console.log(usage);
  if (options.export) return await exportSplits(options);
  const library = await load(options.module);
  const all = {};
  const misses = [];
  for (const name of options.suites) {
    const found = await run(name, library, options);
    if (!found) continue;
    console.log(found.report);
    all[name] = found.results;
    misses.push(...found.misses.map((miss) => `${name}: ${miss}`));
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 1)}\n`);
  const list = misses.map((line) => `  ${line}`).join('\n');
  if (options.check && misses.length) throw new Problem(`Below what is required:\n${list}`);
  if (misses.length) console.log(`Below what is required:\n\n${list}\n`);
  else step('Nothing is below what is required.');
});

/** Without the data there is nothing to measure; that is no failure, unless a check was asked for. */
async function run(name, library, options) {
  try {
    return await suites[name](library, options);
  } catch (error) {
    if (options.check || !(error instanceof Problem)) throw error;
    step(`The suite ${name} is skipped: ${error.message}`);
    return undefined;
  }
}

function read(args) {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string' };
  const known = {
    suite: { ...text, default: 'all' },
    check: flag,
    help: flag,
    'no-peers': flag,
    sets: text,
    seeds: text,
    tables: { ...text, default: `${mostTables}` },
    draws: { ...text, default: '1' },
    nets: text,
    peers: text,
    json: text,
    export: text,
    module: text,
  };
  let values;
  try {
    ({ values } = parseArgs({ args, options: known }));
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  const all = Object.keys(suites);
  const wanted = values.suite === 'all' ? all : choice('--suite', values.suite, all);
  const sets = choice('--sets', values.sets, names);
  const seeds = count('--seeds', values.seeds ?? (values.check ? '10' : '3'), 100);
  const nets = count('--nets', values.nets ?? (values.check ? '12' : '3'), 100);
  const tables = count('--tables', values.tables, mostTables);
  if (values.check && (sets.length < names.length || seeds < 3 || nets < 3 || tables < mostTables))
    throw new Problem(`--check needs all seven sets, all ${mostTables} tables, at least three seeds and three nets.`);
  return {
    ...values,
    suites: wanted,
    sets,
    seeds: upTo(seeds),
    tables,
    nets: upTo(nets),
    draws: upTo(count('--draws', values.draws, 20)),
    peers: values['no-peers'] ? [] : choice('--peers', values.peers, peers),
  };
}

function upTo(count) {
  return Array.from({ length: count }, (_, index) => index);
}

function count(option, text, most) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Problem(`${option} takes a whole number from 1 to ${most}, not ${text}.`);
  return number;
}

function choice(option, text, known) {
  const chosen = text?.split(',') ?? known;
  const strange = chosen.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new Problem(`${option} does not know "${strange}": take any of ${known.join(', ')}.`);
  return known.filter((name) => chosen.includes(name));
}

async function load(file) {
  const library = await import(file ? pathToFileURL(resolve(file)).href : 'anomalens').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Problem(`${file ?? 'The package'} is not there: run  npm run build  first. (${error.message})`);
  });
  const lacking = ['Autoencoder', 'train', 'detect', 'metrics', 'init'].filter((name) => !library[name]);
  if (lacking.length) throw new Problem(`${file ?? 'The package as built'} has no ${lacking.join(', ')}.`);
  await library.init();
  return library;
}
