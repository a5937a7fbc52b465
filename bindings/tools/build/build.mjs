// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run build`: the toolchain if need be, then dist/. Each step is skipped when nothing it reads has changed.

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder } from '../shared/files.mjs';
import { exclusively } from '../shared/lock.mjs';
import { root } from '../shared/places.mjs';
import { run } from '../shared/processes.mjs';
import { main, step } from '../shared/terminal.mjs';
import { ensurePackages } from '../toolchain/packages.mjs';
import { toolchain } from '../toolchain/toolchain.mjs';
import { bundle, declarations, glueFile, linkedFile, wasmFile } from './bundle.mjs';
import { buildPreset } from './cmake.mjs';
import { writeNotices } from './notices.mjs';
import { digest, unlessUnchanged } from './stamp.mjs';

const bundler = ['bundle', 'notices'].map((name) => `bindings/tools/build/${name}.mjs`);
const engineSources = () => [
  ...filesUnder('core'),
  ...filesUnder('bindings').filter((path) => /^bindings\/[^/]+\.[ch]pp$/.test(path)),
  'CMakeLists.txt',
  'CMakePresets.json',
  'bindings/tools/build/build.mjs',
];

export async function buildPackage() {
  await ensurePackages();
  const compilers = await toolchain();
  await exclusively('package', `${root}/build`, () => buildSteps(compilers));
}

async function buildSteps(compilers) {
  const compiled = digest(engineSources(), compilers.emscripten.folder, compilers.headers);
  let did = await unlessUnchanged('wasm', compiled, [wasmFile, glueFile], async () => {
    await buildPreset('wasm', 'anomalens_module', compilers);
    await strip(linkedFile, wasmFile, compilers);
  });
  did = (await moduleTypes(compiled, compilers)) || did;

  const scripts = filesUnder('bindings/ts');
  const bundled = digest([wasmFile, glueFile, ...scripts, ...bundler, 'package-lock.json']);
  const files = ['dist/index.js', 'dist/slim.js', 'dist/core.wasm', 'dist/THIRD-PARTY-NOTICES.txt'];
  did = (await unlessUnchanged('bundle', bundled, files, async () => writeNotices(compilers, await bundle()))) || did;

  const typed = digest([
    ...scripts,
    moduleDescription,
    ...bundler,
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ]);
  did = (await unlessUnchanged('types', typed, ['dist/types/index.d.ts'], declarations)) || did;
  if (!did) step('dist/ is up to date');
}

/** What tsc proves the package's use of the WebAssembly module against. */
const moduleDescription = 'build/module/core.d.ts';

function moduleTypes(compiled, compilers) {
  return unlessUnchanged('module-types', compiled, [moduleDescription], async () => {
    await buildPreset('wasm', 'anomalens_types', compilers);
    copyFileSync(join(root, 'build/wasm/anomalens.d.ts'), join(root, moduleDescription));
  });
}

/** Takes off what no engine reads: the names of the functions and what the compilers say of themselves. */
async function strip(input, output, { emscripten, env }) {
  mkdirSync(dirname(join(root, output)), { recursive: true });
  await run(join(emscripten.folder, 'emstrip'), [input, '-o', output], { cwd: root, env });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(buildPackage);
