// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64, toBase64 } from './base64.ts';
import type { FeatureSketch } from './encoder.ts';
import { AnomalensError, mustBe } from './error.ts';
import { isCategory, isRecord } from './guards.ts';
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
