// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Finds Emscripten 3.1.69 or newer, or makes a private copy of Debian's.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { cache } from '../shared/places.mjs';
import { firstLine, run, which } from '../shared/processes.mjs';
import { Problem, step } from '../shared/terminal.mjs';
import { download, hasApt, isElf, launcher, patchPrograms, unpack, withPackages } from './debian.mjs';
import { candidate, canInstall, install } from './system.mjs';

const oldest = '3.1.69';
const copy = join(cache, `emscripten-${oldest}-4`); // the last number changes when the way the copy is made changes

// Only what emcc runs: compilers, Binaryen, their libraries, and the headers we build on; and the two tools that judge
// our C++, whose verdict changes with their version. Node is the machine's own.
const programs =
  'emscripten binaryen clang-19 libclang-common-19-dev llvm-19 lld-19 patchelf node-acorn clang-format-19 clang-tidy-19';
const libraries = `libclang-cpp19 libllvm19 libc6 libgcc-s1 libstdc++6 libz3-4 libxml2 libicu76 libedit2 libtinfo6 zlib1g
  libzstd1 libbsd0 libmd0 libffi8 liblzma5`;
const headers = 'libxtensor-dev libxsimd-dev xtl-dev nlohmann-json3-dev doctest-dev';
const python = 'python3.13-minimal libpython3.13-minimal libpython3.13-stdlib libexpat1 libssl3t64 libbz2-1.0';
const words = (text) => text.split(/\s+/);

export const atLeast = (version, wanted) => version.localeCompare(wanted, 'en', { numeric: true }) >= 0;

/** Returns { folder, version, env }: the folder of em++, and what its processes need in their environment. */
export async function findEmscripten() {
  const found = fromEmsdk() ?? fromPath() ?? fromCopy();
  if (found) return found;
  if (canInstall() && atLeast(await candidate('emscripten'), oldest)) {
    await install(['emscripten'], 'Emscripten');
    return fromPath();
  }
  if (hasApt()) return exclusively('emscripten', cache, async () => fromCopy() ?? (await makeCopy()));
  throw new Problem(
    `Emscripten ${oldest} or newer was not found. Install it with  emsdk install latest && emsdk activate latest ` +
      '(and source emsdk_env.sh), or  brew install emscripten,  or  conda install -c conda-forge emscripten',
  );
}

function fromEmsdk() {
  return process.env.EMSDK ? usable(join(process.env.EMSDK, 'upstream/emscripten')) : undefined;
}

function fromPath() {
  const emcc = which('emcc');
  if (!emcc) return undefined;
  const folder = dirname(realpathSync(emcc));
  // Debian's and Homebrew's emcc on PATH are wrappers around the real folder.
  return [folder, '/usr/share/emscripten', join(folder, '../libexec')].map((place) => usable(place)).find(Boolean);
}

function usable(folder, extra = {}) {
  if (!existsSync(join(folder, 'cmake/Modules/Platform/Emscripten.cmake'))) return undefined;
  const env = { ...extra, EMSCRIPTEN_ROOT: folder };
  const version = /\d+\.\d+\.\d+/.exec(
    firstLine(join(folder, 'emcc'), ['--version'], { env: { ...process.env, ...env } }),
  )?.[0];
  if (!version || !atLeast(version, oldest)) return undefined;
  // A system-wide Emscripten cannot write the libraries it compiles on first use into its own folder; Debian's has them.
  const complete = existsSync(join(folder, 'cache/sysroot_install.stamp'));
  if (folder.startsWith('/usr/') && !complete) env.EM_CACHE = join(cache, `emscripten-cache-${version}`);
  return { folder, version, env, prefix: undefined };
}

function fromCopy() {
  if (!existsSync(join(copy, 'ready.json'))) return undefined;
  const { version } = JSON.parse(readFileSync(join(copy, 'ready.json'), 'utf8'));
  return { folder: join(copy, 'usr/share/emscripten'), version, env: copyEnvironment(), prefix: join(copy, 'usr') };
}

function copyEnvironment() {
  const folder = join(copy, 'usr/share/emscripten');
  const own = join(copy, 'usr/bin/python3');
  const env = { EMSCRIPTEN_ROOT: folder, EM_CONFIG: join(folder, '.emscripten'), EM_NODE_JS: process.execPath };
  return existsSync(own) ? { ...env, EMSDK_PYTHON: own } : env;
}

async function makeCopy() {
  step(`Fetching a private Emscripten ${oldest} from Debian 13 into ${copy} (once; about 330 MB)`);
  const work = `${copy}.partial`;
  rmSync(work, { recursive: true, force: true });
  rmSync(copy, { recursive: true, force: true });
  const names = [programs, libraries, headers, which('python3') ? '' : python].flatMap(words).filter(Boolean);
  await withPackages(async (lists) => unpack(await download(lists, names, { label: 'Downloading Emscripten' }), work));
  await patchPrograms(work, copy, compilerPrograms(work));
  symlinkSync('../nodejs', join(work, 'usr/share/emscripten/node_modules')); // where emcc's JavaScript looks for acorn
  writeFileSync(join(work, 'usr/share/emscripten/.emscripten'), configuration());
  if (existsSync(join(work, 'usr/bin/python3.13'))) {
    const start = launcher(copy, 'usr/bin/python3.13', { PYTHONHOME: join(copy, 'usr') });
    writeFileSync(join(work, 'usr/bin/python3'), start, { mode: 0o755 });
  }
  renameSync(work, copy);
  await tryOut();
  writeFileSync(join(copy, 'ready.json'), JSON.stringify({ version: oldest }));
  return fromCopy();
}

function compilerPrograms(work) {
  const llvm =
    'clang clang-format clang-tidy lld llvm-ar llvm-nm llvm-objcopy llvm-dwarfdump llvm-readobj llvm-symbolizer llvm-cxxfilt';
  const bin = join(work, 'usr/bin');
  const binaryen = readdirSync(bin).filter((name) => name.startsWith('wasm-'));
  const all = [
    ...words(llvm).map((name) => join(work, 'usr/lib/llvm-19/bin', name)),
    ...binaryen.map((name) => join(bin, name)),
  ];
  return [...new Set(all.filter(existsSync).map((file) => realpathSync(file)))].filter(isElf);
}

const configuration = () => `import os
LLVM_ROOT = '${copy}/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '${copy}/usr'
NODE_JS = os.environ.get('EM_NODE_JS', 'node')
CACHE = '${copy}/usr/share/emscripten/cache'
`;

async function tryOut() {
  step('Trying the new compiler');
  const folder = join(copy, 'try');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.cpp'), '#include <vector>\nint main() { return std::vector<int>(3).size() != 3; }\n');
  const env = { ...process.env, ...copyEnvironment() };
  const compiler = join(copy, 'usr/share/emscripten/em++');
  await run(compiler, ['-std=c++20', '-fwasm-exceptions', 'a.cpp', '-o', 'a.cjs.js'], { cwd: folder, env });
  rmSync(folder, { recursive: true });
}
