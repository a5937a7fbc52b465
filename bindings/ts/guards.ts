// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// Which kind of value something is, whichever realm (a frame, a worker, Node's vm, Jest) it comes from.

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Like Array.isArray, which throws for a Proxy that has been revoked. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Like instanceof, which throws where a Proxy does. */
export function isInstance<Kind>(value: unknown, kind: { readonly prototype: Kind }): value is Kind {
  try {
    return value instanceof (kind as unknown as new () => Kind);
  } catch {
    return false;
  }
}

/** An object of named things: no array, no null. */
export const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !isArray(value);

const typedArrays: object = Object.getPrototypeOf(Float32Array.prototype);
const intrinsic = (name: PropertyKey) => Object.getOwnPropertyDescriptor(typedArrays, name)?.get as () => unknown;
const tag = intrinsic(Symbol.toStringTag);
const length = intrinsic('length');

/** Which typed array a value is, whatever it says of itself; undefined for everything else. */
export const kindOf = (value: unknown) => tag.call(value) as string | undefined;

/** How long a typed array is, whatever it says of itself; 0 when its buffer has been transferred. */
export const lengthOf = (list: ArrayLike<unknown>) => length.call(list) as number;

export const isTyped = (value: unknown): value is Float32Array => kindOf(value) !== undefined;

/** An array, or a typed one. */
export const isList = (value: unknown): value is ArrayLike<unknown> => isArray(value) || isTyped(value);
