// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64, toBase64 } from './base64.ts';
import type { FeatureSketch } from './encoder.ts';
import { AnomalensError, mustBe, reading, show } from './error.ts';
import { isArray, isCategory, isObject, isRecord, isTyped } from './guards.ts';
import { type Hand, Written } from './written.ts';

// The parts of a file that holds a model, checked one by one. All throw `BAD_FILE` with the reason.

export type File = Readonly<Record<string, unknown>>;

/** More values than the largest model has in its lists and objects. */
const mostValues = 4_000_000;

/**
 * The fields of those names, each read once, as plain values that are nobody else's. `levels` says how deep lists and
 * objects lie in them; what must be a number or a text has none. Other fields are not looked at.
 */
export function fieldsOf(saved: unknown, levels: Readonly<Record<string, number>>): File {
  if (!isRecord(saved)) {
    const cure = typeof saved === 'string' ? ' Take a text apart with JSON.parse first.' : '';
    throw bad(`expected the object that toJSON() gave, but got ${show(saved)}.${cure}`);
  }
  const room = { left: mostValues };
  const fields = Object.entries(levels).map(([name, deepest]) => {
    const refusal = (reason: string, cause: unknown) => bad(`${name} cannot be read: ${reason}`, cause);
    const read = () => (deepest === 0 ? saved[name] : plain(saved[name], name, deepest, room));
    return [name, reading(read, refusal)];
  });
  return Object.fromEntries(fields);
}

/** A copy of what JSON can hold. */
function plain(value: unknown, name: string, levels: number, room: { left: number }): unknown {
  if (['bigint', 'function', 'symbol'].includes(typeof value) || isTyped(value))
    throw bad(`${name} holds ${show(value)}, which no JSON holds.`);
  if (!isObject(value)) return value;
  if (levels === 0) throw bad(`${name} is nested too deep.`);
  const take = (count: number) => {
    room.left -= count;
    if (room.left < 0) throw bad(`${name} holds too much.`);
  };
  if (isArray(value)) {
    const { length } = value;
    take(length);
    return Array.from({ length }, (_, index) => plain(value[index], name, levels - 1, room));
  }
  const keys = Object.keys(value);
  take(keys.length);
  const fields = keys.map((key) => [key, plain(value[key], name, levels - 1, room)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

export const bad = (reason: string, cause?: unknown) =>
  new AnomalensError('BAD_FILE', `This is not a saved model that can be loaded: ${reason}`, { cause });

/** A part that is not there, or not what it must be. */
export const wrong = (name: string, kind: string, value: unknown) =>
  bad(value === undefined ? `${name} is missing.` : mustBe(name, kind, value));

export function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

/** So many hexadecimal digits. */
export function digitsOf(value: unknown, name: string, count: number): string {
  const text = textOf(value, name);
  if (text.length === count && /^[0-9a-f]*$/.test(text)) return text;
  throw wrong(name, `${count} hexadecimal digits`, value);
}

export function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(name, 'a finite number', value);
}

/** A list with one number a column. */
export function numbersOf(value: unknown, name: string, columns: number): readonly number[] {
  if (!Array.isArray(value)) throw wrong(name, 'a list of numbers', value);
  if (value.length !== columns)
    throw bad(`${name} must hold ${columns} numbers, one a column, but it holds ${value.length}.`);
  return value.map((number, index) => numberOf(number, `${name}[${index}]`));
}

// ------------------------------------------------------------------------------------------------ features
/** `detector`: whether a category may have forgotten its values, because it is left out. */
export function featuresOf(value: unknown, detector: boolean): readonly FeatureSketch[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong('features', 'a list of features', value);
  const features = value.map((feature, index) => featureOf(feature, `features[${index}]`, detector));
  if (repeats(features.map(({ name }) => name))) throw bad('two features have the same name.');
  return features;
}

function featureOf(value: unknown, where: string, detector: boolean): FeatureSketch {
  if (!isRecord(value)) throw wrong(where, 'an object', value);
  const { categories } = value;
  const name = textOf(value.name, `${where}.name`);
  if (categories === undefined) return { name, written: writtenOf(value.written, `${where}.written`) };
  if (!Array.isArray(categories) || !categories.every(isCategory) || (categories.length === 0 && !detector)) {
    throw bad(`${where}.categories must be a list of texts and booleans.`);
  }
  if (repeats(categories)) throw bad(`${where}.categories holds a value twice.`);
  return { name, categories: [...categories] };
}

function writtenOf(value: unknown, where: string): Written | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw wrong(where, 'an object', value);
  const hand: Hand = { decimals: countOf(value.decimals, where, 400), digits: countOf(value.digits, where, 17) };
  return new Written(hand);
}

function countOf(value: unknown, where: string, most: number): number {
  const count = numberOf(value, where);
  if (!Number.isInteger(count) || count < 0 || count > most) throw wrong(where, `from 0 to ${most}`, count);
  return count;
}

const repeats = (list: readonly unknown[]) => new Set(list).size < list.length;

// ------------------------------------------------------------------------------------------------ packed lists
/** Numbers as base64 of little-endian bytes. */
export function pack(numbers: Float32Array | Float64Array | Uint8Array | Int32Array): string {
  const double = numbers instanceof Float64Array;
  const size = double ? 8 : 4;
  const view = new DataView(new ArrayBuffer(numbers.length * size));
  for (let index = 0; index < numbers.length; index++) {
    if (double) view.setFloat64(index * size, numbers[index] as number, true);
    else view.setFloat32(index * size, numbers[index] as number, true);
  }
  return toBase64(new Uint8Array(view.buffer));
}

export function unpackFloats(value: unknown, name: string): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(unpacked(value, name, 4));
  for (let index = 0; index < numbers.length; index++)
    if (!Number.isFinite(numbers[index])) throw bad(`number ${index} of ${name} is ${numbers[index]}.`);
  return numbers;
}

/** Not a number stands for a missing value in some places; the engine looks at all of them. */
export function unpackDoubles(value: unknown, name: string): Float64Array<ArrayBuffer> {
  return new Float64Array(unpacked(value, name, 8));
}

/** The bytes of numbers, little-endian as every heap of WebAssembly and so every engine that has one. */
function unpacked(value: unknown, name: string, size: number): ArrayBuffer {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64(textOf(value, name));
  } catch (cause) {
    throw cause instanceof AnomalensError ? cause : bad(`${name} must be base64.`, cause);
  }
  if (bytes.length % size !== 0)
    throw bad(`${name} must be numbers of ${size} bytes, but there are ${bytes.length} bytes.`);
  return bytes.buffer;
}
