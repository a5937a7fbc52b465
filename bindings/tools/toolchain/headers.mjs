// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The header-only libraries the engine builds on: xtensor, xtl, xsimd, and doctest for the tests.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { cache } from '../shared/places.mjs';
import { Problem, step } from '../shared/terminal.mjs';
import { download, hasApt, unpack, withPackages } from './debian.mjs';

const copy = join(cache, 'headers-1');
const links = join(cache, 'headers-system');
const folders = ['xtensor', 'xtl', 'xsimd', 'doctest', 'nlohmann'];
const packages = ['libxtensor-dev', 'libxsimd-dev', 'xtl-dev', 'nlohmann-json3-dev', 'doctest-dev'];

/** A folder whose include/ has them, new enough: beside Emscripten, installed on the system, or fetched. */
export async function findHeaders(emscripten) {
  if (emscripten.prefix && suits(emscripten.prefix)) return emscripten.prefix;
  if (process.env.ANOMALENS_DEPS && suits(process.env.ANOMALENS_DEPS)) return process.env.ANOMALENS_DEPS;
  const installed = [process.env.CONDA_PREFIX, '/opt/homebrew', '/usr/local', '/usr'].find(
    (prefix) => prefix && suits(prefix),
  );
  if (installed) return linked(installed);
  if (hasApt()) return exclusively('headers', cache, fetchHeaders);
  throw new Problem(
    'The C++ libraries xtensor (0.25 or newer), xtl, xsimd (13 or newer) and doctest were not found. Install them with  ' +
      'brew install xtensor xsimd doctest,  or  conda install -c conda-forge xtensor xsimd doctest',
  );
}

function suits(prefix) {
  const include = join(prefix, 'include');
  if (!['xtl', 'doctest'].every((name) => existsSync(join(include, name)))) return false;
  const xsimd = macro(join(include, 'xsimd/config/xsimd_config.hpp'), 'XSIMD_VERSION_MAJOR');
  const xtensor = ['xtensor/xtensor_config.hpp', 'xtensor/core/xtensor_config.hpp'].map((file) =>
    macro(join(include, file), 'XTENSOR_VERSION_MINOR'),
  );
  return xsimd >= 13 && Math.max(...xtensor) >= 25;
}

function macro(file, name) {
  if (!existsSync(file)) return -1;
  return Number(new RegExp(`#define\\s+${name}\\s+(\\d+)`).exec(readFileSync(file, 'utf8'))?.[1] ?? -1);
}

/** Links to these libraries alone: the whole of /usr/include must never come near the WebAssembly compiler. */
function linked(prefix) {
  const include = join(links, 'include');
  mkdirSync(include, { recursive: true });
  for (const name of folders) {
    const target = join(prefix, 'include', name);
    rmSync(join(include, name), { force: true });
    if (existsSync(target)) symlinkSync(target, join(include, name));
  }
  return links;
}

async function fetchHeaders() {
  const prefix = join(copy, 'usr');
  if (existsSync(prefix)) return prefix;
  step(`Fetching xtensor, xsimd and doctest into ${copy} (once)`);
  const work = `${copy}.partial`;
  rmSync(work, { recursive: true, force: true });
  await withPackages(async (lists) => unpack(await download(lists, packages, { label: 'Downloading headers' }), work));
  renameSync(work, copy);
  return prefix;
}
