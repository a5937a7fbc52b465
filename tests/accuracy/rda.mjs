// SPDX-License-Identifier: MIT
// Reads the data frames of an R .rda file (R Internals, section 1.8 "Serialization formats", the XDR kind) without R.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../../bindings/tools/shared/terminal.mjs';

// The SEXPTYPE codes that a file of plain data frames holds.
const types = {
  symbol: 1,
  pairlist: 2,
  string: 9,
  logical: 10,
  integer: 13,
  real: 14,
  strings: 16,
  list: 19,
  reference: 255,
  nil: 254,
};
const missingInteger = -0x80000000; // R's NA among integers and factor codes
const limit = 1 << 30;

/** { name: { column: array } }; factors come as arrays of their level names, a missing factor or integer as null. */
export function readRda(file) {
  const bytes = inflate(file);
  if (!/^RDX[23]\nX\n/.test(bytes.toString('latin1', 0, 7)))
    throw new Problem(`${file} is not an .rda file in R's XDR format.`);
  const reader = new Reader(bytes, 7, file);
  const version = reader.int();
  reader.at += 8; // the R that wrote it, and the oldest that can read it
  if (version === 3) reader.at += reader.int(); // name of the text encoding
  const frames = {};
  for (const [name, object] of reader.item()) if (object?.attributes?.names) frames[name] = columns(object);
  return frames;
}

function columns({ values, attributes }) {
  return Object.fromEntries(attributes.names.values.map((name, i) => [name, plain(values[i])]));
}

function plain({ values, attributes }) {
  const levels = attributes?.levels?.values;
  return levels ? values.map((code) => (code === null ? null : levels[code - 1])) : values;
}

function inflate(file) {
  const raw = readFileSync(file);
  const magic = raw.toString('latin1', 0, 6);
  if (magic.startsWith('\x1f\x8b')) return gunzipSync(raw);
  if (magic.startsWith('BZh')) return through('bzip2', raw, file);
  if (magic.startsWith('\xfd7zXZ')) return through('xz', raw, file);
  return raw;
}

function through(program, input, file) {
  const { status, stdout, stderr, error } = spawnSync(program, ['-dc'], { input, maxBuffer: limit });
  if (error?.code === 'ENOENT') throw new Problem(`${file} is compressed with ${program}: install ${program}.`);
  if (status !== 0) throw new Problem(`${program} cannot unpack ${file}: ${stderr ?? error}`);
  return stdout;
}

class Reader {
  #symbols = [];

  constructor(bytes, at, file) {
    Object.assign(this, { bytes, at, file });
  }

  int() {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  real() {
    this.at += 8;
    return this.bytes.readDoubleBE(this.at - 8);
  }

  /** null, a text, [[tag, item], ...] for a pairlist, or { values, attributes } for a vector. */
  item() {
    const flags = this.int();
    const type = flags & 0xff;
    if (type === types.nil) return null;
    if (type === types.reference) return this.#symbols[(flags >> 8 || this.int()) - 1];
    if (type === types.symbol) return this.#symbols[this.#symbols.push(this.item()) - 1];
    if (type === types.string) return this.#text();
    if (type === types.pairlist) return this.#pairs(flags);
    const values = this.#values(type, this.int());
    return { values, attributes: flags & 0x200 ? Object.fromEntries(this.item()) : undefined };
  }

  #text() {
    const length = this.int();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  #pairs(first) {
    const pairs = [];
    for (let flags = first; (flags & 0xff) === types.pairlist; flags = this.int()) {
      if (flags & 0x200) this.item(); // attributes of the cell itself
      const tag = flags & 0x400 ? this.item() : '';
      pairs.push([tag, this.item()]);
    }
    return pairs; // the flags that ended the loop were those of the closing nil
  }

  #values(type, length) {
    const read = {
      [types.logical]: () => this.#integer(),
      [types.integer]: () => this.#integer(),
      [types.real]: () => this.real(),
      [types.strings]: () => this.item(),
      [types.list]: () => this.item(),
    }[type];
    if (!read) throw new Problem(`${this.file} holds an R object of type ${type}, which this reader does not know.`);
    return Array.from({ length }, read);
  }

  #integer() {
    const value = this.int();
    return value === missingInteger ? null : value;
  }
}
