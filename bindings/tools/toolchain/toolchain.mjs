// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Everything that compiles: found, or fetched. `node bindings/tools/toolchain/toolchain.mjs` says what is used;
// with --env it prints shell lines after which the CMake presets work by hand, with --native those that need no Emscripten.

import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { which } from '../shared/processes.mjs';
import { main, Problem, step } from '../shared/terminal.mjs';
import { hasApt } from './debian.mjs';
import { findEmscripten } from './emscripten.mjs';
import { findHeaders } from './headers.mjs';
import { fetchTools } from './programs.mjs';
import { ensurePrograms } from './system.mjs';

const builders = [
  { label: 'CMake', programs: ['cmake'], packages: ['cmake'] },
  { label: 'Ninja', programs: ['ninja'], packages: ['ninja-build'] },
];

let found;
/** The environment for cmake, ninja and Emscripten. */
export function toolchain() {
  found ??= find();
  return found;
}

async function find(emscriptenToo = true) {
  const missing = await ensurePrograms(builders);
  const path = missing.size ? await ownTools(missing) : process.env.PATH;
  const emscripten = emscriptenToo ? await findEmscripten() : {};
  const headers = await findHeaders(emscripten);
  return {
    emscripten,
    headers,
    env: { ...process.env, ...emscripten.env, PATH: path, ANOMALENS_DEPS: headers },
    changes: { ...emscripten.env, ...(path === process.env.PATH ? {} : { PATH: path }), ANOMALENS_DEPS: headers },
  };
}

async function ownTools(missing) {
  if (!hasApt()) throw new Problem([...missing.values()].join('\n'));
  return `${join(await fetchTools(), 'bin')}${delimiter}${process.env.PATH}`;
}

function printLines({ changes }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  for (const [name, value] of Object.entries(changes)) console.log(`export ${name}=${quoted(value)}`);
}

async function report() {
  if (process.argv.includes('--native')) return printLines(await find(false));
  if (process.argv.includes('--env')) return printLines(await toolchain());
  const { emscripten, headers, env } = await toolchain();
  step(`Emscripten ${emscripten.version}  ${emscripten.folder}`);
  step(`Headers  ${headers}/include`);
  for (const name of ['cmake', 'ninja', 'g++', 'python3']) step(`${name}  ${which(name, env.PATH) ?? 'not found'}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(report);
