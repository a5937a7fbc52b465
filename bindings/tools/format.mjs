// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run format`: clang-format for the C++, Biome for everything else.

import { cppFiles, findJudges } from './judges.mjs';
import { ensurePackages } from './packages.mjs';
import { root } from './places.mjs';
import { attached } from './run.mjs';
import { main, Problem } from './say.mjs';
import { toolchain } from './toolchain.mjs';

async function format() {
  await ensurePackages();
  const { 'clang-format': clangFormat } = await findJudges(await toolchain());
  const files = cppFiles();
  const codes = [
    files.length ? await attached(clangFormat.path, ['-i', ...files], { cwd: root }) : 0,
    await attached(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'], { cwd: root }),
  ];
  if (codes.some((code) => code !== 0))
    throw new Problem('Some files could not be put right by themselves; see above.');
}

await main(format);
