// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, show } from './error.ts';
import { maxHidden } from './wire.ts';

/** Looks at the value of an option and throws `BAD_OPTION` unless it is of the right kind. Most ranges are checked in C++. */
export type Check = (value: unknown, option: string) => void;

/** A `BAD_OPTION` error. */
export const bad = (option: string, message: string) => new AnomalensError('BAD_OPTION', message, { option });

const most = 2 ** 31 - 1; // what a C++ int holds

export const number: Check = (value, option) => {
  if (typeof value !== 'number') throw bad(option, `${option} must be a number, but it is ${show(value)}.`);
  if (!Number.isFinite(value)) throw bad(option, `${option} must be a finite number, but it is ${value}.`);
};

export const whole =
  (low: number, high = most): Check =>
  (value, option) => {
    number(value, option);
    if (!Number.isInteger(value)) throw bad(option, `${option} must be a whole number, but it is ${value}.`);
    if ((value as number) < low || (value as number) > high) {
      const range = high === most ? `${low} or more` : `from ${low} to ${high}`;
      throw bad(option, `${option} must be ${range}, but it is ${value}.`);
    }
  };

export const between =
  (low: number, high: number): Check =>
  (value, option) => {
    number(value, option);
    if ((value as number) < low || (value as number) > high)
      throw bad(option, `${option} must be from ${low} to ${high}, but it is ${value}.`);
  };

export const above =
  (low: number, high: number): Check =>
  (value, option) => {
    number(value, option);
    if ((value as number) <= low || (value as number) > high)
      throw bad(option, `${option} must be above ${low} and at most ${high}, but it is ${value}.`);
  };

export const yesOrNo: Check = (value, option) => {
  if (typeof value !== 'boolean') throw bad(option, `${option} must be true or false, but it is ${show(value)}.`);
};

export const oneOf =
  (names: Readonly<Record<string, unknown>>): Check =>
  (value, option) => {
    if (typeof value === 'string' && Object.hasOwn(names, value)) return;
    const list = Object.keys(names).map((name) => `'${name}'`);
    throw bad(
      option,
      `${option} must be ${list.length > 1 ? `one of ${list.join(', ')}` : list[0]}, but it is ${show(value)}.`,
    );
  };

export const widths: Check = (value, option) => {
  if (!Array.isArray(value)) throw bad(option, `${option} must be an array of layer widths, but it is ${show(value)}.`);
  if (value.length > maxHidden)
    throw bad(option, `${option} must name at most ${maxHidden} layers, but it names ${value.length}.`);
  for (let index = 0; index < value.length; index++) {
    const width: unknown = value[index];
    if (typeof width !== 'number')
      throw bad(option, `${option} must hold numbers, but ${option}[${index}] is ${show(width)}.`);
    whole(1)(width, `${option}`);
  }
};

export const names: Check = (value, option) => {
  if (!Array.isArray(value)) throw bad(option, `${option} must be an array of names, but it is ${show(value)}.`);
  for (let index = 0; index < value.length; index++) {
    const name: unknown = value[index];
    if (typeof name !== 'string' || name === '')
      throw bad(option, `${option} must hold names, but ${option}[${index}] is ${show(name)}.`);
    if (value.indexOf(name) < index)
      throw bad(option, `${option} must hold different names, but ${show(name)} is there twice.`);
  }
  if (value.length === 0) throw bad(option, `${option} must name at least one feature, but it is empty.`);
};

export const callback: Check = (value, option) => {
  if (typeof value !== 'function') throw bad(option, `${option} must be a function, but it is ${show(value)}.`);
};

export const abortSignal: Check = (value, option) => {
  if (typeof value === 'object' && value !== null && 'aborted' in value) return;
  throw bad(option, `${option} must be an AbortSignal, but it is ${show(value)}.`);
};

/** Zeros and ones, one a row. */
export const labels: Check = (value, option) => {
  const length: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'length') : undefined;
  if (!Number.isInteger(length) || (length as number) < 0)
    throw bad(option, `${option} must be an array of zeros and ones, one a row, but it is ${show(value)}.`);
  const list = value as ArrayLike<unknown>;
  for (let index = 0; index < list.length; index++) {
    if (list[index] !== 0 && list[index] !== 1)
      throw bad(option, `${option} must hold zeros and ones, but ${option}[${index}] is ${show(list[index])}.`);
  }
};

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
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw bad(option, `${option} must be ${formsText(tag, forms)}, but it is ${show(value)}.`);
    }
    const name: unknown = Reflect.get(value, tag);
    oneOf(forms)(name, `${option}.${tag}`);
    const form = forms[name as string] as Form;
    refuseUnknown(value, [tag, ...Object.keys(form)], option);
    for (const [field, check] of Object.entries(form)) check(Reflect.get(value, field), `${option}.${field}`);
  };

function formsText(tag: string, forms: Readonly<Record<string, Form>>): string {
  const texts = Object.entries(forms).map(([name, form]) => {
    const fields = Object.entries(form).map(([field, check]) => (leftOut.has(check) ? `${field}?` : field));
    return `{ ${[`${tag}: '${name}'`, ...fields].join(', ')} }`;
  });
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : (texts[0] ?? '');
}

/** Throws `BAD_OPTION` unless `options` is an object, has no other keys than those of `checks`, and each has a good value. */
export function checkOptions(options: unknown, checks: Form): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new AnomalensError('BAD_OPTION', `Options must be an object, but they are ${show(options)}.`);
  }
  refuseUnknown(options, Object.keys(checks));
  for (const [name, value] of Object.entries(options)) if (value !== undefined) checks[name]?.(value, name);
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
