// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The engine's tests, built by one preset and run: natively, or as WebAssembly in this Node.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildPreset } from '../../bindings/tools/build/cmake.mjs';
import { filesUnder } from '../../bindings/tools/shared/files.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { capture } from '../../bindings/tools/shared/processes.mjs';
import { Problem } from '../../bindings/tools/shared/terminal.mjs';
import { ensurePrograms } from '../../bindings/tools/toolchain/system.mjs';
import { toolchain } from '../../bindings/tools/toolchain/toolchain.mjs';

const target = 'anomalens_tests';
const compiler = {
  label: 'A C++20 compiler',
  programs: [process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean),
  packages: ['g++'],
};

export async function runDoctest(preset) {
  if (!filesUnder('tests/core').some((path) => path.endsWith('.cpp'))) throw new Problem('tests/core holds no *.cpp.');
  const isWasm = preset.startsWith('wasm');
  const missing = isWasm ? new Map() : await ensurePrograms([compiler]);
  for (const reason of missing.values()) return { passed: 0, failed: 0, skipped: [{ test: 'all', reason }] };
  await buildPreset(preset, target, await toolchain());
  const program = join(root, 'build', preset, isWasm ? `${target}.js` : target);
  if (!existsSync(program)) throw new Problem(`${program} was not built.`);
  const command = isWasm ? [process.execPath, program] : [program];
  const result = await start(command);
  return counted(result, await skippedNames(command, result));
}

const start = ([program, ...first], args = []) => capture(program, [...first, '--no-colors', ...args], { cwd: root });

const summary = /test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped/;

function counted({ ok, code, output }, skipped) {
  const match = summary.exec(output);
  if (!match)
    return {
      passed: 0,
      failed: 1,
      skipped,
      output: `${output}\nThe test program ended with ${code} before its summary.`,
    };
  const [passed, failed] = [Number(match[2]), Number(match[3])];
  if (ok || failed > 0) return { passed, failed, skipped, output };
  // For example a leak that the sanitizer reports after the last test.
  return {
    passed,
    failed: 1,
    skipped,
    output: `${output}\nAll test cases passed, yet the program ended with ${code}.`,
  };
}

/** doctest only counts skipped cases; their names are the difference of two listings. */
async function skippedNames(command, { output }) {
  if (!Number(summary.exec(output)?.[4])) return [];
  const names = async (...args) =>
    (await start(command, ['--list-test-cases', ...args])).stdout
      .split('\n')
      .filter((line) => line && !line.startsWith('['));
  const run = new Set(await names());
  return (await names('--no-skip'))
    .filter((name) => !/^=+$/.test(name) && !run.has(name))
    .map((test) => ({ test, reason: 'marked doctest::skip()' }));
}
