// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isTyped, kindOf, lengthOf } from './guards.ts';

// Typed arrays may come from another realm, be of a subclass, or have properties of their own: what they really are, only
// the getters tell that all typed arrays share.

const shared = Object.getPrototypeOf(Float32Array.prototype) as object;
const getter = (name: string) =>
  Object.getOwnPropertyDescriptor(shared, name)?.get as (this: unknown) => number | ArrayBufferLike;
const [bufferOf, offsetOf] = [getter('buffer'), getter('byteOffset')];

/** A typed array of numbers. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

type Constructor = new (buffer: ArrayBufferLike, offset: number, length: number) => Numbers;

const constructors: Readonly<Record<string, Constructor | undefined>> = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  Float16Array: (globalThis as { Float16Array?: Constructor }).Float16Array,
};

/** The same numbers as a typed array of this realm; undefined for what is none, and for one of big integers. */
export function numbersIn(value: unknown): Numbers | undefined {
  if (!isTyped(value)) return undefined;
  const Kind = constructors[kindOf(value) ?? ''];
  if (Kind === undefined) return undefined;
  const length = lengthOf(value);
  if (length === 0) return new Kind(new ArrayBuffer(0), 0, 0);
  return new Kind(bufferOf.call(value) as ArrayBufferLike, offsetOf.call(value) as number, length);
}
