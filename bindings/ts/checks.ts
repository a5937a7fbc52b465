// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, mustBe, reading, show } from './error.ts';
import { outOfMemory } from './failures.ts';
import { isArray, isObject, isRecord, isTyped, kindOf, lengthOf } from './guards.ts';
import { mostFloats } from './heap.ts';

/**
 * Reads the value of an option, each part of it once, and returns it in plain objects and arrays that are nobody else's.
 * Throws `BAD_OPTION` unless it is of the right kind. Most ranges are checked in C++.
 */
export type Check = (value: unknown, option: string) => unknown;

/** A `BAD_OPTION` error. */
export const bad = (option: string, message: string, cause?: unknown) =>
  new AnomalensError('BAD_OPTION', message, { option, cause });

/** `range` is what it may be, where `kind` does not say that. */
function wrong(option: string, kind: string, value: unknown, range = kind): AnomalensError {
  return bad(option, mustBe(option, kind, value) + (range === kind ? '' : ` It may be ${range}.`));
}

/** Whether a value is of a kind that needs no further look. */
const simply =
  (fits: (value: unknown) => boolean, kind: string): Check =>
  (value, option) => {
    if (!fits(value)) throw wrong(option, kind, value);
    return value;
  };

const most = 2 ** 31 - 1; // what a C++ int holds

/** A number. The engine checks `range`, which is only told here. */
export const ranged =
  (range?: string): Check =>
  (value, option) => {
    if (Number.isFinite(value)) return value;
    throw wrong(option, typeof value === 'number' ? 'a finite number' : 'a number', value, range);
  };

export const number = ranged();

function within(range: string, value: unknown, low: number, high: number, option: string, all?: string): unknown {
  if ((value as number) < low || (value as number) > high) throw wrong(option, range, value, all);
  return value;
}

/** A whole number of `low` or more. The engine checks the end of `range`, which is only told here. */
export const count = (low: number, range?: string): Check => integer(low, most, `${low} or more`, range);

export const whole = (low: number, high: number): Check => integer(low, high, `from ${low} to ${high}`);

function integer(low: number, high: number, here: string, range = here): Check {
  const finite = ranged(range);
  return (value, option) => {
    finite(value, option);
    if (!Number.isInteger(value)) throw wrong(option, 'a whole number', value, range);
    return within(here, value, low, high, option, range);
  };
}

const inside = (range: string, low: number, high: number): Check => {
  const finite = ranged(range);
  return (value, option) => within(range, finite(value, option), low, high, option);
};

export const between = (low: number, high: number): Check => inside(`from ${low} to ${high}`, low, high);

export const aboveZero = (high: number): Check => inside(`above 0 and at most ${high}`, Number.MIN_VALUE, high);

export const yesOrNo = simply((value) => typeof value === 'boolean', 'true or false');

export const oneOf =
  (names: readonly string[]): Check =>
  (value, option) => {
    if (names.includes(value as string)) return value;
    const list = names.map((name) => `'${name}'`);
    throw wrong(option, `${list.length > 1 ? 'one of ' : ''}${list.join(', ')}`, value);
  };

/** Looks at an element of a list. */
type ElementCheck = (value: unknown, option: string, index: number) => unknown;

/** A list that is `kind`, each element checked. No list that makes sense is longer than `longest`. */
export const listOf =
  (check: ElementCheck, kind: string, longest: number): Check =>
  (value, option) => {
    if (!isArray(value)) throw wrong(option, kind, value);
    const { length } = value;
    if (length > longest) throw bad(option, `${option} must be ${kind}, ${longest} at most, but there are ${length}.`);
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) list.push(check(value[index], option, index));
    return list;
  };

const element =
  (kind: string, fits: (value: unknown) => boolean): ElementCheck =>
  (value, option, index) => {
    if (fits(value)) return value;
    throw bad(option, `${option} must hold ${kind}, but ${option}[${index}] is ${show(value)}.`);
  };

/** The engine says how many layers there may be. */
const manyLayers = 1000;
const someWidths = listOf(
  element('numbers', (width) => typeof width === 'number'),
  'an array of layer widths',
  manyLayers,
);

export const widthOfLayer = count(1, 'from 1 to 4096');

export const widths: Check = (value, option) => {
  const list = someWidths(value, option) as readonly number[];
  for (const width of list) widthOfLayer(width, option);
  return list;
};

const someNames = listOf(
  element('names', (name) => typeof name === 'string' && name !== ''),
  'an array of names',
  mostFloats,
);

export const names: Check = (value, option) => {
  const list = someNames(value, option) as readonly string[];
  if (list.length === 0) throw bad(option, `${option} must name at least one feature, but it is empty.`);
  const known = new Set<string>();
  for (const name of list) {
    if (known.has(name)) throw bad(option, `${option} must hold different names, but ${show(name)} is there twice.`);
    known.add(name);
  }
  return list;
};

export const callback = simply((value) => typeof value === 'function', 'a function');

/** A signal that throws nothing but our own errors. It stays the caller's, since it is there to change. */
export const abortSignal: Check = (value, option) => {
  if (!isObject(value) || typeof value.aborted !== 'boolean') throw wrong(option, 'an AbortSignal', value);
  const read = (field: 'aborted' | 'reason') =>
    reading(
      () => value[field],
      (reason, cause) => bad(option, `${option}.${field} cannot be read: ${reason}`, cause),
    );
  return {
    get aborted() {
      return read('aborted') === true;
    },
    get reason() {
      return read('reason') ?? new DOMException('This operation was aborted', 'AbortError');
    },
  };
};

/** Zeros and ones, one a row. */
export const labels: Check = (value, option) => {
  const length = isTyped(value) ? lengthOf(value) : isObject(value) ? value.length : undefined;
  if (!isObject(value) || !Number.isInteger(length) || (length as number) < 0)
    throw wrong(option, 'an array of zeros and ones, one a row', value);
  // No table has so many rows.
  if ((length as number) >= mostFloats) throw outOfMemory();
  const list = value as unknown as ArrayLike<unknown>;
  const own: number[] | Uint8Array = kindOf(value) ? new Uint8Array(length as number) : [];
  for (let index = 0; index < (length as number); index++) {
    const label = list[index];
    if (label !== 0 && label !== 1)
      throw bad(option, `${option} must hold zeros and ones, but ${option}[${index}] is ${show(label)}.`);
    own[index] = label;
  }
  return own;
};

/** Fields of an object option: a check for each; `optional` ones may be left out. */
export type Form = Readonly<Record<string, Check>>;

const leftOut = new WeakSet<Check>();

/** The same check for a field that may be left out. */
export function optional(check: Check): Check {
  const lenient: Check = (value, option) => (value === undefined ? undefined : check(value, option));
  leftOut.add(lenient);
  return lenient;
}

/** An object whose field `tag` says which of several forms it has. */
export const tagged =
  (tag: string, forms: Readonly<Record<string, Form>>): Check =>
  (value, option) => {
    if (!isRecord(value)) throw wrong(option, formsText(tag, forms), value);
    const name = oneOf(Object.keys(forms))(value[tag], `${option}.${tag}`) as string;
    const form = forms[name] as Form;
    refuseUnknown(value, [tag, ...Object.keys(form)], option);
    const fields = Object.entries(form).map(([field, check]) => [field, check(value[field], `${option}.${field}`)]);
    return { [tag]: name, ...Object.fromEntries(fields.filter(([, found]) => found !== undefined)) };
  };

function formsText(tag: string, forms: Readonly<Record<string, Form>>): string {
  const texts = Object.entries(forms).map(([name, form]) => {
    const fields = Object.entries(form).map(([field, check]) => (leftOut.has(check) ? `${field}?` : field));
    return `{ ${[`${tag}: '${name}'`, ...fields].join(', ')} }`;
  });
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : (texts[0] ?? '');
}

/** What `check` reads of the option, whose getters and proxies may throw anything. */
export const optionRead = (option: string, check: () => unknown): unknown =>
  reading(check, (reason, cause) => bad(option, `${option} cannot be read: ${reason}`, cause));

/**
 * A copy of `options`, read once, so that what is used later is what was checked, whatever the caller does meanwhile.
 * Throws `BAD_OPTION` unless they are an object, have no other keys than those of `checks`, and each has a good value.
 */
export function checkOptions<Options extends object>(options: Options, checks: Form): Options {
  if (!isRecord(options)) {
    throw new AnomalensError('BAD_OPTION', `Options must be an object, but they are ${show(options)}.`);
  }
  const given = optionRead('options', () => {
    refuseUnknown(options, Object.keys(checks));
    return Object.keys(options);
  }) as readonly string[];
  const own = given.map((name) => [
    name,
    optionRead(name, () => {
      const value = options[name as keyof Options];
      return value === undefined ? undefined : checks[name]?.(value, name);
    }),
  ]);
  return Object.fromEntries(own) as Options;
}

/** Longer names are no slips of the pen. */
const longestName = 40;

/** Throws `BAD_OPTION` for a key that is not among the known ones, and guesses which was meant. */
export function refuseUnknown(options: object, known: readonly string[], parent?: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const long = name.length > longestName;
    const near = long ? undefined : nearest(name, known);
    const guess = near === undefined ? '' : ` Did you mean ${near}?`;
    const place = parent === undefined ? 'There is no option' : `${parent} has no field`;
    const told = long ? `${name.slice(0, longestName)}...` : name;
    throw bad(parent ?? told, `${place} '${told}'.${guess} There are: ${known.join(', ')}.`);
  }
}

/** The known name most like `name`; undefined when none is at all like it. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replace(/[_-]/g, '').toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const steps = editDistance(plain(name), plain(candidate));
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** How many letters to insert, drop or replace to make `b` of `a` (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1);
    }
    row = next;
  }
  return row[b.length] as number;
}
