// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run size`: what the package weighs and why. `--top N` functions and modules (default 25); `--json FILE` everything.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildPackage } from './build.mjs';
import { bundled } from './bundle.mjs';
import { root } from './places.mjs';
import { main, Problem } from './say.mjs';
import { dissected } from './wasm.mjs';

/** Whose a function is, by the beginning of its name; the first that fits. What was inlined counts for its caller. */
const groups = [
  ['kernels', /\banomalens::(kernels|elementary)::/],
  ['bindings', /^\S* ?(\(anonymous namespace\)|anomalens::wire|emscripten)::|^_?_?embind|^__getTypeName/],
  ['engine', /^(\S+ )?anomalens::/],
  ['C++ library', /^(\S+ )?(std|xt|xsimd|xtl|__cxxabiv1)::|^operator (new|delete)|^__cxa_|^_Unwind|^typeinfo/],
  ['libc and others', /./],
];

/** Raw, gzipped and brotli bytes of every part of dist/ that is sent to a browser. */
export function parts() {
  const files = ['index.js', 'slim.js', 'core.wasm'].map((name) => [name, readFileSync(join(root, 'dist', name))]);
  return files.map(([name, bytes]) => ({
    name,
    raw: bytes.length,
    gzipped: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length, // at its best, which is the default
  }));
}

/** From the module as it was linked, with names. */
function wasmByFunction() {
  const { sections, functions } = dissected(readFileSync(join(root, 'build/wasm/core.wasm')));
  const grouped = functions.map(({ name, bytes }) => ({
    name,
    bytes,
    group: groups.find(([, names]) => names.test(name))[0],
  }));
  const sums = groups.map(([name]) => {
    const own = grouped.filter(({ group }) => group === name);
    return { name, functions: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
  return { sections, groups: sums, functions: grouped.sort((a, b) => b.bytes - a.bytes) };
}

/** Bytes that esbuild gives to each module; what else is done to the bundle takes a few per cent off them all. */
async function javaScriptByModule() {
  const { metafile } = await bundled('slim', `export default () => new URL('./core.wasm', import.meta.url);`);
  const [{ inputs }] = Object.values(metafile.outputs);
  const modules = Object.entries(inputs).map(([name, { bytesInOutput }]) => ({ name, bytes: bytesInOutput }));
  return modules.sort((a, b) => b.bytes - a.bytes);
}

const columns = (...cells) => cells.map((cell) => String(cell).padStart(9)).join('');

function print({ files, wasm, javaScript }, top) {
  const line = (text = '') => process.stdout.write(`${text}\n`);
  line(columns('raw', 'gzipped', 'brotli'));
  for (const { name, raw, gzipped, brotli } of files) line(`${columns(raw, gzipped, brotli)}  dist/${name}`);
  line(`\nWebAssembly: bytes by section\n`);
  for (const [name, bytes] of Object.entries(wasm.sections)) if (name !== 'name') line(`${columns(bytes)}  ${name}`);
  line(`\nWebAssembly: bytes of code and number of functions by origin\n`);
  for (const { name, bytes, functions } of wasm.groups) line(`${columns(bytes, functions)}  ${name}`);
  line(`\nWebAssembly: the ${top} largest of ${wasm.functions.length} functions\n`);
  for (const { name, bytes } of wasm.functions.slice(0, top)) line(`${columns(bytes)}  ${shortened(name)}`);
  line(`\nJavaScript: bytes by module\n`);
  for (const { name, bytes } of javaScript.slice(0, top)) line(`${columns(bytes)}  ${name}`);
}

/** Template arguments can be longer than a screen is wide. */
const shortened = (name) => (name.length > 110 ? `${name.slice(0, 107)}...` : name);

async function report() {
  const { values } = parseArgs({ options: { top: { type: 'string', default: '25' }, json: { type: 'string' } } });
  const top = Number(values.top);
  if (!Number.isInteger(top) || top < 1) throw new Problem(`--top takes a whole number, but it is ${values.top}.`);
  await buildPackage();
  const found = { files: parts(), wasm: wasmByFunction(), javaScript: await javaScriptByModule() };
  print(found, top);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(found, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(report);
