// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run fuzz`: calls of all kinds with arguments of all kinds, a million by default. `npm run fuzz -- native`: the engine
// alone, under libFuzzer and the sanitizers. README.md tells the options.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { main, Problem } from '../../bindings/tools/shared/terminal.mjs';

const options = {
  cases: { type: 'string', default: '1000000' },
  seconds: { type: 'string' },
  seed: { type: 'string' },
  property: { type: 'string' },
  path: { type: 'string' },
  processes: { type: 'string' },
};

/** Cases of one property with one seed. */
const casesOfRun = 200;

async function fuzz() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals[0] === 'native') {
    const { fuzzNative } = await import('./native.mjs');
    return fuzzNative({ seconds: number(values.seconds ?? '300', 'seconds') });
  }
  await buildPackage();
  if (positionals[0] === 'corpus') return (await import('./corpus.mjs')).writeCorpus();
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : number(values.seed, 'seed');
  return values.property === undefined ? all(values, seed) : again(values, seed);
}

function number(text, option) {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Problem(`--${option} must be a whole number, but it is '${text}'.`);
  return value;
}

async function all({ cases, seconds, processes }, seed) {
  const { Driver } = await import('./driver.mjs');
  const { told } = await import('./rounds.mjs');
  const began = Date.now();
  const until = seconds === undefined ? Infinity : began + 1000 * number(seconds, 'seconds');
  const driver = new Driver({
    seed,
    wanted: seconds === undefined ? number(cases, 'cases') : Infinity,
    until,
    show: (violation) => console.log(`\nVIOLATION: ${told(violation)}\n`),
    processes: number(processes ?? `${Math.min(2, availableParallelism())}`, 'processes'),
  });
  console.log(`seed ${seed}`);
  const timer = setInterval(() => console.log(line(driver.soFar, driver, began)), 10_000);
  await driver.run();
  clearInterval(timer);
  if (driver.violations.size > 0) console.log('\nAll violations:');
  for (const { name, count, message } of driver.violations.values())
    console.log(`${count} x ${name}: ${message.split('\n')[0]}`);
  console.log(`\n${line(driver.cases, driver, began)}`);
  if (driver.violations.size > 0) process.exitCode = 1;
}

function line(cases, { violations }, began) {
  const minutes = (Date.now() - began) / 60_000;
  const counted = cases.toLocaleString('en');
  return `${counted} cases, ${Math.round(cases / minutes).toLocaleString('en')} a minute, ${violations.size} violations`;
}

/** One property, or one case of it, in this very process. */
async function again({ property: name, path, cases }, seed) {
  const { properties } = await import('./properties/index.mjs');
  const { Rounds, told } = await import('./rounds.mjs');
  const property = properties.find((one) => one.name === name);
  if (!property)
    throw new Problem(`There is no property '${name}'. There are: ${properties.map((one) => one.name).join(', ')}.`);
  const rounds = new Rounds();
  if (path !== undefined) await rounds.run(property, { seed, numRuns: 1, path });
  // A run ends with a violation; the next one goes on from another seed, and only counts what is known.
  for (let run = 0; path === undefined && rounds.cases < number(cases, 'cases'); run++)
    await rounds.run(property, { seed: (seed + run) | 0, numRuns: casesOfRun });
  for (const violation of rounds.violations.values()) console.log(`VIOLATION: ${told(violation)}`);
  console.log(`${rounds.cases} cases, ${rounds.violations.size} violations`);
  if (rounds.violations.size > 0) process.exitCode = 1;
}

await main(fuzz);
