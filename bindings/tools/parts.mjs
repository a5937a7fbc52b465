// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// core.wasm as the main entry holds it: taken apart into streams of like things, deflated, in base64. Like beside like packs
// better. What puts it together again, and tells the order of the parts, is bindings/assembler.cpp, which goes in front of them.

import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { instructionsOf } from './instructions.mjs';
import { root } from './places.mjs';
import { Problem } from './say.mjs';
import { leb, Reader, sectionNames } from './wasm.mjs';

/** Room that assembler.cpp has. */
const most = { kinds: 1024, streams: 32, parts: 127 };

/** The module in the form in which the main entry holds it. */
export async function packed(wasm, assembler) {
  // Up to this size browsers compile a module at once on a page's own thread.
  if (assembler.length > 4096) throw new Problem(`assembler.wasm has ${assembler.length} bytes, more than 4096.`);
  const { zlibAsync } = (await import('@gfx/zopfli')).default;
  const whole = Buffer.concat([Uint8Array.of(assembler.length % 256, assembler.length >> 8), assembler, apart(wasm)]);
  // As zlib would pack it, but smaller: Zopfli searches where zlib guesses. Base64 of what is packed packs no further.
  const text = Buffer.from(await zlibAsync(whole, { numiterations: 15 })).toString('base64');
  if (!(await unpacked(text)).equals(wasm)) throw new Problem('core.wasm was taken apart wrongly.');
  return text;
}

/** The way back, by the package's own code. */
export async function unpacked(text) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(root, 'bindings/ts/assemble.ts')],
    write: false,
    format: 'esm',
  });
  const { assembled } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  return Buffer.from(assembled(inflateSync(Buffer.from(text, 'base64'))));
}

function apart(wasm) {
  const { before, bodies, after } = cut(wasm);
  const streams = new Streams();
  streams.add('before', 0, before);
  streams.add('after', 0, after);
  const instructions = bodies.flatMap((body) => [...instructionsOf(body)]);
  const kinds = new Map();
  for (const instruction of instructions) {
    const { fixed, operands, opens } = instruction;
    const names = operands.map(({ name, width, bytes }) => streams.add(name, width, bytes));
    if (fixed.length > most.parts || names.length > most.parts) throw tooMany('parts of an instruction');
    instruction.kind = String([opens + 1, fixed.length, ...fixed, names.length, ...names]);
    kinds.set(instruction.kind, (kinds.get(instruction.kind) ?? 0) + 1);
  }
  // The kinds met most come first: numbers below 128 take one byte.
  const sorted = [...kinds.keys()].sort((a, b) => kinds.get(b) - kinds.get(a));
  if (sorted.length > most.kinds) throw tooMany('kinds of instructions');
  const numbers = new Map(sorted.map((kind, number) => [kind, leb(number)]));
  const order = instructions.flatMap(({ kind }) => numbers.get(kind));
  return Buffer.concat([
    Buffer.from([...leb(wasm.length), ...leb(sorted.length), ...sorted.flatMap((kind) => kind.split(',').map(Number))]),
    Buffer.from([...streams.head(), ...leb(bodies.length), ...leb(order.length), ...order]),
    streams.contents(),
  ]);
}

const tooMany = (what) => new Problem(`core.wasm has more ${what} than bindings/assembler.cpp has room for.`);

/** The module up to the bodies of its functions, a reader of each, and what follows them. */
function cut(wasm) {
  const reader = new Reader(wasm, 8);
  while (reader.at < reader.end) {
    const code = sectionNames[reader.byte()] === 'code';
    const section = reader.part(reader.number());
    if (!code) continue;
    const count = section.number();
    const before = wasm.subarray(0, section.at);
    const bodies = Array.from({ length: count }, () => section.part(section.number()));
    return { before, bodies, after: wasm.subarray(section.end) };
  }
  throw new Problem('core.wasm has no code.');
}

class Streams {
  #numbers = new Map();
  #streams = [];

  /** Appends `bytes` to the stream of that name, which is new if need be; returns its number. */
  add(name, width, bytes) {
    if (!this.#numbers.has(name)) this.#numbers.set(name, this.#streams.push({ width, bytes: [] }) - 1);
    if (this.#streams.length > most.streams) throw tooMany('streams');
    const number = this.#numbers.get(name);
    for (const byte of bytes) this.#streams[number].bytes.push(byte);
    return number;
  }
  head() {
    const each = this.#streams.flatMap(({ width, bytes }) => [...leb(width), ...leb(bytes.length)]);
    return [...leb(this.#streams.length), ...each];
  }
  contents() {
    return Buffer.concat(this.#streams.map(({ bytes }) => Buffer.from(bytes)));
  }
}
