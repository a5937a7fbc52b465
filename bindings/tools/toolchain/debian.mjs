// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Packages of one Debian release, unpacked into a private folder. Nothing on the system is changed and no rights are
// needed: apt works on lists and a (deliberately empty) package database of its own, and still checks signatures.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cache } from '../shared/places.mjs';
import { capture, run, which } from '../shared/processes.mjs';
import { Problem, progress, step } from '../shared/terminal.mjs';

const release = 'trixie'; // Debian 13, the first with Emscripten 3.1.69 and xsimd 13
const keyrings = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
// Documentation, and the variants of Emscripten's libraries for threads, OpenGL and link-time optimisation.
const unwanted = [
  '*/share/doc/*/changelog*',
  '*/share/doc/*/NEWS*',
  '*/share/doc/*/examples',
  '*/share/man',
  '*/emscripten/test',
  '*/emscripten/docs',
  '*/wasm32-emscripten/lto',
  '*/wasm32-emscripten/thinlto',
  '*/wasm32-emscripten/pic',
  '*/wasm32-emscripten/libGL-*',
  '*/wasm32-emscripten/*-mt*.a',
  '*/wasm32-emscripten/*-ww*.a',
];

export const hasApt = () => Boolean(which('apt-get') && which('dpkg-deb'));

/** Opens Debian's package lists in a scratch folder, hands them to `work`, and clears up. */
export async function withPackages(work) {
  mkdirSync(cache, { recursive: true });
  dropAbandoned();
  const scratch = mkdtempSync(join(cache, 'apt-'));
  try {
    return await work(await openLists(scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Scratch folders that an interrupted run left behind. */
function dropAbandoned() {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith('apt-'))) {
    const left = join(cache, name);
    if (Date.now() - statSync(left).mtimeMs > 24 * 3600_000) rmSync(left, { recursive: true, force: true });
  }
}

async function openLists(scratch) {
  for (const folder of ['lists/partial', 'archives/partial', 'none'])
    mkdirSync(join(scratch, folder), { recursive: true });
  writeFileSync(join(scratch, 'status'), '');
  const options = settings(scratch);
  const keyring = keyrings.find(existsSync);
  if (!keyring)
    throw new Problem("Debian's archive keys are missing: install them with  apt-get install debian-archive-keyring");
  const refusals = [];
  for (const mirror of await mirrors()) {
    writeFileSync(join(scratch, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
    const update = await capture('apt-get', [...options, 'update', '--error-on=any']);
    if (update.ok) return { scratch, options };
    refusals.push(update.output.trim());
  }
  throw new Problem(
    `${refusals.join('\n')}\n\nThis machine's apt names no mirror that has Debian 13 (${release}). ` +
      'Set ANOMALENS_DEBIAN_MIRROR to the address of a Debian mirror and run this again, or install emsdk.',
  );
}

function settings(scratch) {
  const values = {
    'Dir::State': scratch,
    'Dir::State::status': join(scratch, 'status'),
    'Dir::State::lists': join(scratch, 'lists'),
    'Dir::Cache': scratch,
    'Dir::Cache::archives': join(scratch, 'archives'),
    'Dir::Etc::sourcelist': join(scratch, 'sources.list'),
    'Dir::Etc::sourceparts': join(scratch, 'none'),
    'Dir::Etc::preferences': join(scratch, 'none/preferences'),
    'Dir::Etc::preferencesparts': join(scratch, 'none'),
    'Acquire::Languages': 'none',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root', // apt's own user may not enter the cache folder
    'Debug::NoLocking': 'true',
  };
  return ['-q', ...Object.entries(values).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
}

/** Mirrors of Debian that this machine's apt is set up with; asked in a way that works while its lists are empty. */
async function mirrors() {
  if (process.env.ANOMALENS_DEBIAN_MIRROR) return [process.env.ANOMALENS_DEBIAN_MIRROR];
  const { stdout } = await capture('apt-get', ['-o', 'Debug::NoLocking=true', 'update', '--print-uris']);
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const suites = [codename, release, 'stable', 'oldstable', 'testing', 'unstable', 'sid'];
  const sources = [...stdout.matchAll(/^'(.+)\/dists\/([^/]+)\/InRelease'/gm)];
  // Other people's archives use Debian's suite names too; their signature is refused and the next one tried.
  return [...new Set(sources.filter(([, , suite]) => suites.includes(suite)).map(([, address]) => address))];
}

/** Downloads the named packages, or with `closure` also everything they need, and returns the .deb files. */
export async function download({ scratch, options }, names, { closure = false, label }) {
  const folder = join(scratch, 'archives');
  const command = closure ? ['install', '--download-only', '--yes'] : ['download'];
  const { stdout } = await run('apt-get', [...options, ...command, '--print-uris', ...names], { cwd: folder });
  const total = [...stdout.matchAll(/^'.*' \S+ (\d+) /gm)].reduce((sum, match) => sum + Number(match[1]), 0);
  const stop = progress(label, total, () => sizeOf(folder) + sizeOf(join(folder, 'partial')));
  try {
    await run('apt-get', [...options, ...command, ...names], { cwd: folder });
  } finally {
    stop();
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));
}

function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name }) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Unpacks two at a time: decompression keeps one core busy each. */
export async function unpack(packages, folder) {
  step(`Unpacking ${packages.length} packages`);
  mkdirSync(folder, { recursive: true });
  const excludes = unwanted.map((pattern) => `--exclude=${pattern}`);
  const queue = [...packages];
  const worker = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      const script = 'set -o pipefail; file=$1; shift; dpkg-deb --fsys-tarfile "$file" | tar -x "$@"';
      await run('bash', ['-c', script, 'unpack', file, '-C', folder, '--no-same-owner', ...excludes]);
    }
  };
  await Promise.all([worker(), worker()]);
}

/** Lets programs of that release run on an older system: with its own loader, and no library but its own. */
export async function patchPrograms(folder, final, programs) {
  const { triplet, loader } = machine();
  const libraries = join('usr/lib', triplet);
  const patchelf = (...args) =>
    run(join(folder, libraries, loader), [
      '--library-path',
      join(folder, libraries),
      join(folder, 'usr/bin/patchelf'),
      ...args,
    ]);
  const search = [libraries, 'usr/lib/llvm-19/lib', 'usr/lib'].map((path) => join(final, path)).join(':');
  // A RUNPATH holds for a file's direct needs alone, an RPATH for theirs too, except where a library has a RUNPATH.
  for (const program of programs) {
    await patchelf(
      '--set-interpreter',
      join(final, libraries, loader),
      '--force-rpath',
      '--set-rpath',
      search,
      program,
    );
  }
  for (const library of realFiles(join(folder, libraries))) {
    const { stdout } = await patchelf('--print-rpath', library);
    if (stdout.trim()) await patchelf('--force-rpath', '--set-rpath', search, library);
  }
}

/** A launcher for a program that patchelf would break (one not made to be loaded at any address). */
export function launcher(final, program, settings) {
  const { triplet, loader } = machine();
  const libraries = join(final, 'usr/lib', triplet);
  const variables = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  const command = `'${join(libraries, loader)}' --library-path '${libraries}' --argv0 "$0" '${join(final, program)}' "$@"`;
  return `#!/bin/sh\nexec env ${variables.join(' ')} ${command}\n`;
}

const realFiles = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.so(\.|$)/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .filter(isElf); // some are scripts for the linker

export const isElf = (file) => readFileSync(file).subarray(1, 4).toString() === 'ELF';

export function machine() {
  const known = {
    x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
    arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
  }[process.arch];
  if (!known) throw new Problem(`There is no private toolchain for ${process.arch} processors: install emsdk.`);
  return known;
}
