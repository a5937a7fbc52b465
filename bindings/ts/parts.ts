// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64, toBase64 } from './base64.ts';
import { AnomalensError, mustBe, reading, show } from './error.ts';
import { isArray, isObject, isRecord, isTyped } from './guards.ts';
import type { Category, Plan, PlannedPart } from './plans.ts';
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
export function plansOf(value: unknown, detector: boolean): readonly Plan[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong('features', 'a list of features', value);
  const plans = value.map((plan, index) => planOf(plan, `features[${index}]`, detector));
  if (repeats(plans.map(({ name }) => name))) throw bad('two features have the same name.');
  return plans;
}

function planOf(value: unknown, where: string, detector: boolean): Plan {
  if (!isRecord(value)) throw wrong(where, 'an object', value);
  const name = textOf(value.name, `${where}.name`);
  const kind = value.kind ?? (value.categories === undefined ? 'number' : 'category');
  if (kind === 'category') {
    return { name, kind, categories: categoriesOf(value.categories, where, detector), ...marks(value, where, 'asked') };
  }
  if (kind === 'number') {
    const written = writtenOf(value.written, `${where}.written`);
    const decimal = choiceOf(value.decimal, `${where}.decimal`, [',']);
    const unit = value.unit === undefined ? undefined : textOf(value.unit, `${where}.unit`);
    return { name, kind, written, decimal, unit, ...marks(value, where, 'texts') };
  }
  const dates = {
    ...marks(value, where, 'dayFirst'),
    ...marks(value, where, 'dated'),
    ...marks(value, where, 'asked'),
  };
  if (kind === 'time') return { name, kind, ...dates };
  if (kind !== 'date' || !Array.isArray(value.parts)) throw bad(`${where} must be of a known kind.`);
  const parts = value.parts.map((part, index) => partOf(part, `${where}.parts[${index}]`, detector));
  if (parts.length === 0 || repeats(parts.map(({ part }) => part)))
    throw bad(`${where}.parts must be different parts.`);
  return { name, kind, parts, ...dates };
}

function categoriesOf(value: unknown, where: string, detector: boolean): Category[] {
  const isCategory = (category: unknown): category is Category =>
    ['string', 'boolean'].includes(typeof category) || Number.isFinite(category);
  if (!Array.isArray(value) || !value.every(isCategory) || (value.length === 0 && !detector))
    throw bad(`${where}.categories must be a list of texts, numbers and booleans.`);
  if (repeats(value)) throw bad(`${where}.categories holds a value twice.`);
  return [...value];
}

function partOf(value: unknown, where: string, detector: boolean): PlannedPart {
  if (!isRecord(value)) throw wrong(where, 'an object', value);
  const part = choiceOf(value.part, `${where}.part`, ['hour', 'weekday', 'day']);
  if (part === undefined) throw wrong(`${where}.part`, 'a text', undefined);
  if (detector) return { part };
  if (!Array.isArray(value.labels) || value.labels.length === 0) throw wrong(`${where}.labels`, 'a list', value.labels);
  return { part, labels: value.labels.map((label, index) => textOf(label, `${where}.labels[${index}]`)) };
}

function choiceOf<Word extends string>(value: unknown, where: string, words: readonly Word[]): Word | undefined {
  if (value === undefined || words.includes(value as Word)) return value as Word | undefined;
  throw wrong(where, words.map((word) => `'${word}'`).join(' or '), value);
}

function marks<Name extends string>(value: File, where: string, name: Name): { readonly [name in Name]?: boolean } {
  const mark = value[name];
  if (mark !== undefined && typeof mark !== 'boolean') throw wrong(`${where}.${name}`, 'true or false', mark);
  return { [name]: mark } as { readonly [name in Name]?: boolean };
}

/** The names of all columns, those that are left out too; undefined where none is. */
export function namesOf(value: unknown, plans: readonly Plan[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrong('columns', 'a list of names', value);
  const names = value.map((name, index) => textOf(name, `columns[${index}]`));
  const known = new Set(names);
  if (known.size < names.length || !plans.every(({ name }) => known.has(name)))
    throw bad('columns must be different names, those of all features among them.');
  return names;
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
