// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, mustBe, show } from './error.ts';
import { isObject, isRecord } from './guards.ts';

/** Looks at the value of an option and throws `BAD_OPTION` unless it is of the right kind. Most ranges are checked in C++. */
export type Check = (value: unknown, option: string) => void;

/** A `BAD_OPTION` error. */
export const bad = (option: string, message: string) => new AnomalensError('BAD_OPTION', message, { option });

const wrong = (option: string, kind: string, value: unknown) => bad(option, mustBe(option, kind, value));

/** Whether a value is of a kind that needs no further look. */
const simply =
  (fits: (value: unknown) => boolean, kind: string): Check =>
  (value, option) => {
    if (!fits(value)) throw wrong(option, kind, value);
  };

const most = 2 ** 31 - 1; // what a C++ int holds

export const number: Check = (value, option) => {
  if (!Number.isFinite(value)) throw wrong(option, typeof value === 'number' ? 'a finite number' : 'a number', value);
};

function within(range: string, value: unknown, low: number, high: number, option: string): void {
  if ((value as number) < low || (value as number) > high) throw wrong(option, range, value);
}

export const whole =
  (low: number, high = most): Check =>
  (value, option) => {
    number(value, option);
    if (!Number.isInteger(value)) throw wrong(option, 'a whole number', value);
    within(high === most ? `${low} or more` : `from ${low} to ${high}`, value, low, high, option);
  };

export const between =
  (low: number, high: number): Check =>
  (value, option) => {
    number(value, option);
    within(`from ${low} to ${high}`, value, low, high, option);
  };

export const aboveZero =
  (high: number): Check =>
  (value, option) => {
    number(value, option);
    within(`above 0 and at most ${high}`, value, Number.MIN_VALUE, high, option);
  };

export const yesOrNo = simply((value) => typeof value === 'boolean', 'true or false');

export const oneOf =
  (names: readonly string[]): Check =>
  (value, option) => {
    if (names.includes(value as string)) return;
    const list = names.map((name) => `'${name}'`);
    throw wrong(option, `${list.length > 1 ? 'one of ' : ''}${list.join(', ')}`, value);
  };

export const widths: Check = (value, option) => {
  if (!Array.isArray(value)) throw wrong(option, 'an array of layer widths', value);
  each(value, option, 'numbers', (width) => typeof width === 'number');
  for (const width of value) whole(1)(width, option);
};

export const names: Check = (value, option) => {
  if (!Array.isArray(value)) throw wrong(option, 'an array of names', value);
  each(value, option, 'names', (name) => typeof name === 'string' && name !== '');
  const seen = new Set<unknown>();
  const twice = value.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw bad(option, `${option} must hold different names, but ${show(twice)} is there twice.`);
  if (value.length === 0) throw bad(option, `${option} must name at least one feature, but it is empty.`);
};

export const callback = simply((value) => typeof value === 'function', 'a function');

export const abortSignal = simply((value) => isObject(value) && 'aborted' in value, 'an AbortSignal');

/** Zeros and ones, one a row. */
export const labels: Check = (value, option) => {
  if (!isObject(value) || !Number.isInteger(value.length) || (value.length as number) < 0)
    throw wrong(option, 'an array of zeros and ones, one a row', value);
  each(value as unknown as ArrayLike<unknown>, option, 'zeros and ones', (label) => label === 0 || label === 1);
};

/** Throws unless every element of `list` fits. */
function each(list: ArrayLike<unknown>, option: string, kind: string, fits: (element: unknown) => boolean): void {
  for (let index = 0; index < list.length; index++) {
    if (!fits(list[index]))
      throw bad(option, `${option} must hold ${kind}, but ${option}[${index}] is ${show(list[index])}.`);
  }
}

/** Fields of an object option: a check for each; `optional` ones may be left out. */
export type Form = Readonly<Record<string, Check>>;

const leftOut = new WeakSet<Check>();

/** The same check for a field that may be left out. */
export function optional(check: Check): Check {
  const lenient: Check = (value, option) => {
    if (value !== undefined) check(value, option);
  };
  leftOut.add(lenient);
  return lenient;
}

/** An object whose field `tag` says which of several forms it has. */
export const tagged =
  (tag: string, forms: Readonly<Record<string, Form>>): Check =>
  (value, option) => {
    if (!isRecord(value)) throw wrong(option, formsText(tag, forms), value);
    const name = value[tag];
    oneOf(Object.keys(forms))(name, `${option}.${tag}`);
    const form = forms[name as string] as Form;
    refuseUnknown(value, [tag, ...Object.keys(form)], option);
    for (const [field, check] of Object.entries(form)) check(value[field], `${option}.${field}`);
  };

function formsText(tag: string, forms: Readonly<Record<string, Form>>): string {
  const texts = Object.entries(forms).map(([name, form]) => {
    const fields = Object.entries(form).map(([field, check]) => (leftOut.has(check) ? `${field}?` : field));
    return `{ ${[`${tag}: '${name}'`, ...fields].join(', ')} }`;
  });
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : (texts[0] ?? '');
}

/**
 * A copy of `options`, so that what is used later is what was checked, whatever the caller does meanwhile. Throws
 * `BAD_OPTION` unless they are an object, have no other keys than those of `checks`, and each has a good value.
 */
export function checkOptions<Options extends object>(options: Options, checks: Form): Options {
  if (!isRecord(options)) {
    throw new AnomalensError('BAD_OPTION', `Options must be an object, but they are ${show(options)}.`);
  }
  refuseUnknown(options, Object.keys(checks));
  const own = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, copied(value)])) as Options;
  for (const [name, value] of Object.entries(own)) if (value !== undefined) checks[name]?.(value, name);
  return own;
}

/** Levels of objects and lists inside an option: the deepest is `threshold.goal`. */
const deepest = 2;

/** Plain objects and arrays anew; what is not plain, such as a signal or a typed array, or lies too deep, as it is. */
function copied(value: unknown, levels = deepest): unknown {
  if (levels === 0) return value;
  if (Array.isArray(value)) return value.map((element) => copied(element, levels - 1));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copied(field, levels - 1)]));
}

function isPlain(value: unknown): value is object {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Throws `BAD_OPTION` for a key that is not among the known ones, and guesses which was meant. */
export function refuseUnknown(options: object, known: readonly string[], parent?: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const guess = near === undefined ? '' : ` Did you mean ${near}?`;
    const place = parent === undefined ? 'There is no option' : `${parent} has no field`;
    throw bad(parent ?? name, `${place} '${name}'.${guess} There are: ${known.join(', ')}.`);
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
