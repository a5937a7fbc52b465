// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The files of tests/fuzz/corpus as loader.cpp reads them, as far as they have what a model is made of.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const corpus = new URL('../corpus/', import.meta.url);
const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'softplus'];
const missings = ['error', 'mask', 'learn'];
const scalers = ['standard', 'robust', 'minmax', 'none'];
/** The lists of a model in the order of the reader, and the bytes of their numbers. */
const lists = {
  center: 8,
  scale: 8,
  constant: 1,
  low: 4,
  high: 4,
  calibration: 4,
  parameters: 4,
  detector: 8,
  pool: 4,
};

/** Bytes of all kinds for the fuzzers that take anything: from nothing at all they would take long to get anywhere. */
export function writeNoise(folder, files = 200) {
  let state = 1;
  for (let file = 0; file < files; file++) {
    const bytes = Buffer.alloc(300 + 4 * file);
    for (let index = 0; index < bytes.length; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes[index] = state >>> 24;
    }
    writeFileSync(join(folder, `${file}.noise`), bytes);
  }
}

export function writeSeeds(folder) {
  for (const name of readdirSync(corpus).filter((file) => file.endsWith('.json'))) {
    const seed = seedOf(readFileSync(new URL(name, corpus), 'utf8'));
    if (seed) writeFileSync(join(folder, name.replace(/json$/, 'seed')), seed);
  }
}

/** Undefined for a file that the form has no room for. */
function seedOf(text) {
  try {
    const file = JSON.parse(text);
    const numbers = Buffer.alloc(11);
    numbers.writeInt16LE(file.topK);
    numbers.writeDoubleLE(file.threshold ?? Infinity, 2);
    numbers[10] = Number(file.heldOut);
    return Buffer.concat([optionsOf(file.options), numbers, ...Object.keys(lists).map((name) => listOf(file, name))]);
  } catch {
    return undefined;
  }
}

/** As model_options() of reader.hpp takes them: what is given, then a byte for each. */
function optionsOf({
  hidden,
  decoder,
  latent,
  activation,
  latentActivation,
  missing,
  members,
  scaler = 'standard',
  seed = 0,
}) {
  const bytes = [];
  let given = 0;
  const option = (bit, value, take) => {
    if (value === undefined) return;
    given |= bit;
    bytes.push(...take(value));
  };
  const widths = (list) => [list.length, ...list.map((width) => width - 1)];
  option(1, hidden, widths);
  option(2, decoder, widths);
  option(4, latent, (width) => [width - 1]);
  option(8, activation, (word) => [activations.indexOf(word)]);
  option(16, latentActivation, (word) => [activations.indexOf(word)]);
  option(32, missing, (word) => [missings.indexOf(word)]);
  option(64, members > 1 ? members : undefined, (count) => [count - 1]);
  return Buffer.from([given, ...bytes, scalers.indexOf(scaler), seed & 255]);
}

function listOf(file, name) {
  const size = lists[name];
  const given = file[name] ?? [];
  const bytes = typeof given === 'string' ? Buffer.from(given, 'base64') : written(given, size);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(bytes.length / size);
  return Buffer.concat([count, bytes]);
}

function written(numbers, size) {
  const bytes = Buffer.alloc(numbers.length * size);
  numbers.forEach((number, index) => {
    if (size === 8) bytes.writeDoubleLE(number, index * 8);
    else if (size === 4) bytes.writeFloatLE(number, index * 4);
    else bytes[index] = number;
  });
  return bytes;
}
