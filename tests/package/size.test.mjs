// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the package may weigh, and what the bundle does to weigh so little.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownNames } from '../../bindings/tools/names.mjs';
import { unpacked } from '../../bindings/tools/parts.mjs';
import { parts } from '../../bindings/tools/size.mjs';
import { root } from './support.mjs';

/** Gzipped bytes that each way of using the package may send to a browser. `npm run size` says where they go. */
const limits = { 'index.js': 60_000, 'slim.js + core.wasm': 69_000 };

test('the package is as small as it was', () => {
  const gzipped = Object.fromEntries(parts().map((part) => [part.name, part.gzipped]));
  gzipped['slim.js + core.wasm'] = gzipped['slim.js'] + gzipped['core.wasm'];
  for (const [what, limit] of Object.entries(limits))
    assert.ok(gzipped[what] <= limit, `${what} has ${gzipped[what]} bytes gzipped, more than ${limit}`);
});

test('the main entry holds core.wasm, taken apart and deflated', async () => {
  const [text] = readFileSync(join(root, 'dist/index.js'), 'utf8').match(/[A-Za-z0-9+/]{10000,}={0,2}/);
  const wasm = readFileSync(join(root, 'dist/core.wasm'));
  assert.ok((await unpacked(text)).equals(wasm));
});

test('no property that the bundle renames is known to callers', () => {
  const files = ['autoencoder', 'detect', 'error', 'metrics', 'module', 'synthetic', 'trainer', 'types'];
  const declared = files.map((name) => readFileSync(join(root, `dist/types/${name}.d.ts`), 'utf8')).join('\n');
  const code = declared.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  for (const name of ownNames) assert.doesNotMatch(code, new RegExp(`\\b${name}\\b\\??\\s*[:(<]`), name);
});

test('no property that the bundle renames is one of the platform', () => {
  const platform = Object.getOwnPropertyNames(globalThis)
    .map((name) => globalThis[name]?.prototype)
    .filter((prototype) => prototype && prototype !== Buffer.prototype) // Buffer is Node's alone, and not used
    .concat(WebAssembly.Memory.prototype, WebAssembly.Module.prototype, WebAssembly.Instance.prototype);
  for (const name of ownNames) {
    const owner = platform.find((prototype) => Object.hasOwn(prototype, name));
    assert.ok(!owner, `${name} is a property of ${owner?.constructor?.name}`);
  }
});
