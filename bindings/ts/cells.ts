// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, type ErrorPlace, saidBy } from './error.ts';
import { isInstance, isObject } from './guards.ts';
import type { Moment } from './moments.ts';

/** What a cell holds, in a form of our own: null where it holds nothing, `Odd` where it is no cell at all. */
export type Plain = number | bigint | string | boolean | Moment | Odd | null;

/** A value that no cell can have: a function, a list, an object that cannot be written as a text. */
export class Odd {
  constructor(readonly value: unknown) {}
}

export const isMoment = (cell: Plain): cell is Moment => isObject(cell) && !(cell instanceof Odd);

/** The cell in our own form. Objects are dates, or what they write themselves as: decimals and time stamps of databases. */
export function plainOf(value: unknown): Plain {
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? null : value;
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : plainOfObject(value);
    default:
      return new Odd(value);
  }
}

function plainOfObject(value: object): Plain {
  try {
    return plainOfReadable(value);
  } catch {
    return new Odd(value);
  }
}

function plainOfReadable(value: object): Plain {
  const ms = timeOf(value);
  if (ms !== undefined) return Number.isNaN(ms) ? null : { ms, dated: true, timed: true };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return new Odd(value);
  const inner: unknown = value.valueOf?.();
  if (!isObject(inner) && typeof inner !== 'function' && inner !== undefined) return plainOf(inner);
  return writesItself(value) ? String(value) : new Odd(value);
}

/** The time of a Date of any realm; undefined for what is none. */
function timeOf(value: object): number | undefined {
  if (Object.prototype.toString.call(value) !== '[object Date]') return undefined;
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/** Whether a class says how its objects are written: what all objects write is of no use. */
function writesItself(value: object): boolean {
  const write: unknown = value.toString;
  return typeof write === 'function' && !/^\[object /.test(String(write.call(value)));
}

/** Throws what came while the caller's table was read, as an error of ours: his getters may throw anything. */
export function unreadable(error: unknown, place: ErrorPlace = {}): never {
  if (isInstance(error, AnomalensError)) throw error;
  const where = place.row === undefined ? '' : ` in row ${place.row}`;
  throw new AnomalensError('SHAPE', `The table cannot be read${where}: ${saidBy(error)}`, {
    ...place,
    cause: error,
  });
}

/** What `read` gives. Throws `SHAPE` where the caller's table throws. */
export function reading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    return unreadable(error);
  }
}
