// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The engine under libFuzzer, with the address and undefined-behaviour sanitizers. What is found lies in
// build/fuzz/found/<fuzzer>, a file each; the program run with such a file shows it again.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildPreset } from '../../bindings/tools/build/cmake.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { capture } from '../../bindings/tools/shared/processes.mjs';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { findFuzzer } from '../../bindings/tools/toolchain/fuzzer.mjs';
import { toolchain } from '../../bindings/tools/toolchain/toolchain.mjs';
import { writeNoise, writeSeeds } from './native/seeds.mjs';

/** Each with its part of the time: what trains is slowest. */
const fuzzers = { loader: 0.35, training: 0.45, judging: 0.2 };
/** Bytes of a case: a file is long, a table or options are short. */
const longest = { loader: 16_384, training: 1024, judging: 1024 };
const folder = join(root, 'build/fuzz');
/** Files that are looked at again for what they show. */
const mostShown = 300;

export async function fuzzNative({ seconds }) {
  const { compiler, symbolizer } = await findFuzzer();
  const { env, changes } = await toolchain();
  const own = { ANOMALENS_FUZZ_COMPILER: compiler };
  await buildPreset('fuzz', 'anomalens_fuzzers', { env: { ...env, ...own }, changes: { ...changes, ...own } });
  const settings = {
    ...process.env,
    ...(symbolizer && { ASAN_SYMBOLIZER_PATH: symbolizer, UBSAN_OPTIONS: 'print_stacktrace=1' }),
  };
  let violations = 0;
  let cases = 0;
  for (const [name, part] of Object.entries(fuzzers)) {
    const result = await fuzz(name, Math.max(5, Math.round(seconds * part)), settings);
    violations += result.violations;
    cases += result.cases;
  }
  console.log(`\n${cases.toLocaleString('en')} cases, ${violations} violations`);
  if (violations > 0) process.exitCode = 1;
}

const placesOf = (name) => ({
  program: join(folder, `fuzz_${name}`),
  corpus: join(folder, 'corpus', name),
  found: join(folder, 'found', name),
});

async function fuzz(name, seconds, env) {
  const { program, corpus, found } = placesOf(name);
  for (const place of [corpus, found]) mkdirSync(place, { recursive: true });
  if (name === 'loader') writeSeeds(corpus);
  else writeNoise(corpus);
  step(`Fuzzing ${name} for ${seconds} s`);
  const cases = await run(
    program,
    [
      ...['-fork=2', '-ignore_crashes=1', '-ignore_timeouts=1', '-ignore_ooms=1', '-timeout=20', '-rss_limit_mb=1024'],
      ...[`-max_len=${longest[name]}`, `-max_total_time=${seconds}`, `-artifact_prefix=${found}/`],
      corpus,
    ],
    env,
  );
  const kinds = await kindsOf(program, found, env);
  for (const { count, why, file, where } of kinds) {
    console.log(
      `\nVIOLATION: ${name} (${count} times): ${why}\n${where}\n  ${relative(root, program)} ${relative(root, file)}`,
    );
  }
  console.log(`${name}: ${cases.toLocaleString('en')} cases, ${kinds.length} violations`);
  return { cases, violations: kinds.length };
}

/** Runs to the end, showing now and then how far it got; resolves to the number of cases. */
function run(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let cases = 0;
    let shown = Date.now();
    child.stderr.setEncoding('utf8').on('data', (text) => {
      for (const [, count] of text.matchAll(/^#(\d+): cov/gm)) cases = Number(count);
      if (Date.now() - shown < 10_000) return;
      shown = Date.now();
      step(`${cases.toLocaleString('en')} cases`);
    });
    child.on('error', reject);
    child.on('close', () => resolve(cases));
  });
}

/** What the files show, each kind once with the smallest file. */
async function kindsOf(program, found, env) {
  const kinds = new Map();
  const files = readdirSync(found)
    .map((file) => join(found, file))
    .sort((one, other) => readFileSync(one).length - readFileSync(other).length);
  for (const file of files.slice(0, mostShown)) {
    const { ok, output } = await capture(program, ['-timeout=20', '-rss_limit_mb=1024', file], { cwd: root, env });
    if (ok) {
      rmSync(file); // mended since, or it took long only while the machine was busy
      continue;
    }
    const why =
      /VIOLATION: [^(\n]*|runtime error: .*|ERROR: \w+Sanitizer: \S+|ERROR: libFuzzer: [\w -]+|Assertion .*/.exec(
        output,
      )?.[0] ?? 'it ended';
    const frames = output.match(/^\s+#\d+ .* in .*$/gm) ?? [];
    const where = frames.filter((frame) => /core\/src|tests\/fuzz/.test(frame)).slice(0, 4);
    const kind = `${why.replace(/-?\d[\d.e+]*/g, '#')} ${where[0]?.replace(/^\s+#\d+ 0x\w+/, '') ?? ''}`;
    const known = kinds.get(kind);
    if (known) known.count++;
    else kinds.set(kind, { count: 1, why, file, where: where.join('\n') });
  }
  return [...kinds.values()];
}
