// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run build`: the toolchain if need be, then dist/. Each step is skipped when nothing it reads has changed.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, declarations } from './bundle.mjs';
import { buildPreset } from './cmake.mjs';
import { writeNotices } from './notices.mjs';
import { order } from './order.mjs';
import { ensurePackages } from './packages.mjs';
import { exclusively, root } from './places.mjs';
import { main, step } from './say.mjs';
import { digest, filesUnder, unlessUnchanged } from './stamp.mjs';
import { toolchain } from './toolchain.mjs';

const bundler = ['bundle', 'instructions', 'names', 'notices', 'parts', 'wasm'].map(
  (name) => `bindings/tools/${name}.mjs`,
);
const engineSources = () => [
  ...filesUnder('core'),
  ...filesUnder('bindings').filter((path) => /^bindings\/[^/]+\.[ch]pp$/.test(path)),
  'CMakeLists.txt',
  'CMakePresets.json',
  'bindings/tools/order.mjs',
  'bindings/tools/wasm.mjs',
];

export async function buildPackage() {
  await ensurePackages();
  const compilers = await toolchain();
  await exclusively('package', `${root}/build`, () => buildSteps(compilers));
}

async function buildSteps(compilers) {
  const compiled = digest(engineSources(), compilers.emscripten.folder, compilers.headers);
  const wasm = ['build/module/core.wasm', 'build/wasm/assembler.wasm'];
  let did = await unlessUnchanged('wasm', compiled, wasm, async () => {
    await buildPreset('wasm', 'core', compilers);
    await buildPreset('wasm', 'assembler', compilers);
    await order(join(root, 'build/wasm/core.wasm'), join(root, wasm[0]), compilers);
  });

  const scripts = filesUnder('bindings/ts');
  const bundled = digest([...wasm, ...scripts, ...bundler, 'package-lock.json']);
  const files = ['dist/index.js', 'dist/slim.js', 'dist/core.wasm', 'dist/THIRD-PARTY-NOTICES.txt'];
  did = (await unlessUnchanged('bundle', bundled, files, async () => writeNotices(compilers, await bundle()))) || did;

  const typed = digest([...scripts, ...bundler, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']);
  did = (await unlessUnchanged('types', typed, ['dist/types/index.d.ts'], declarations)) || did;
  if (!did) step('dist/ is up to date');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(buildPackage);
