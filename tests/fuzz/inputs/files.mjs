// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Saved models with something altered, and with a checksum and a fingerprint that fit all the same.

import { types } from 'node:util';
import fc from 'fast-check';
import { anyNumber, anything, extremeNumber, name, real, withOwn } from './cells.mjs';

const list = ['center', 'scale', 'constant', 'low', 'high', 'calibration', 'parameters'];
/** What a checksum is taken over, in its order, as bindings/ts/saved.ts has it. */
const checkedOf = {
  'anomalens/1': [
    ...['options', 'features', 'topK', 'threshold', 'heldOut', ...Array(4).fill(null)],
    ...list,
    ...[...Array(4).fill(null), 'fingerprint'],
  ],
  'anomalens/2': [
    ...['options', 'features', 'topK', 'threshold', 'heldOut', 'rowsInside'],
    ...['calibration', 'parameters', 'detector', 'pool', 'fingerprint'],
  ],
};

export function checksumOf(file) {
  const text = JSON.stringify(checkedOf[file.format].map((part) => (part === null ? null : file[part])));
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'softplus'];

/** What a file must say of its weights: those of nets of `perNet` layers each. */
export function fingerprintOf({ layers, perNet }, parameters) {
  const bytes = Buffer.from(parameters, 'base64');
  let hash = 0xcbf29ce484222325n;
  const byte = (value) => {
    hash = ((hash ^ BigInt(value)) * 0x100000001b3n) & 0xffffffffffffffffn;
  };
  const word = (value) => {
    for (let shift = 0; shift < 32; shift += 8) byte((value >>> shift) & 255);
  };
  let at = 0;
  for (let first = 0; first < layers.length; first += perNet) {
    const net = layers.slice(first, first + perNet);
    for (const { inputs, outputs, activation } of net)
      for (const value of [inputs, outputs, activations.indexOf(activation)]) word(value);
    const end = at + 4 * net.reduce((count, { inputs, outputs }) => count + (inputs + 1) * outputs, 0);
    while (at < end && at < bytes.length) byte(bytes[at++]);
  }
  return hash.toString(16).padStart(16, '0');
}

const packed = ['calibration', 'parameters', 'detector', 'pool'];

/** One alteration. `at` chooses among what there is to alter, so that it means something in every file. */
export const alteration = fc.record({
  how: fc.constantFrom(
    'replace',
    'remove',
    'number',
    'shorten',
    'lengthen',
    'packed',
    'packed',
    'packed',
    'letter',
    'add',
    'swap',
  ),
  at: fc.nat(200),
  where: fc.nat(2000),
  to: fc.oneof(anything, fc.constantFrom('', 'AAAA', '====', '\0', [], {}, 1e308, -1)),
  number: fc.oneof(anyNumber, extremeNumber, fc.integer({ min: -3, max: 70 })),
  name,
});

/** Every place in a file: the object and the key. */
function placesIn(part, found = []) {
  for (const key of Object.keys(part)) {
    found.push([part, key]);
    if (isPlain(part[key]) && found.length < 500) placesIn(part[key], found);
  }
  return found;
}

/** What an earlier alteration has put in is not looked into. */
function isPlain(value) {
  try {
    return [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)) && !types.isProxy(value);
  } catch {
    return false;
  }
}

/** Not everything can be done everywhere. */
function attempt(work) {
  try {
    work();
  } catch {}
}

const ways = {
  replace: (part, key, { to }) => set(part, key, real(to)),
  remove: (part, key) => {
    if (Array.isArray(part)) part.splice(Number(key), 1);
    else delete part[key];
  },
  number: (part, key, { number }) => {
    if (typeof part[key] === 'number') part[key] = number;
  },
  shorten: (part, key) => {
    if (typeof part[key] === 'string' || Array.isArray(part[key])) part[key] = part[key].slice(1);
  },
  lengthen: (part, key) => {
    if (typeof part[key] === 'string') part[key] += part[key].slice(-4);
    else if (Array.isArray(part[key])) part[key].push(part[key].at(-1));
  },
  letter: (part, key, { where }) => {
    if (typeof part[key] !== 'string' || part[key] === '') return;
    const letters = [...part[key]];
    letters[where % letters.length] = String.fromCharCode(33 + (where % 90));
    part[key] = letters.join('');
  },
  add: (part, _key, { name: added, to }) => set(part, added, real(to)),
  swap: (part, key, { where }) => {
    const keys = Object.keys(part);
    const other = keys[where % keys.length];
    [part[key], part[other]] = [part[other], part[key]];
  },
};

const set = (part, key, value) =>
  Object.defineProperty(part, key, { value, writable: true, enumerable: true, configurable: true });

/** Numbers in a packed list, one of them another. */
function repack(file, { at, where, number }) {
  const names = packed.filter((part) => typeof file[part] === 'string' && file[part] !== '');
  const part = names[at % Math.max(1, names.length)];
  if (part === undefined) return;
  const size = part === 'detector' ? 8 : 4;
  const bytes = Buffer.from(file[part], 'base64');
  const count = Math.floor(bytes.length / size);
  if (count === 0) return;
  const place = (where % count) * size;
  if (size === 8) bytes.writeDoubleLE(number, place);
  else bytes.writeFloatLE(number, place);
  file[part] = bytes.toString('base64');
}

/** A file altered so. `fitting`: checksum and fingerprint are made to fit, as far as they can be told. */
export function altered(text, alterations, { fitting, shape }) {
  const file = withOwn(Object.entries(JSON.parse(text)));
  for (const one of alterations) {
    if (one.how === 'packed') {
      repack(file, one);
      continue;
    }
    const places = placesIn(file);
    const [part, key] = places[one.at % places.length] ?? [file, 'format'];
    attempt(() => ways[one.how](part, key, one));
  }
  if (fitting) refit(file, shape);
  return file;
}

function refit(file, shape) {
  attempt(() => {
    if (typeof file.parameters === 'string') file.fingerprint = fingerprintOf(shape, file.parameters);
    file.checksum = checksumOf(file);
  });
}
