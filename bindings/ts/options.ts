// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import {
  abortSignal,
  aboveZero,
  bad,
  between,
  type Check,
  callback,
  checkOptions,
  type Form,
  labels,
  names,
  number,
  oneOf,
  optional,
  refuseUnknown,
  tagged,
  whole,
  widths,
  yesOrNo,
} from './checks.ts';
import { mustBe } from './error.ts';
import { isObject } from './guards.ts';
import type { ModelOptions, TrainOptions } from './types.ts';
import {
  activations,
  articleKinds,
  type BudgetKind,
  budgetKinds,
  compatibilities,
  losses,
  missings,
  optimizers,
  patternKinds,
  quantileRows,
  scalers,
} from './words.ts';

const seed = whole(0, 2 ** 32 - 1);

/** The options of a model. */
export const modelChecks: Readonly<Record<keyof ModelOptions, Check>> = {
  hidden: widths,
  decoder: widths,
  latent: whole(1),
  activation: oneOf(activations),
  latentActivation: oneOf(activations),
  scaler: oneOf(scalers),
  missing: oneOf(missings),
  features: names,
  members: whole(1),
  seed,
  compatibility: oneOf(compatibilities),
};

const schedule = tagged('kind', {
  constant: {},
  cosine: { warmup: optional(whole(0)) },
  step: { every: whole(1), factor: number },
  plateau: { patience: whole(0), factor: number },
});

const oneCorruption = tagged('kind', {
  gaussian: { sigma: number },
  mask: { rate: number },
  saltPepper: { rate: number },
  swap: { rate: number },
  scale: { sigma: number },
});

const corruption: Check = (value, option) => {
  if (!Array.isArray(value)) {
    oneCorruption(value, option);
    return;
  }
  for (let index = 0; index < value.length; index++) oneCorruption(value[index], `${option}[${index}]`);
};

const sparsity = tagged('kind', {
  l1: { weight: number },
  kl: { weight: number, target: number },
  topK: { k: whole(1) },
});

const goal: Check = (value, option) => {
  if (value === 'bestF1') return;
  if (!isObject(value)) throw bad(option, mustBe(option, "{ falsePositiveRate } or 'bestF1'", value));
  refuseUnknown(value, ['falsePositiveRate'], option);
  number(value.falsePositiveRate, `${option}.falsePositiveRate`);
};

const threshold = tagged('rule', {
  conformal: { alpha: number },
  quantile: { q: number, of: optional(oneOf(quantileRows)) },
  contamination: { share: number },
  mad: { k: optional(number) },
  tail: { risk: number },
  fixed: { value: number },
  labels: { labels, goal },
});

/** The options of a training. */
export const trainChecks: Readonly<Record<keyof TrainOptions, Check>> = {
  epochs: whole(1),
  batchSize: whole(1),
  optimizer: oneOf(optimizers),
  learningRate: number,
  momentum: number,
  schedule,
  loss: oneOf(losses),
  weightDecay: number,
  l1: number,
  dropout: number,
  clipNorm: number,
  corruption,
  sparsity,
  clean: yesOrNo,
  trim: number,
  validationSplit: number,
  patience: whole(0),
  threshold,
  neighbours: whole(0),
  signal: abortSignal,
  onProgress: callback,
  sliceMs: between(1, 1000),
};

/** Options of a trainer that may change while it runs. */
export const settableChecks = { learningRate: number, weightDecay: number, l1: number } as const;

/** The options that the engine knows, too; the others are JavaScript's own. */
export const modelNames = namesBut(modelChecks, 'features');
export const trainNames = namesBut(trainChecks, 'signal', 'onProgress', 'sliceMs');

function namesBut<Name extends string, Own extends Name>(
  checks: Readonly<Record<Name, Check>>,
  ...own: readonly Own[]
) {
  const names = Object.keys(checks) as Name[];
  return names.filter((name): name is Exclude<Name, Own> => !(own as readonly Name[]).includes(name));
}

/** How many findings are wanted. */
const count: Check = (value, option) => {
  if (value !== Infinity) whole(1)(value, option);
};

/** What `detect` takes besides the options of a model and a training. */
export const detectChecks: Form = { top: count, group: yesOrNo, contamination: aboveZero(0.5) };

/** Options of `repair`. */
export const repairChecks: Form = { most: count };

/** Options of `findings`. */
export const findingsChecks: Form = { top: count, reasons: whole(0), falseDiscoveryRate: aboveZero(1), group: yesOrNo };

/** How work is cut into slices. */
export const sliceChecks: Form = { sliceMs: between(1, 1000), signal: abortSignal };

/** Options of `stream`. */
export const streamChecks: Form = { top: count, reasons: whole(0), batch: whole(1), sliceMs: between(1, 1000) };

const sizes = { seed, rows: whole(0), normals: whole(0), anomalies: whole(0) };

const listOfKinds: Check = (value, option) => {
  if (!Array.isArray(value) || value.length === 0)
    throw bad(option, mustBe(option, 'an array of kinds of anomalies', value));
  for (const kind of value) oneOf(articleKinds)(kind, option);
};

/** Options of the generators of data. */
export const syntheticChecks = {
  article: { ...sizes, strength: number, kinds: listOfKinds },
  brokenRelation: sizes,
  wave: { ...sizes, noise: number, distance: number },
  patterns: { ...sizes, kind: oneOf(patternKinds), noise: number },
} satisfies Readonly<Record<string, Form>>;

/** Throws `BAD_OPTION` unless `rule` is a threshold rule. */
export function checkThreshold(rule: unknown): void {
  threshold(rule, 'threshold');
}

/** Throws `BAD_OPTION` unless `budget` is one of its three forms. */
export function checkBudget(budget: unknown): readonly [kind: BudgetKind, amount: number] {
  const forms = '{ ms }, { steps } or { epochs }';
  if (!isObject(budget)) throw bad('budget', mustBe('A budget', forms, budget));
  refuseUnknown(budget, budgetKinds, 'budget');
  const [kind, another] = budgetKinds.filter((name) => budget[name] !== undefined);
  if (kind === undefined || another) throw bad('budget', `A budget must be exactly one of ${forms}.`);
  const amount = budget[kind];
  if (typeof amount !== 'number' || !(amount > 0))
    throw bad('budget', mustBe(`budget.${kind}`, 'a number above 0', amount));
  return [kind, amount];
}

/** Throws `BAD_OPTION` unless `member` may be the number of a member. */
export const checkMember: (member: unknown) => void = (member) => whole(0)(member, 'member');

/** Only the options that belong to `checks`. */
export function pick<Options extends object>(options: object, checks: Readonly<Record<keyof Options, Check>>): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(checks, name))) as Options;
}

export { checkOptions };
