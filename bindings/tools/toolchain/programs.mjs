// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// CMake and Ninja for a machine that lacks them and gives no root rights: Debian 13's, in a private folder.

import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { cache } from '../shared/places.mjs';
import { step } from '../shared/terminal.mjs';
import { download, patchPrograms, unpack, withPackages } from './debian.mjs';

const copy = join(cache, 'programs-2');
const names = ['cmake', 'ninja'];

/** A folder whose bin/ holds cmake and ninja. */
export function fetchTools() {
  return exclusively('programs', cache, async () => {
    if (!existsSync(copy)) await makeCopy();
    return copy;
  });
}

async function makeCopy() {
  step(`Fetching CMake and Ninja from Debian 13 into ${copy} (once; about 32 MB)`);
  const work = `${copy}.partial`;
  rmSync(work, { recursive: true, force: true });
  await withPackages(async (lists) => {
    const wanted = ['cmake', 'ninja-build', 'patchelf'];
    await unpack(await download(lists, wanted, { closure: true, label: 'Downloading CMake and Ninja' }), work);
  });
  const programs = names.map((name) => join(work, 'usr/bin', name));
  await patchPrograms(work, copy, programs);
  // A bin/ of its own: beside them in usr/bin lie tools that must not shadow the system's.
  mkdirSync(join(work, 'bin'));
  for (const name of names) symlinkSync(`../usr/bin/${name}`, join(work, 'bin', name));
  renameSync(work, copy);
}
