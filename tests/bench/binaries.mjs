// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The package, and two programs of the benchmark's own, compiled with the very flags CMake wrote down for the engine.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { buildPreset } from '../../bindings/tools/build/cmake.mjs';
import { digest, unlessUnchanged } from '../../bindings/tools/build/stamp.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { run } from '../../bindings/tools/shared/processes.mjs';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { toolchain } from '../../bindings/tools/toolchain/toolchain.mjs';

const folder = 'build/bench';
const sources = 'tests/bench/competitors';

/** dist/, up to date; with `asIs` whatever is there. Returns the address of its main module. */
export async function packaged(asIs) {
  if (!asIs) await buildPackage();
  if (!existsSync(join(root, 'dist/index.js'))) throw new Problem('dist/ is missing: run  npm run build  first.');
  return join(root, 'dist/index.js');
}

/** The roof's WebAssembly module. */
export const roofModule = () =>
  built('wasm', `${sources}/roof.cpp`, `${folder}/roof.wasm`, [
    ...['-sSTANDALONE_WASM=1', '--no-entry', '-sEXPORTED_FUNCTIONS=_roof', '-msimd128', '-fwasm-exceptions'],
  ]);

/** Our engine without WebAssembly. */
export const nativeProgram = () =>
  built('native', `${sources}/native.cpp`, `${folder}/native`, [join(root, 'build/native/libanomalens.a')]);

async function built(preset, source, output, linking) {
  const compilers = await toolchain();
  await buildPreset(preset, 'anomalens', compilers);
  const { program, flags } = compilation(preset);
  mkdirSync(join(root, folder), { recursive: true });
  const library = `build/${preset}/libanomalens.a`;
  const inputs = digest([source, library], ...flags);
  await unlessUnchanged(`bench-${preset}`, inputs, [output], async () => {
    step(`Compiling ${source}`);
    const { env } = compilers;
    await run(program, [...flags, join(root, source), '-o', join(root, output), ...linking], { cwd: root, env });
  });
  return join(root, output);
}

/** The compiler and the flags of the kernels in this preset. */
function compilation(preset) {
  const file = join(root, 'build', preset, 'compile_commands.json');
  const entry = JSON.parse(readFileSync(file, 'utf8')).find((one) => one.file.endsWith('core/src/kernels/simd.cpp'));
  if (!entry) throw new Problem(`${file} does not name the kernels.`);
  const [program, ...words] = entry.command.split(' ');
  return { program, flags: words.slice(0, words.indexOf('-o')) };
}
