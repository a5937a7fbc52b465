// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, show } from './error.ts';
import type { ModelOptions, ThresholdRule, TrainOptions } from './types.ts';
import { activations, budgets, compatibilities, maxHidden, scalers, thresholds } from './wire.ts';

/** Looks at the value of an option and throws `BAD_OPTION` unless it is of the right kind. Ranges are checked in C++. */
type Check = (value: unknown, option: string) => void;

const bad = (option: string, message: string) => new AnomalensError('BAD_OPTION', message, { option });
const most = 2 ** 31 - 1; // what a C++ int holds

const number: Check = (value, option) => {
  if (typeof value !== 'number') throw bad(option, `${option} must be a number, but it is ${show(value)}.`);
  if (!Number.isFinite(value)) throw bad(option, `${option} must be a finite number, but it is ${value}.`);
};

const whole =
  (low: number, high = most): Check =>
  (value, option) => {
    number(value, option);
    if (!Number.isInteger(value)) throw bad(option, `${option} must be a whole number, but it is ${value}.`);
    if ((value as number) < low || (value as number) > high) {
      const range = high === most ? `${low} or more` : `from ${low} to ${high}`;
      throw bad(option, `${option} must be ${range}, but it is ${value}.`);
    }
  };

const between =
  (low: number, high: number): Check =>
  (value, option) => {
    number(value, option);
    if ((value as number) < low || (value as number) > high)
      throw bad(option, `${option} must be from ${low} to ${high}, but it is ${value}.`);
  };

const oneOf =
  (names: Readonly<Record<string, unknown>>): Check =>
  (value, option) => {
    if (typeof value === 'string' && Object.hasOwn(names, value)) return;
    const list = Object.keys(names).map((name) => `'${name}'`);
    throw bad(
      option,
      `${option} must be ${list.length > 1 ? `one of ${list.join(', ')}` : list[0]}, but it is ${show(value)}.`,
    );
  };

const widths: Check = (value, option) => {
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

const names: Check = (value, option) => {
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

const callback: Check = (value, option) => {
  if (typeof value !== 'function') throw bad(option, `${option} must be a function, but it is ${show(value)}.`);
};

const abortSignal: Check = (value, option) => {
  if (typeof value === 'object' && value !== null && 'aborted' in value) return;
  throw bad(option, `${option} must be an AbortSignal, but it is ${show(value)}.`);
};

/** The fields that belong to each rule. */
const ruleFields: Readonly<Record<ThresholdRule['rule'], string>> = { quantile: 'q', fixed: 'value' };

const thresholdRule: Check = (value, option) => {
  if (typeof value !== 'object' || value === null) {
    throw bad(
      option,
      `${option} must be { rule: 'quantile', q } or { rule: 'fixed', value }, but it is ${show(value)}.`,
    );
  }
  const rule: unknown = Reflect.get(value, 'rule');
  oneOf(thresholds)(rule, `${option}.rule`);
  const field = ruleFields[rule as ThresholdRule['rule']];
  refuseUnknown(value, ['rule', field], option);
  number(Reflect.get(value, field), `${option}.${field}`);
};

/** The options of a model. */
export const modelChecks: Readonly<Record<keyof ModelOptions, Check>> = {
  hidden: widths,
  latent: whole(1),
  activation: oneOf(activations),
  scaler: oneOf(scalers),
  features: names,
  seed: whole(0, 2 ** 32 - 1),
  compatibility: oneOf(compatibilities),
};

/** The options of a training. */
export const trainChecks: Readonly<Record<keyof TrainOptions, Check>> = {
  epochs: whole(1),
  batchSize: whole(1),
  learningRate: number,
  weightDecay: number,
  threshold: thresholdRule,
  signal: abortSignal,
  onProgress: callback,
  sliceMs: between(1, 1000),
};

/** Options of a trainer that may change while it runs. */
export const settableChecks = { learningRate: number, weightDecay: number } as const;

/** Options of the article's data. */
export const articleChecks: Readonly<Record<string, Check>> = {
  seed: whole(0, 2 ** 32 - 1),
  rows: whole(0),
  normals: whole(0),
  anomalies: whole(0),
  strength: number,
  kinds: (value, option) => {
    if (!Array.isArray(value) || value.length === 0)
      throw bad(option, `${option} must be an array of kinds of anomalies, but it is ${show(value)}.`);
    for (const kind of value) oneOf({ shift: 1, scale: 2, extreme: 4 })(kind, option);
  },
};

/** Throws `BAD_OPTION` unless `options` is an object, has no other keys than those of `checks`, and each has a good value. */
export function checkOptions(options: unknown, checks: Readonly<Record<string, Check>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new AnomalensError('BAD_OPTION', `Options must be an object, but they are ${show(options)}.`);
  }
  refuseUnknown(options, Object.keys(checks));
  for (const [name, value] of Object.entries(options)) if (value !== undefined) checks[name]?.(value, name);
}

/** Throws `BAD_OPTION` unless `rule` is a threshold rule. */
export function checkThreshold(rule: unknown): void {
  thresholdRule(rule, 'threshold');
}

/** Throws `BAD_OPTION` unless `budget` is one of its three forms. */
export function checkBudget(budget: unknown): readonly [kind: keyof typeof budgets, amount: number] {
  const forms = '{ ms }, { steps } or { epochs }';
  if (typeof budget !== 'object' || budget === null)
    throw bad('budget', `A budget must be ${forms}, but it is ${show(budget)}.`);
  refuseUnknown(budget, Object.keys(budgets), 'budget');
  const given = (Object.keys(budgets) as (keyof typeof budgets)[]).filter(
    (kind) => Reflect.get(budget, kind) !== undefined,
  );
  const [kind] = given;
  if (kind === undefined || given.length > 1) throw bad('budget', `A budget must be exactly one of ${forms}.`);
  const amount = (budget as Record<keyof typeof budgets, number>)[kind];
  if (typeof amount !== 'number' || !(amount > 0))
    throw bad('budget', `budget.${kind} must be a number above 0, but it is ${show(amount)}.`);
  return [kind, amount];
}

/** Only the options that belong to `checks`. */
export function pick<Options extends object>(options: object, checks: Readonly<Record<keyof Options, Check>>): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(checks, name))) as Options;
}

function refuseUnknown(options: object, known: readonly string[], parent?: string): void {
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

/** Fields of a `Model` struct. */
export function modelFields(options: ModelOptions): Record<string, number | undefined> {
  const hidden = Object.fromEntries((options.hidden ?? []).map((width, index) => [`hidden${index}`, width]));
  return {
    hiddenCount: options.hidden?.length,
    ...hidden,
    latent: options.latent,
    activation: options.activation && activations[options.activation],
    scaler: options.scaler && scalers[options.scaler],
    seed: options.seed,
    compatibility: options.compatibility && compatibilities[options.compatibility],
  };
}

/** Fields of a `Train` struct. */
export function trainFields(options: TrainOptions): Record<string, number | undefined> {
  const { epochs, batchSize, learningRate, weightDecay, threshold } = options;
  return {
    epochs,
    batchSize,
    learningRate,
    weightDecay,
    thresholdKind: threshold && thresholds[threshold.rule],
    thresholdValue: threshold && thresholdValue(threshold),
  };
}

/** The number that goes with a rule. */
export const thresholdValue = (rule: ThresholdRule): number => (rule.rule === 'quantile' ? rule.q : rule.value);
