// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// dist/: two self-contained ES modules, the .wasm of the slim one, and the type declarations.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../shared/places.mjs';
import { run } from '../shared/processes.mjs';
import { Problem, step } from '../shared/terminal.mjs';

const at = (...path) => join(root, ...path);
const banner = '// Anomalens, MIT licence. Notices of what is bundled: THIRD-PARTY-NOTICES.txt';

/** Writes the bundles; returns the npm packages that went into them. */
export async function bundle() {
  step('Bundling dist/index.js and dist/slim.js');
  const wasm = readFileSync(at(wasmFile));
  mkdirSync(at('dist'), { recursive: true });
  const entries = [
    await bundled('index', `export default ${JSON.stringify(await packed(wasm))};`),
    await bundled('slim', besideIt),
  ];
  for (const { name, text } of entries) writeFileSync(at(`dist/${name}.js`), text);
  copyFileSync(at(wasmFile), at('dist/core.wasm'));
  reportSizes();
  return packagesAmong(entries.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
}

/** For the slim entry: the address of the file beside it. */
export const besideIt = `export default () => new URL('./core.wasm', import.meta.url);`;

/** The WebAssembly as it is linked, with the names of its functions, and as it is published; relative to the repository. */
export const linkedFile = 'build/wasm/anomalens_module.wasm';
export const wasmFile = 'build/module/anomalens.wasm';
/** Emscripten's code for it. */
export const glueFile = 'build/wasm/anomalens_module.mjs';

/**
 * The bytes as the main entry holds them: deflated (zlib's format), in base64. Zopfli searches where zlib guesses, which
 * makes them a twentieth fewer; what is packed once packs no further, so base64 costs little once the file is gzipped.
 */
async function packed(wasm) {
  const { zlibAsync } = (await import('@gfx/zopfli')).default;
  return Buffer.from(await zlibAsync(wasm, { numiterations: 15 })).toString('base64');
}

/** One entry of the package, with `wasm` as the module that brings the WebAssembly. */
async function bundled(name, wasm) {
  const { metafile, text } = await built(name, wasm);
  return { name, text: `${banner}\n${await minified(text)}\n`, metafile };
}

/** What esbuild makes of an entry; `changes` to its options are for those who want to look into it. */
export async function built(name, wasm, changes = {}) {
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`bindings/ts/${name}.ts`],
    outfile: `dist/${name}.js`,
    write: false,
    bundle: true,
    minify: true,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, // a field without a value is a type only
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [virtualModules({ 'anomalens:wasm': wasm, 'anomalens:core': glue() })],
    ...changes,
  });
  return { metafile, text: outputFiles[0].text };
}

/** Takes off what esbuild leaves. */
async function minified(text) {
  const { minify } = await import('terser');
  const { code } = await minify(text, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
    format: { max_line_len: 500 }, // Node prints the line that an uncaught error comes from
  });
  return code;
}

/** Emscripten's code for the module, without the address of a file that this package does not look for in its way. */
function glue() {
  const text = readFileSync(at(glueFile), 'utf8');
  const parts = text.split(/new URL\("[\w.]+\.wasm",\s*import\.meta\.url\)\.href/);
  if (parts.length !== 2) throw new Problem(`${glueFile} names its WebAssembly ${parts.length - 1} times, not once.`);
  return parts.join('""').replaceAll('import.meta.url', '""');
}

const virtualModules = (modules) => ({
  name: 'virtual-modules',
  setup(build) {
    build.onResolve({ filter: /^anomalens:/ }, ({ path }) => ({ path, namespace: 'virtual', sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, ({ path }) => {
      if (!Object.hasOwn(modules, path)) throw new Problem(`There is no module ${path}.`);
      return { contents: modules[path], loader: 'js' };
    });
  },
});

function packagesAmong(inputs) {
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function reportSizes() {
  for (const name of ['index.js', 'slim.js', 'core.wasm']) {
    const bytes = readFileSync(at('dist', name));
    step(
      `  dist/${name}  ${(bytes.length / 1024).toFixed(1)} KB, ${(gzipSync(bytes, { level: 9 }).length / 1024).toFixed(1)} KB gzipped`,
    );
  }
}

/** dist/types, with every relative import ending in .js as consumers' resolvers expect. */
export async function declarations() {
  step('Emitting dist/types');
  rmSync(at('dist/types'), { recursive: true, force: true });
  await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { cwd: root });
  const reached = new Set(['index.d.ts', 'slim.d.ts']);
  for (const name of reached) {
    const file = at('dist/types', name);
    const text = readFileSync(file, 'utf8').replace(
      /((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]*)\.ts(['"])/g,
      '$1.js$2',
    );
    writeFileSync(file, text);
    for (const [, imported] of text.matchAll(/['"]\.\/([^'"]+)\.js['"]/g)) reached.add(`${imported}.d.ts`);
  }
  // What no entry leads to is nobody's business, and may name the types of the WebAssembly module, which are not shipped.
  for (const name of readdirSync(at('dist/types'))) if (!reached.has(name)) rmSync(at('dist/types', name));
}
