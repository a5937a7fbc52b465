// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64, toBase64 } from './base64.ts';
import { AnomalensError, mustBe } from './error.ts';
import { isRecord } from './guards.ts';
import type { Category, Plan, PlannedPart } from './plans.ts';
import { type Hand, Written } from './written.ts';

// The parts of a file that holds a model, checked one by one. All throw `BAD_FILE` with the reason.

export type File = Readonly<Record<string, unknown>>;

export const bad = (reason: string, cause?: unknown) =>
  new AnomalensError('BAD_FILE', `This is not a saved model that can be loaded: ${reason}`, { cause });

/** A part that is not there, or not what it must be. */
export const wrong = (name: string, kind: string, value: unknown) =>
  bad(value === undefined ? `${name} is missing.` : mustBe(name, kind, value));

export function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
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
  if (kind === 'time') return { name, kind, ...marks(value, where, 'dayFirst') };
  if (kind !== 'date' || !Array.isArray(value.parts)) throw bad(`${where} must be of a known kind.`);
  const parts = value.parts.map((part, index) => partOf(part, `${where}.parts[${index}]`, detector));
  if (parts.length === 0 || repeats(parts.map(({ part }) => part)))
    throw bad(`${where}.parts must be different parts.`);
  return { name, kind, parts, ...marks(value, where, 'dayFirst') };
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
  const view = unpacked(value, name, 4);
  const numbers = Float32Array.from({ length: view.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
  const broken = numbers.findIndex((number) => !Number.isFinite(number));
  if (broken >= 0) throw bad(`number ${broken} of ${name} is ${numbers[broken]}.`);
  return numbers;
}

/** Not a number stands for a missing value in some places; the engine looks at all of them. */
export function unpackDoubles(value: unknown, name: string): Float64Array<ArrayBuffer> {
  const view = unpacked(value, name, 8);
  return Float64Array.from({ length: view.byteLength / 8 }, (_, index) => view.getFloat64(index * 8, true));
}

function unpacked(value: unknown, name: string, size: number): DataView {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(textOf(value, name));
  } catch (cause) {
    throw cause instanceof AnomalensError ? cause : bad(`${name} must be base64.`, cause);
  }
  if (bytes.length % size !== 0)
    throw bad(`${name} must be numbers of ${size} bytes, but there are ${bytes.length} bytes.`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
