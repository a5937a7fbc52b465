// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The engine installed by CMake, used by a program in an empty folder that knows nothing of this repository.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildPreset } from '../../bindings/tools/build/cmake.mjs';
import { which } from '../../bindings/tools/shared/processes.mjs';
import { toolchain } from '../../bindings/tools/toolchain/toolchain.mjs';
import { emptyFolder, root, run } from './support.mjs';

const program = join(root, 'tests/package/consumer');
const source = (name) => readFileSync(join(program, name), 'utf8');
const compilers = [process.env.CXX, 'g++', 'clang++', 'c++'];
const skip = compilers.some((name) => name && which(name)) ? false : 'there is no native C++ compiler';

let folder;
let cmake;
before(async (context) => {
  if (skip) return;
  const tools = await toolchain();
  await buildPreset('native', 'anomalens', tools);
  folder = emptyFolder(context);
  const { ANOMALENS_DEPS, ...env } = tools.env; // a consumer has no headers of xtensor
  cmake = (...args) => run('cmake', args, { cwd: folder, env });
  await cmake('--install', join(root, 'build/native'), '--prefix', join(folder, 'prefix'));
});

test('a program finds the installed package, builds without our flags and headers, and runs', { skip }, async () => {
  cpSync(program, join(folder, 'consumer'), { recursive: true });
  const settings = [`-DCMAKE_PREFIX_PATH=${join(folder, 'prefix')}`, '-DCMAKE_EXPORT_COMPILE_COMMANDS=ON'];
  await cmake('-S', 'consumer', '-B', 'made', '-G', 'Ninja', ...settings);
  await cmake('--build', 'made');
  const printed = await run(join(folder, 'made/consumer'), []);
  assert.equal(printed, 'ordinary\nstrange\n');
  const [{ command }] = JSON.parse(readFileSync(join(folder, 'made/compile_commands.json'), 'utf8'));
  assert.doesNotMatch(command, / -W| -f(?!diagnostics)| -m|XTENSOR/);
});

test('the installed headers include each other and the C++ library, nothing else', { skip }, () => {
  const include = join(folder, 'prefix/include');
  const headers = readdirSync(join(include, 'anomalens'));
  assert.ok(headers.length > 0);
  for (const header of headers) {
    const text = readFileSync(join(include, 'anomalens', header), 'utf8');
    for (const [, name] of text.matchAll(/^\s*#\s*include\s*["<](.*)[">]/gm))
      assert.ok(/^[a-z_]+$/.test(name) || headers.includes(name.replace(/^anomalens\//, '')), `${header}: ${name}`);
  }
});

test('a shared library may hold the engine, and strict warnings have nothing to say', { skip }, async () => {
  const lines = [
    'cmake_minimum_required(VERSION 3.25)\nproject(plugin CXX)',
    'find_package(anomalens REQUIRED)\nadd_library(plugin SHARED main.cpp)',
    'target_link_libraries(plugin PRIVATE anomalens::anomalens)',
  ];
  mkdirSync(join(folder, 'plugin'));
  writeFileSync(join(folder, 'plugin/CMakeLists.txt'), lines.join('\n'));
  writeFileSync(
    join(folder, 'plugin/main.cpp'),
    source('main.cpp').replace('int main() {', 'int judge();\nint judge() {').replace(/\}\n$/, 'return 0;\n}\n'),
  );
  const settings = [`-DCMAKE_PREFIX_PATH=${join(folder, 'prefix')}`, '-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror'];
  await cmake('-S', 'plugin', '-B', 'shared', '-G', 'Ninja', ...settings);
  await cmake('--build', 'shared');
});

test('the README quotes the program and what CMake needs to know', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, , ...lines] = source('main.cpp').split('\n');
  assert.ok(readme.includes(`\`\`\`cpp\n${lines.join('\n')}\`\`\`\n`), 'main.cpp');
  for (const line of source('CMakeLists.txt').match(/^(find_package|target_link_libraries).*$/gm))
    assert.ok(readme.includes(`${line}\n`), line);
});
