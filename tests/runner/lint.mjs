// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Format and lint: each tool counts as one test.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { filesUnder } from '../../bindings/tools/shared/files.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { capture } from '../../bindings/tools/shared/processes.mjs';
import { cppFiles, findJudges } from '../../bindings/tools/toolchain/judges.mjs';
import { toolchain } from '../../bindings/tools/toolchain/toolchain.mjs';

export function lintSuites() {
  return [
    { name: 'lint clang-format', run: () => judge('clang-format', format) },
    { name: 'lint clang-tidy', run: () => judge('clang-tidy', tidy) },
    { name: 'lint biome', run: () => one(node('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')) },
    { name: 'lint tsc-package', run: packageTypes },
    { name: 'lint tsc-page', run: pageTypes },
  ];
}

const inRoot = { cwd: root };
const node = (script, ...args) => capture(process.execPath, [join(root, 'node_modules', script), ...args], inRoot);

async function one(running) {
  const { ok, output } = await running;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], output };
}

async function judge(name, work) {
  const compilers = await toolchain();
  const { path, missing } = (await findJudges(compilers))[name];
  return missing ? { passed: 0, failed: 0, skipped: [{ test: name, reason: missing }] } : work(path, compilers);
}

const format = (path) => one(capture(path, ['--dry-run', '-Werror', ...cppFiles()], inRoot));

/** Two at a time; what they compile with is written out here so that any preset's compiler may differ. */
async function tidy(path, { headers }) {
  const flags = [
    '-std=c++20',
    '-Icore/include',
    '-Icore/src',
    '-isystem',
    join(headers, 'include'),
    '-DXTENSOR_USE_XSIMD',
    '-DNDEBUG',
  ];
  if (process.arch === 'x64') flags.push('-msse4.1');
  const queue = filesUnder('core/src').filter((file) => file.endsWith('.cpp'));
  const outputs = [];
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const { ok, output } = await capture(path, ['--quiet', '--warnings-as-errors=*', file, '--', ...flags], inRoot);
      if (!ok) outputs.push(output);
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: outputs.length ? 0 : 1, failed: outputs.length ? 1 : 0, skipped: [], output: outputs.join('\n') };
}

/** The package is checked against the types of the WebAssembly module, which a build makes. */
async function packageTypes() {
  await buildPackage();
  return one(node('typescript/bin/tsc', '--noEmit', '-p', '.'));
}

/** The page is checked against the declarations that users get. */
async function pageTypes() {
  if (!existsSync(join(root, 'web/tsconfig.json'))) return { passed: 0, failed: 0, skipped: [] };
  await buildPackage();
  return one(node('typescript/bin/tsc', '--noEmit', '-p', 'web'));
}
