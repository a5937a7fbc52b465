// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// dist/: two self-contained ES modules, the .wasm of the slim one, and the type declarations.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { withoutAddress } from './glue.mjs';
import { root } from './places.mjs';
import { run } from './run.mjs';
import { step } from './say.mjs';

const at = (...path) => join(root, ...path);

/** Writes the bundles; returns the npm packages that went into them. */
export async function bundle() {
  step('Bundling dist/index.js and dist/slim.js');
  const glue = withoutAddress(readFileSync(at('build/wasm/core.mjs'), 'utf8'));
  const wasm = readFileSync(at('build/wasm/core.wasm'));
  mkdirSync(at('dist'), { recursive: true });
  const inlined = `export default ${JSON.stringify(wasm.toString('base64'))};`;
  const inputs = [
    await bundleOne('index', glue, inlined),
    await bundleOne('slim', glue, `export default new URL('./core.wasm', import.meta.url);`),
  ];
  copyFileSync(at('build/wasm/core.wasm'), at('dist/core.wasm'));
  reportSizes();
  return packagesAmong(inputs.flat());
}

async function bundleOne(name, glue, wasm) {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [`bindings/ts/${name}.ts`],
    outfile: `dist/${name}.js`,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: '// Anomalens, MIT licence. Notices of what is bundled: THIRD-PARTY-NOTICES.txt' },
    metafile: true,
    logLevel: 'warning',
    plugins: [virtualModules({ 'anomalens:glue': glue, 'anomalens:wasm': wasm })],
  });
  return Object.keys(result.metafile.inputs);
}

const virtualModules = (contents) => ({
  name: 'virtual-modules',
  setup(build) {
    build.onResolve({ filter: /^anomalens:/ }, ({ path }) => ({ path, namespace: 'virtual', sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, ({ path }) => ({ contents: contents[path], loader: 'js' }));
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
  for (const name of readdirSync(at('dist/types'), { recursive: true })) {
    const file = at('dist/types', name);
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
}
