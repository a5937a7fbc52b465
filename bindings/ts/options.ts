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
  count,
  type Form,
  labels,
  listOf,
  names,
  number,
  oneOf,
  optional,
  optionRead,
  ranged,
  refuseUnknown,
  tagged,
  whole,
  widthOfLayer,
  widths,
  yesOrNo,
} from './checks.ts';
import { mustBe } from './error.ts';
import { isArray, isObject, isRecord } from './guards.ts';
import type { ModelOptions, ThresholdRule, TrainOptions } from './types.ts';
import {
  activations,
  articleKinds,
  askedKinds,
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

/** An object that says of names what the columns are. */
const kindsOfColumns: Check = (value, option) => {
  if (!isRecord(value)) throw bad(option, mustBe(option, "an object of kinds by name: { zip: 'category' }", value));
  const kind = oneOf(askedKinds);
  return Object.fromEntries(Object.entries(value).map(([name, said]) => [name, kind(said, `${option}.${name}`)]));
};

/** The options of a model. */
export const modelChecks: Readonly<Record<keyof ModelOptions, Check>> = {
  hidden: widths,
  decoder: widths,
  latent: widthOfLayer,
  activation: oneOf(activations),
  latentActivation: oneOf(activations),
  scaler: oneOf(scalers),
  missing: oneOf(missings),
  features: names,
  columns: kindsOfColumns,
  members: count(1, 'from 1 to 64'),
  seed,
  compatibility: oneOf(compatibilities),
};

const factor = ranged('above 0 and below 1');
const schedule = tagged('kind', {
  constant: {},
  cosine: { warmup: optional(count(0)) },
  step: { every: count(1), factor },
  plateau: { patience: count(0), factor },
});

const sigma = ranged('from 0 to 100');
const rate = ranged('from 0 to 1');
const oneCorruption = tagged('kind', {
  gaussian: { sigma },
  mask: { rate },
  saltPepper: { rate },
  swap: { rate },
  scale: { sigma },
});

/** The engine says how many there may be. */
const manyCorruptions = 1000;
const corruptions = listOf(
  (one, list, index) => oneCorruption(one, `${list}[${index}]`),
  'a list of corruptions',
  manyCorruptions,
);

const corruption: Check = (value, option) => (isArray(value) ? corruptions : oneCorruption)(value, option);

const weight = ranged('from 0 to 1000000');
const sparsity = tagged('kind', {
  l1: { weight },
  kl: { weight, target: ranged('above 0 and below 1') },
  topK: { k: count(1) },
});

const goal: Check = (value, option) => {
  if (value === 'bestF1') return value;
  if (!isObject(value)) throw bad(option, mustBe(option, "{ falsePositiveRate } or 'bestF1'", value));
  refuseUnknown(value, ['falsePositiveRate'], option);
  return { falsePositiveRate: ranged('from 0 to below 1')(value.falsePositiveRate, `${option}.falsePositiveRate`) };
};

const share = ranged('above 0 and at most 0.5');
const threshold = tagged('rule', {
  conformal: { alpha: share },
  quantile: { q: ranged('above 0 and below 1'), of: optional(oneOf(quantileRows)) },
  contamination: { share },
  mad: { k: optional(ranged('above 0 and at most 100')) },
  tail: { risk: ranged('above 0 and at most 0.02') },
  fixed: { value: number },
  labels: { labels, goal },
});

const learningRate = ranged('above 0 and at most 10');
const pull = ranged('from 0 to 10');

/** The options of a training. */
export const trainChecks: Readonly<Record<keyof TrainOptions, Check>> = {
  epochs: count(1, 'from 1 to 1000000'),
  batchSize: count(1, 'from 1 to 65536'),
  optimizer: oneOf(optimizers),
  learningRate,
  momentum: ranged('from 0 to below 1'),
  schedule,
  loss: oneOf(losses),
  weightDecay: pull,
  l1: pull,
  dropout: ranged('from 0 to below 1'),
  clipNorm: ranged('from 0 to 1000000'),
  corruption,
  sparsity,
  clean: yesOrNo,
  trim: ranged('from 0 to 0.9'),
  validationSplit: ranged('from 0 to 0.5'),
  patience: count(0),
  threshold,
  neighbours: count(0, 'from 0 to 4096'),
  signal: abortSignal,
  onProgress: callback,
  sliceMs: between(1, 1000),
};

/** Options of a trainer that may change while it runs. */
export const settableChecks = { learningRate, weightDecay: pull, l1: pull } as const;

/** The options that the engine knows, too; the others are JavaScript's own. */
export const modelNames = namesBut(modelChecks, 'features', 'columns');
export const trainNames = namesBut(trainChecks, 'signal', 'onProgress', 'sliceMs');

function namesBut<Name extends string, Own extends Name>(
  checks: Readonly<Record<Name, Check>>,
  ...own: readonly Own[]
) {
  const names = Object.keys(checks) as Name[];
  return names.filter((name): name is Exclude<Name, Own> => !(own as readonly Name[]).includes(name));
}

/** How many findings are wanted. */
const findingsCount: Check = (value, option) => (value === Infinity ? value : count(1)(value, option));

/** What `detect` takes besides the options of a model and a training. */
export const detectChecks: Form = { top: findingsCount, group: yesOrNo, contamination: aboveZero(0.5) };

/** Options of `repair`. */
export const repairChecks: Form = { most: findingsCount };

/** Options of `findings`. */
export const findingsChecks: Form = {
  top: findingsCount,
  reasons: count(0),
  falseDiscoveryRate: aboveZero(1),
  group: yesOrNo,
};

/** How work is cut into slices. */
export const sliceChecks: Form = { sliceMs: between(1, 1000), signal: abortSignal };

/** Options of `stream`. */
export const streamChecks: Form = { top: findingsCount, reasons: count(0), batch: count(1), sliceMs: between(1, 1000) };

const rowsUpTo = (low: number) => count(0, `from ${low} to 1000000`);
const sizes = { seed, rows: rowsUpTo(2), normals: rowsUpTo(0), anomalies: rowsUpTo(0) };
const fraction = ranged('from 0 to 1');

const manyKinds = 1000;
const kinds = listOf((value) => value, 'an array of kinds of anomalies', manyKinds);

const listOfKinds: Check = (value, option) => {
  const list = kinds(value, option) as readonly unknown[];
  if (list.length === 0) throw bad(option, mustBe(option, 'an array of kinds of anomalies', value));
  for (const kind of list) oneOf(articleKinds)(kind, option);
  return list;
};

/** Options of the generators of data. */
export const syntheticChecks = {
  article: { ...sizes, strength: ranged('from 0 to 10'), kinds: listOfKinds },
  brokenRelation: sizes,
  wave: { ...sizes, noise: fraction, distance: fraction },
  patterns: { ...sizes, kind: oneOf(patternKinds), noise: fraction },
} satisfies Readonly<Record<string, Form>>;

/** A copy of a threshold rule. Throws `BAD_OPTION` unless it is one. */
export const checkThreshold = (rule: unknown) =>
  optionRead('threshold', () => threshold(rule, 'threshold')) as ThresholdRule;

/** The kind and the amount of a budget. Throws `BAD_OPTION` unless it is one of its three forms. */
export const checkBudget = (budget: unknown) => optionRead('budget', () => budgetOf(budget)) as Spending;

type Spending = readonly [kind: BudgetKind, amount: number];

function budgetOf(budget: unknown): Spending {
  const forms = '{ ms }, { steps } or { epochs }';
  if (!isObject(budget)) throw bad('budget', mustBe('A budget', forms, budget));
  refuseUnknown(budget, budgetKinds, 'budget');
  const given = budgetKinds.map((name) => [name, budget[name]] as const).filter(([, amount]) => amount !== undefined);
  const [first, another] = given;
  if (first === undefined || another) throw bad('budget', `A budget must be exactly one of ${forms}.`);
  const [kind, amount] = first;
  if (typeof amount !== 'number' || !(amount > 0))
    throw bad('budget', mustBe(`budget.${kind}`, 'a number above 0', amount));
  return [kind, amount];
}

/** Throws `BAD_OPTION` unless `member` may be the number of a member. */
export const checkMember: (member: unknown) => void = (member) => count(0)(member, 'member');

/** Only the options that belong to `checks`. */
export function pick<Options extends object>(options: object, checks: Readonly<Record<keyof Options, Check>>): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(checks, name))) as Options;
}

export { checkOptions };
