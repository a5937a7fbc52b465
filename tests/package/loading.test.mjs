// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Loading the WebAssembly: from everywhere it may come from, failing, and trying again. Every test loads afresh.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { emptyFolder, noise, root } from './support.mjs';

const wasmPath = join(root, 'dist/core.wasm');
const wasm = readFileSync(wasmPath);
const rows = noise(20, 3);

let copies = 0;
/** A module of the package with nothing loaded yet. */
const fresh = (entry = 'index') => import(`${pathToFileURL(join(root, `dist/${entry}.js`))}?copy=${copies++}`);

/** An error of that copy's own class. */
const loadError =
  ({ AnomalensError }, sentence) =>
  (thrown) => {
    assert.ok(thrown instanceof AnomalensError, String(thrown?.stack));
    assert.equal(thrown.code, 'WASM_LOAD');
    assert.match(thrown.message, sentence);
    return true;
  };

async function works({ train, init }) {
  await init();
  const model = await train(rows, { hidden: [4], latent: 2, epochs: 2, seed: 5 });
  return model.fingerprint();
}

/** A server that answers with `answer(path)`: [status, type, body]. */
async function serve(context, answer) {
  const server = createServer((request, response) => {
    const [status, type, body] = answer(request.url);
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  context.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

test('a bundle of the slim entry that is no module loads what it is given', async (context) => {
  const outfile = join(emptyFolder(context), 'slim.cjs');
  const contents = `export * from ${JSON.stringify(join(root, 'dist/slim.js'))}`;
  const { build } = await import('esbuild');
  await build({ stdin: { contents, resolveDir: root }, bundle: true, format: 'cjs', outfile, logLevel: 'silent' });
  const bundled = createRequire(import.meta.url)(outfile);
  await bundled.init({ wasm });
  assert.equal(await works(bundled), await works(await fresh()));
});

test('both entries train to the same bits', async () => {
  assert.equal(await works(await fresh('index')), await works(await fresh('slim')));
});

test('the WebAssembly may be given as module, bytes, response, address, path or data', async (context) => {
  const base = await serve(context, () => [200, 'application/octet-stream', wasm]);
  const expected = await works(await fresh());
  const sources = {
    module: await WebAssembly.compile(wasm),
    buffer: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength),
    view: wasm,
    response: new Response(wasm),
    'http URL': new URL(`${base}/core.wasm`),
    'http address': `${base}/core.wasm`,
    'file URL': pathToFileURL(wasmPath),
    'file address': String(pathToFileURL(wasmPath)),
    path: wasmPath,
    data: `data:application/wasm;base64,${wasm.toString('base64')}`,
  };
  for (const [name, source] of Object.entries(sources)) {
    const entry = await fresh('slim');
    await entry.init({ wasm: source });
    assert.equal(await works(entry), expected, name);
  }
});

test('a failed load rejects every waiter, and a retry works', async () => {
  const entry = await fresh();
  const bad = () => entry.init({ wasm: new Uint8Array([1, 2, 3, 4]) });
  const waiters = await Promise.allSettled([
    bad(),
    entry.Autoencoder.create(),
    entry.train(rows),
    entry.synthetic.article(),
  ]);
  for (const { status, reason } of waiters) {
    assert.equal(status, 'rejected');
    assert.ok(loadError(entry, /Expected WebAssembly, but got 4 bytes/)(reason));
  }
  await works(entry);
  await bad(); // loaded: no further look at it
});

test('what a server answers instead is named', async (context) => {
  const page = '<!DOCTYPE html><title>Not found</title>';
  const base = await serve(context, (path) =>
    path === '/missing' ? [404, 'text/html', page] : [200, 'text/html', page],
  );
  const entry = await fresh('slim');
  await assert.rejects(entry.init({ wasm: `${base}/missing` }), loadError(entry, /\/missing answered 404/));
  await assert.rejects(entry.init({ wasm: `${base}/page` }), loadError(entry, /begin with "<!DOCTYPE html>/));
  await assert.rejects(entry.init({ wasm: join(root, 'no.wasm') }), loadError(entry, /could not be loaded: ENOENT/));
  await assert.rejects(entry.init({ wasm: wasm.subarray(0, 5000) }), loadError(entry, /could not be loaded: /));
  await assert.rejects(entry.init({ wasm: 'http://127.0.0.1:1/core.wasm' }), loadError(entry, /could not be loaded: /));
  await assert.rejects(entry.init({ wasm: 5 }), { code: 'BAD_OPTION', option: 'wasm' });
  await works(entry);
});

test('what a server calls WebAssembly is compiled while it comes', async (context) => {
  const base = await serve(context, (path) => [
    200,
    'application/wasm',
    path === '/core.wasm' ? wasm : '<!DOCTYPE html>',
  ]);
  const { compileStreaming } = WebAssembly;
  context.after(() => Object.assign(WebAssembly, { compileStreaming }));
  let streamed = 0;
  WebAssembly.compileStreaming = (response) => {
    streamed += 1;
    return compileStreaming(response);
  };
  const entry = await fresh('slim');
  await assert.rejects(entry.init({ wasm: `${base}/page` }), loadError(entry, /could not be loaded: /));
  await entry.init({ wasm: `${base}/core.wasm` });
  assert.equal(streamed, 2);
  WebAssembly.compileStreaming = undefined;
  const other = await fresh('slim');
  await other.init({ wasm: new Response(wasm, { headers: { 'content-type': 'application/wasm' } }) });
  assert.equal(await works(other), await works(entry));
});

test('the WebAssembly of another program or another version is refused', async () => {
  const entry = await fresh();
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  await assert.rejects(entry.init({ wasm: empty }), loadError(entry, /could not be loaded/));
  const { version } = entry;
  const at = wasm.indexOf(Buffer.from(`${version}\0`));
  assert.ok(at > 0, 'the version is not in the WebAssembly');
  const other = Buffer.from(wasm);
  other.write('9.9.9', at, 'latin1');
  await assert.rejects(
    entry.init({ wasm: other }),
    loadError(entry, /of version 9\.9\.9 and the JavaScript of version/),
  );
  await works(entry);
});

test('without the zlib of Node the module is inflated by a stream, and without streams the error says what helps', async (context) => {
  const expected = await works(await fresh());
  const { getBuiltinModule } = process;
  const { DecompressionStream } = globalThis;
  context.after(() => Object.assign(process, { getBuiltinModule }));
  context.after(() => Object.assign(globalThis, { DecompressionStream }));
  process.getBuiltinModule = undefined;
  assert.equal(await works(await fresh()), expected);
  const entry = await fresh();
  assert.throws(() => entry.metrics.auroc([1, 2], [0, 1]), loadError(entry, /call await init\(\) first/));
  globalThis.DecompressionStream = undefined;
  await assert.rejects(entry.init(), loadError(entry, /no DecompressionStream here\. Call init\(\{ wasm \}\)/));
  await entry.init({ wasm });
  assert.equal(await works(entry), expected);
});

test('init is idempotent, and the version is that of the package', async () => {
  const entry = await fresh();
  await Promise.all([entry.init(), entry.init(), entry.init({})]);
  await entry.init();
  assert.equal(entry.version, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
});

test('the modules hold no eval, no dynamic import and no import at all', () => {
  const without = (name, ...patterns) => {
    const text = readFileSync(join(root, `dist/${name}.js`), 'utf8');
    for (const pattern of patterns) assert.ok(!pattern.test(text), `dist/${name}.js holds ${text.match(pattern)?.[0]}`);
  };
  const loaders = [/\beval\(/, /\bnew Function\b/, /\bimport\(/, /\brequire\(/, /(?<!["'])\bfrom\s*["']/, /^import\b/m];
  without('slim', ...loaders);
  without('index', ...loaders, /new URL\([^)]*import\.meta/);
});
