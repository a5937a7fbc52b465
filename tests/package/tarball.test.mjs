// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The packed package in an empty folder: imported, required, type-checked and bundled by a consumer.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { build } from 'esbuild';
import { emptyFolder, root, run } from './support.mjs';

const node = (folder, ...args) => run(process.execPath, args, { cwd: folder });

let folder;
let tarball;
before(async (context) => {
  folder = emptyFolder(context);
  const [{ filename }] = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root }));
  tarball = join(folder, filename);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const target = join(folder, 'node_modules/anomalens');
  mkdirSync(target, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
});

const job = `
  const rows = Array.from({ length: 50 }, (_, i) => [i % 7, i % 5, (i % 7) + (i % 5)]);
  const model = await train(rows, { epochs: 5, seed: 1 });
  console.log(score(model, [[1, 2, 30]])[0] > model.threshold, model.fingerprint());`;

test('the tarball holds what it should and no more', async () => {
  const files = (await run('tar', ['-tzf', tarball]))
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
  for (const name of [
    'package.json',
    'dist/index.js',
    'dist/slim.js',
    'dist/core.wasm',
    'dist/types/index.d.ts',
    'dist/types/slim.d.ts',
    'dist/THIRD-PARTY-NOTICES.txt',
  ]) {
    assert.ok(files.includes(name), `${name} is missing`);
  }
  for (const name of files) assert.match(name, /^(dist\/|package\.json$|README|LICENSE|CHANGELOG)/);
});

test('it needs nothing else and installs without scripts', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/anomalens/package.json'), 'utf8'));
  assert.equal(manifest.dependencies, undefined);
  for (const name of ['install', 'preinstall', 'postinstall', 'prepare'])
    assert.equal(manifest.scripts?.[name], undefined);
});

test('Node imports both entries', async () => {
  const printed = [];
  for (const entry of ['anomalens', 'anomalens/slim']) {
    writeFileSync(join(folder, 'use.mjs'), `import { train, score } from '${entry}';${job}`);
    printed.push(await node(folder, 'use.mjs'));
  }
  assert.match(printed[0], /^true [0-9a-f]{16}\n$/);
  assert.equal(printed[1], printed[0]);
});

test('Node requires both entries', async (context) => {
  if (!process.features.require_module) {
    context.skip(`Node ${process.version} cannot require ES modules`);
    return;
  }
  for (const entry of ['anomalens', 'anomalens/slim']) {
    writeFileSync(join(folder, 'use.cjs'), `const { train, score } = require('${entry}');(async () => {${job}})();`);
    assert.match(await node(folder, '--no-warnings', 'use.cjs'), /^true [0-9a-f]{16}\n$/);
  }
});

const consumer = `
import { Autoencoder, AnomalensError, init, score, synthetic, train, type ErrorCode, type ModelOptions, type Progress, type Table, type Trainer, type TrainOptions, type TrainReport } from 'anomalens';
import * as slim from 'anomalens/slim';

const tables: Table[] = [
  [[1, 2], [3, 4]],
  [Float32Array.of(1, 2), Float64Array.of(3, 4)],
  { data: new Float64Array(4), columns: 2 },
  { a: [1, 2], b: Float32Array.of(1, 2), c: ['x', null], d: [true, false] },
  [{ a: 1, b: 'x', c: true, d: null, e: undefined }],
];
const options: ModelOptions & TrainOptions = { hidden: [16, 8] as const, activation: 'tanh', threshold: { rule: 'quantile', q: 0.9 }, onProgress: ({ epoch, loss }: Progress) => void (epoch + loss) };
export async function use(): Promise<number> {
  await init();
  const model: Autoencoder = await train(tables[0]!, options);
  const scores: Float32Array = score(model, [[1, 2]]);
  const verdicts: Uint8Array = model.predict([{ a: 1 }]);
  const trainer: Trainer = model.trainer([[1, 2]], { epochs: 3 });
  for (const progress of trainer) trainer.set({ learningRate: progress.loss });
  const report: TrainReport = trainer.finish();
  const again = await Autoencoder.load(model.toJSON());
  try { model.score([[1]]); } catch (error) {
    if (error instanceof AnomalensError) { const code: ErrorCode = error.code; const row: number | undefined = error.row; void [code, row]; }
  }
  const { train: rows, labels } = await synthetic.article({ kinds: ['shift'] });
  model.score(rows);
  const other: slim.Autoencoder = await slim.Autoencoder.create({ latent: 2 });
  // @ts-expect-error: no such option
  await train([[1, 2]], { epoch: 3 });
  // @ts-expect-error: a single row must be wrapped
  model.score([1, 2]);
  // @ts-expect-error: no such activation
  await Autoencoder.create({ activation: 'swish' });
  // @ts-expect-error: threshold is read-only
  model.threshold = 3;
  other.dispose();
  return scores[0]! + verdicts[0]! + report.loss[0]! + again.parameters + labels.length;
}
`;

for (const [module, moduleResolution] of [
  ['esnext', 'bundler'],
  ['nodenext', 'nodenext'],
]) {
  for (const [platform, settings] of [
    ['browser', { lib: ['ES2022', 'DOM'], types: [] }],
    ['Node', { lib: ['ES2022'], types: ['node'] }],
  ]) {
    test(`a strict consumer for the ${platform} compiles (${moduleResolution})`, async () => {
      const types = join(folder, 'node_modules/@types');
      if (!existsSync(types)) symlinkSync(join(root, 'node_modules/@types'), types);
      writeFileSync(join(folder, 'consumer.ts'), consumer);
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: 'ES2022',
        module,
        moduleResolution,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noPropertyAccessFromIndexSignature: true,
        skipLibCheck: false,
        ...settings,
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
      await node(folder, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
    });
  }
}

test('a consumer’s bundle for the browser is one file without requests, and works', async () => {
  writeFileSync(join(folder, 'app.js'), `import { train, score } from 'anomalens';${job}`);
  const outdir = join(folder, 'bundle');
  const { warnings, outputFiles } = await build({
    entryPoints: [join(folder, 'app.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    outdir,
    write: false,
    logLevel: 'silent',
  });
  assert.deepEqual(warnings, []);
  assert.equal(outputFiles.length, 1);
  mkdirSync(outdir);
  writeFileSync(join(outdir, 'app.mjs'), outputFiles[0].contents);
  assert.deepEqual(readdirSync(outdir), ['app.mjs']);
  assert.match(await node(outdir, 'app.mjs'), /^true [0-9a-f]{16}\n$/);
});

test('a consumer who imports nothing bundles nothing', async () => {
  writeFileSync(join(folder, 'unused.js'), `import { train } from 'anomalens'; console.log(1);`);
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'unused.js')],
    bundle: true,
    format: 'esm',
    minify: true,
    outdir: join(folder, 'none'),
    write: false,
  });
  assert.ok(outputFiles[0].contents.length < 100);
});
