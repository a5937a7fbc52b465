// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isInstance, isObject } from './guards.ts';

/**
 * What went wrong, as a program can act on it.
 *
 * | code | meaning |
 * | --- | --- |
 * | `WASM_LOAD` | The WebAssembly could not be fetched, compiled or started. Calling again tries again. |
 * | `SHAPE` | Rows or columns are missing, too many, ragged, or not those the model was trained on. |
 * | `NON_FINITE` | A cell is missing, NaN or infinite. |
 * | `BAD_OPTION` | An option is unknown, of the wrong type or outside its range. |
 * | `NOT_FITTED` | The model has to be trained first. |
 * | `DISPOSED` | A model or trainer was used after it had been given back. |
 * | `OUT_OF_MEMORY` | There is not enough memory for this table or network. |
 * | `BAD_FILE` | A saved model is damaged, altered or of another format. |
 * | `DIVERGED` | The training loss stopped being finite. |
 */
export type ErrorCode =
  | 'WASM_LOAD'
  | 'SHAPE'
  | 'NON_FINITE'
  | 'BAD_OPTION'
  | 'NOT_FITTED'
  | 'DISPOSED'
  | 'OUT_OF_MEMORY'
  | 'BAD_FILE'
  | 'DIVERGED';

/** Where an error happened: positions count from 0. */
export interface ErrorPlace {
  /** Row of the table that was passed in. */
  readonly row?: number | undefined;
  /** Feature of the model, or column of the table where there is no model yet. */
  readonly column?: number | undefined;
  /** Name of the option that is to blame. */
  readonly option?: string | undefined;
  /** What caused this error, when something else did. */
  readonly cause?: unknown;
}

/**
 * The error that every call of this package fails with. Its message is a sentence that says what was expected, what
 * came and where; the failed call has changed nothing.
 */
export class AnomalensError extends Error {
  override readonly name = 'AnomalensError';
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Row to blame, counted from 0, where one row is. */
  declare readonly row?: number;
  /** Column to blame, counted from 0, where one column is. */
  declare readonly column?: number;
  /** Option to blame, where one is. */
  declare readonly option?: string;

  /** Made by the package; of use to callers only in their own tests. */
  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.code = code;
    const { row, column, option } = place;
    for (const [name, value] of Object.entries({ row, column, option }))
      if (value !== undefined) Reflect.set(this, name, value);
  }
}

/** The sentence about a value that is not of the right kind. */
export const mustBe = (name: string, kind: string, value: unknown): string =>
  `${name} must be ${kind}, but it is ${show(value)}.`;

/** How a value is named in a message: short, and telling texts from numbers. Never throws, whatever the value does. */
export function show(value: unknown): string {
  try {
    return shown(value);
  } catch {
    return 'an object that cannot be read';
  }
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 37)}...` : text);

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? `${value}n` : 'a bigint of many digits';
  if (!isObject(value)) return short(String(value));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? `a ${short(name)}` : 'an object';
}

/** What `read` reads of the caller's, where getters and proxies may throw anything: `refusal` makes our error of that. */
export function reading<Result>(
  read: () => Result,
  refusal: (reason: string, cause: unknown) => AnomalensError,
): Result {
  try {
    return read();
  } catch (cause) {
    if (isInstance(cause, AnomalensError)) throw cause;
    throw refusal(saidBy(cause), cause);
  }
}

/** What something that was thrown says, as the end of a sentence. Words about the inside of JavaScript help nobody. */
export function saidBy(thrown: unknown): string {
  const text = wordsOf(thrown).replace(/[.\s]*$/, '');
  return text === '' || /undefined|\[object|incompatible receiver/.test(text)
    ? 'JavaScript itself fails to.'
    : `${text}.`;
}

function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : shown(thrown);
  } catch {
    return show(thrown);
  }
}
