// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// clang-format and clang-tidy: those of the private toolchain where there is one, since their verdict depends on the version.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../shared/files.mjs';
import { which } from '../shared/processes.mjs';
import { ensurePrograms } from './system.mjs';

const version = 19;

/** { 'clang-format': { path } or { missing: sentence }, 'clang-tidy': the same } */
export async function findJudges({ emscripten }) {
  const found = {};
  for (const name of ['clang-format', 'clang-tidy']) found[name] = await findJudge(name, emscripten.prefix);
  return found;
}

async function findJudge(name, prefix) {
  const own = prefix && join(prefix, 'lib/llvm-19/bin', name);
  if (own && existsSync(own)) return { path: own };
  const programs = [`${name}-${version}`, name];
  const missing = await ensurePrograms([{ label: name, programs, packages: [name] }]);
  return missing.size
    ? { missing: missing.get(name) }
    : { path: programs.map((program) => which(program)).find(Boolean) };
}

export const cppFiles = () => filesUnder('core', 'bindings', 'tests').filter((path) => /\.[ch]pp$/.test(path));
