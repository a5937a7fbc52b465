// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What a WebAssembly file consists of: its sections, and its functions with their sizes and names.

import { Problem } from '../shared/terminal.mjs';

const sectionNames = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
];
sectionNames.push('code', 'data', 'data count', 'tag'); // numbers of the specification, in their order

/** A place in the bytes that moves on with every read. */
class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** An unsigned number in LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  text() {
    const { bytes, at, end } = this.part(this.number());
    return Buffer.from(bytes.subarray(at, end)).toString('utf8');
  }
  /** The next so many bytes, apart. */
  part(length) {
    this.at += length;
    return new Reader(this.bytes, this.at - length, this.at);
  }
}

/** `{ sections: { code: bytes, … }, functions: [{ name, bytes, body }] }`, without the functions that are imported. */
export function dissected(bytes) {
  const reader = new Reader(bytes);
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\0asm') throw new Problem('This is no WebAssembly.');
  reader.at = 8;
  const sections = {};
  let imported = 0;
  let code = [];
  let names = new Map();
  while (reader.at < reader.end) {
    const start = reader.at;
    const id = reader.byte();
    const part = reader.part(reader.number());
    const total = reader.at - start;
    const kind = sectionNames[id] ?? `section ${id}`;
    const title = id === 0 ? part.text() : kind;
    sections[title] = (sections[title] ?? 0) + total;
    if (kind === 'import') imported = importedFunctions(part);
    if (kind === 'code') code = bodies(part);
    if (title === 'name') names = functionNames(part);
  }
  const functions = code.map((body, index) => ({
    name: names.get(imported + index) ?? `function ${imported + index}`,
    bytes: body.length,
    body,
  }));
  return { sections, functions };
}

/** Each body with the number before it that says how long it is. */
function bodies(reader) {
  return Array.from({ length: reader.number() }, () => {
    const start = reader.at;
    reader.part(reader.number());
    return reader.bytes.subarray(start, reader.at);
  });
}

function importedFunctions(reader) {
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) functions++;
    importedType[kind](reader);
  }
  return functions;
}

/** Reads past what an import says of itself: by its kind, a function, table, memory, global or tag. */
const importedType = [
  (reader) => reader.number(),
  (reader) => {
    reader.byte();
    limits(reader);
  },
  limits,
  (reader) => {
    reader.byte();
    reader.byte();
  },
  (reader) => {
    reader.byte();
    reader.number();
  },
];

function limits(reader) {
  const hasMaximum = reader.number() % 2 === 1;
  reader.number();
  if (hasMaximum) reader.number();
}

/** The part of the name section that names functions: number 1. */
function functionNames(reader) {
  while (reader.at < reader.end) {
    const id = reader.byte();
    const part = reader.part(reader.number());
    if (id !== 1) continue;
    return new Map(Array.from({ length: part.number() }, () => [part.number(), part.text()]));
  }
  return new Map();
}
