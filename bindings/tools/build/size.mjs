// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run size`: what the package weighs, and where that comes from. `--top N` functions and modules (default 25); `--json FILE` everything.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { root } from '../shared/places.mjs';
import { main, Problem } from '../shared/terminal.mjs';
import { buildPackage } from './build.mjs';
import { besideIt, built, linkedFile } from './bundle.mjs';
import { functionOrigin, functionsByOrigin, modulesByOrigin } from './origins.mjs';
import { dissected } from './wasm.mjs';

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

/** What bytes that belong together weigh: raw, and gzipped by themselves. */
const weight = (bytes) => ({ bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length });

/** From the module as it was linked, with names. */
function wasmByFunction() {
  const { sections, functions } = dissected(readFileSync(join(root, linkedFile)));
  const origins = functionsByOrigin(functions, (own) => ({
    functions: own.length,
    ...weight(Buffer.concat(own.map(({ body }) => body))),
  }));
  const largest = functions.map(({ name, bytes }) => ({ name, bytes, origin: functionOrigin(name) }));
  return { sections, origins, functions: largest.sort((a, b) => b.bytes - a.bytes) };
}

/** What each module of the slim entry is after esbuild; terser takes a few per cent off them all. */
async function javaScriptByModule() {
  const { transform } = await import('esbuild');
  const { text } = await built('slim', besideIt, {
    minifyWhitespace: false,
    minifyIdentifiers: true,
    minifySyntax: true,
    minify: false,
  });
  // With its line breaks left in, esbuild says before each module which one it is: "// bindings/ts/index.ts".
  const [, ...pieces] = text.replace(/^export \{[^}]*\};/m, '').split(/^\/\/ (\S+)\n/m);
  const modules = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const { code } = await transform(pieces[at + 1], { minifyWhitespace: true, charset: 'utf8' });
    modules.push({ name: pieces[at], bytes: Buffer.byteLength(code), code });
  }
  const origins = modulesByOrigin(modules, (own) => ({
    modules: own.length,
    ...weight(Buffer.from(own.map(({ code }) => code).join(''))),
  }));
  const largest = modules.map(({ name, bytes }) => ({ name, bytes }));
  return { origins, modules: largest.sort((a, b) => b.bytes - a.bytes) };
}

const columns = (...cells) => cells.map((cell) => String(cell).padStart(10)).join('');
const line = (text = '') => process.stdout.write(`${text}\n`);

function print({ files, wasm, javaScript }, top) {
  line(columns('raw', 'gzipped', 'brotli'));
  for (const { name, raw, gzipped, brotli } of files) line(`${columns(raw, gzipped, brotli)}  dist/${name}`);
  line(`\nWebAssembly: bytes by section\n`);
  for (const [name, bytes] of Object.entries(wasm.sections)) if (name !== 'name') line(`${columns(bytes)}  ${name}`);
  line(`\nWebAssembly: code by origin, each gzipped by itself\n`);
  line(columns('raw', 'gzipped', 'functions'));
  for (const { name, bytes, gzipped, functions } of wasm.origins)
    line(`${columns(bytes, gzipped, functions)}  ${name}`);
  line(`\nJavaScript of the slim entry by origin, each gzipped by itself\n`);
  line(columns('raw', 'gzipped', 'modules'));
  for (const { name, bytes, gzipped, modules } of javaScript.origins)
    line(`${columns(bytes, gzipped, modules)}  ${name}`);
  line(`\nWebAssembly: the ${top} largest of ${wasm.functions.length} functions\n`);
  for (const { name, bytes } of wasm.functions.slice(0, top)) line(`${columns(bytes)}  ${shortened(name)}`);
  line(`\nJavaScript: bytes by module\n`);
  for (const { name, bytes } of javaScript.modules.slice(0, top)) line(`${columns(bytes)}  ${name}`);
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
