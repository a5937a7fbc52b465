// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run format`: clang-format for the C++, Biome for everything else.

import { root } from '../shared/places.mjs';
import { attached } from '../shared/processes.mjs';
import { main, Problem } from '../shared/terminal.mjs';
import { cppFiles, findJudges } from '../toolchain/judges.mjs';
import { ensurePackages } from '../toolchain/packages.mjs';
import { toolchain } from '../toolchain/toolchain.mjs';

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
