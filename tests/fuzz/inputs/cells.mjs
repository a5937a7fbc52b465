// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Values of all kinds. What cannot be printed, such as a revoked proxy, is described here and made where it is used.

import fc from 'fast-check';

/** Numbers as tables have them. */
export const plainNumber = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 3, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, 0.1) },
);

/** Finite numbers at the ends of what there is. */
export const extremeNumber = fc.oneof(
  fc.constantFrom(5e-324, 1e-300, 1e-160, 1e-45, 1e-30, 1e13, 3.5e38, -3.5e38, 1e100, 1e300, 1.7976931348623157e308),
  fc.constantFrom(2 ** 24 + 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 31) - 1),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const finiteNumber = fc.oneof({ weight: 9, arbitrary: plainNumber }, { weight: 1, arbitrary: extremeNumber });

/** Any number at all. */
export const anyNumber = fc.oneof(finiteNumber, fc.constantFrom(Number.NaN, Infinity, -Infinity), extremeNumber);

/** Texts that can only be values of a category. */
export const word = fc.constantFrom('red', 'green', 'blue', 'a b', 'Ω', '\u{1F600}', '\u{FF5E}');

export const gap = fc.constantFrom(null, undefined, Number.NaN);

/** Names that objects inherit, that tables use themselves, or that are odd in another way. */
export const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'price', 'f1', 'f2', 'a=b', 'é', '\u{1F600}'),
  fc.constantFrom('constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then'),
  fc.constantFrom('length', 'data', 'columns', 'rows', '0', '1', ' ', 'name'),
);

/** What is no cell, by name. */
const odd = {
  symbol: () => Symbol('odd'),
  object: () => ({}),
  array: () => [1],
  empty: () => [],
  function: () => () => 1,
  boxedNumber: () => Object(1),
  boxedText: () => Object('red'),
  nobody: () => Object.create(null),
  map: () => new Map([[1, 2]]),
  promise: () => Promise.resolve(1),
  badDate: () => new Date(Number.NaN),
  buffer: () => new ArrayBuffer(8),
  view: () => new DataView(new ArrayBuffer(8)),
  regexp: () => /a/,
  proxy: () => new Proxy({ a: 1 }, {}),
  revoked: () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
  revokedFunction: () => {
    const { proxy, revoke } = Proxy.revocable(() => 1, {});
    revoke();
    return proxy;
  },
  throwing: () => ({
    valueOf() {
      throw new RangeError('valueOf');
    },
    toString() {
      throw new RangeError('toString');
    },
    toJSON() {
      throw new RangeError('toJSON');
    },
  }),
  closed: () =>
    new Proxy(
      {},
      {
        get() {
          throw new RangeError('get');
        },
        ownKeys() {
          throw new RangeError('ownKeys');
        },
        getPrototypeOf() {
          throw new RangeError('getPrototypeOf');
        },
        has() {
          throw new RangeError('has');
        },
      },
    ),
  circle: () => {
    const circle = {};
    circle.circle = circle;
    return circle;
  },
  deep: () => {
    let deep = [];
    for (let depth = 0; depth < 20_000; depth++) deep = [deep];
    return deep;
  },
  namedOddly: () => new (class extends Array {})(3),
};

class Odd {
  constructor(kind) {
    this.odd = kind;
  }
  [fc.toStringMethod]() {
    return `odd('${this.odd}')`;
  }
}

export const oddThing = fc.constantFrom(...Object.keys(odd)).map((kind) => new Odd(kind));

/** Anything that JavaScript has. */
export const anything = fc.oneof(
  { weight: 2, arbitrary: anyNumber },
  { weight: 2, arbitrary: oddThing },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, true, false, '', 'x', '1', '2020-01-01') },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }) },
  { weight: 1, arbitrary: fc.date() },
  { weight: 1, arbitrary: fc.array(fc.oneof(finiteNumber, oddThing), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(name, fc.oneof(finiteNumber, oddThing), { maxKeys: 3 }) },
);

/** What stands for a described value, lists and objects with what is inside them. */
export function real(value) {
  if (value instanceof Odd) return odd[value.odd]();
  if (Array.isArray(value)) return value.map(real);
  if (value === null || typeof value !== 'object') return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return withOwn(Object.entries(value).map(([key, field]) => [key, real(field)]));
}

/** An object whose every name is its own, `__proto__` too. */
export function withOwn(entries) {
  const made = {};
  for (const [key, value] of entries)
    Object.defineProperty(made, key, { value, writable: true, enumerable: true, configurable: true });
  return made;
}
