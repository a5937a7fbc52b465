// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, show } from './error.ts';
import { isObject } from './guards.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What async functions are made by: theirs reject instead of throwing. */
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as typeof Function;

/**
 * Lets the methods and getters in `prototype` work only on what `isOne`: without this, one that was taken off its object
 * fails with a TypeError about private members, which tells nobody what to do. `what` is how callers call the object.
 */
export function guardReceivers(prototype: object, what: string, isOne: (self: object) => boolean): void {
  const guarded = (place: string, own: Method): Method => {
    const guard: Method = function (...args) {
      if (isObject(this) && isOne(this)) return own.apply(this, args);
      const error = notOne(place, what, this);
      if (own instanceof AsyncFunction) return Promise.reject(error);
      throw error;
    };
    return Object.defineProperties(guard, { name: { value: own.name }, length: { value: own.length } });
  };
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    if (key === 'constructor') continue;
    const place = typeof key === 'string' ? `${what}.${key}` : `${what}[${key.description}]`;
    if (property.get) property.get = guarded(place, property.get);
    else property.value = guarded(`${place}()`, property.value);
    Object.defineProperty(prototype, key, property);
  }
}

const notOne = (place: string, what: string, self: unknown) =>
  new AnomalensError(
    'BAD_OPTION',
    `${place} works only on a ${what}, but was used on ${show(self)}. Keep the ${what} in front of the dot, and keep frameworks from wrapping it in a Proxy (in Vue: markRaw).`,
    { option: what },
  );
