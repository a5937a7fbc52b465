// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the package may weigh. `npm run size` says where the bytes go.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { functionOrigin, moduleOrigin } from '../../bindings/tools/build/origins.mjs';
import { parts } from '../../bindings/tools/build/size.mjs';
import { root, run } from './support.mjs';

const KB = 1024; // bytes, in the README too

/**
 * For each way in which the package travels: `most` is what was promised, `reached` is what it last came to. A commit that
 * adds a feature may raise `reached` if its message names the feature and its weight.
 */
const weights = {
  'index.js, gzipped': { most: 156 * KB, reached: 157_500 },
  'slim.js + core.wasm, brotli': { most: 136 * KB, reached: 137_000 },
  'the tarball': { most: 350 * KB, reached: 355_000 },
};
/** A library that comes in unnoticed weighs more than this; other versions of the compilers weigh less. */
const alarm = 1.03;

const found = {};
before(async () => {
  const sizes = Object.fromEntries(parts().map((part) => [part.name, part]));
  const [{ size }] = JSON.parse(await run('npm', ['pack', '--dry-run', '--json'], { cwd: root }));
  found['index.js, gzipped'] = sizes['index.js'].gzipped;
  found['slim.js + core.wasm, brotli'] = sizes['slim.js'].brotli + sizes['core.wasm'].brotli;
  found['the tarball'] = size;
});

for (const [what, { most, reached }] of Object.entries(weights)) {
  test(`${what}: at most ${most / KB} KB`, () => {
    assert.ok(found[what] <= most, `${what} has ${found[what]} bytes, more than ${most}`);
  });

  test(`${what}: no more than 3 % above what it last came to`, () => {
    const limit = Math.floor(reached * alarm);
    assert.ok(found[what] <= limit, `${what} has ${found[what]} bytes, more than ${limit}`);
  });
}

test('the main entry holds core.wasm, deflated', () => {
  const [text] = readFileSync(join(root, 'dist/index.js'), 'utf8').match(/[A-Za-z0-9+/]{10000,}={0,2}/);
  const wasm = readFileSync(join(root, 'dist/core.wasm'));
  assert.ok(inflateSync(Buffer.from(text, 'base64')).equals(wasm));
});

test('core.wasm carries no names and nothing about its compilers', async () => {
  const module = await WebAssembly.compile(readFileSync(join(root, 'dist/core.wasm')));
  for (const section of ['name', 'producers', 'target_features'])
    assert.equal(WebAssembly.Module.customSections(module, section).length, 0, section);
});

test('npm run size knows whose a function and a module is', () => {
  const functions = {
    'void emscripten::internal::raw_destructor<anomalens::Model>(anomalens::Model*)': 'Embind',
    'embind_init_anomalens()': 'Embind',
    'void xt::detail::adapt_strides<std::__2::array<unsigned long, 2ul>>(int)': 'xtensor',
    'std::__2::vector<anomalens::Layer, std::__2::allocator<anomalens::Layer>>::push_back(anomalens::Layer&&)':
      'C++ library',
    'operator new(unsigned long)': 'C++ library',
    'int (anonymous namespace)::guarded<(anonymous namespace)::train(int)::$_0>(int)': 'bindings',
    'anomalens::(anonymous namespace)::sort_keys(std::__2::vector<int, std::__2::allocator<int>>&)': 'engine: the rest',
    'bool anomalens::operator<<int>(xt::xtensor<int, 1ul> const&)': 'engine: the rest',
    'anomalens::kernels::Kernels<anomalens::kernels::Simd4>::adam(float*)': 'engine: kernels',
    emmalloc_memalign: 'libc and others',
  };
  for (const [name, origin] of Object.entries(functions)) assert.equal(functionOrigin(name), origin, name);
  assert.equal(moduleOrigin('bindings/ts/model.ts'), 'package (TypeScript)');
  assert.equal(moduleOrigin('build/wasm/core.mjs'), 'Embind and the rest of Emscripten’s glue');
});
