// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// The words of each enumeration of the engine, as bindings/words.cpp registers them; agreement.ts proves the two equal.

export const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'softplus'] as const;
/**
 * What a layer does with its weighted sums: `relu` max(x, 0); `leakyRelu` x or 0.01 x; `elu` x or eˣ - 1; `gelu` x Φ(x);
 * `tanh`; `sigmoid` 1 / (1 + e⁻ˣ); `softplus` ln(1 + eˣ); `linear` x.
 */
export type Activation = (typeof activations)[number];

export const scalers = ['standard', 'robust', 'minmax', 'none'] as const;
/**
 * How columns are brought to a common scale. `standard`: (x - mean) / standard deviation, with n in the denominator;
 * `robust`: (x - median) / distance of the quartiles; `minmax`: (x - least) / range; `none`: as they are.
 */
export type Scaler = (typeof scalers)[number];

export const missings = ['learn', 'mask', 'error'] as const;
export type Missing = (typeof missings)[number];

/** The engine knows `none` besides; callers leave the option out. */
export const compatibilities = ['pytorch'] as const;
export type Compatibility = (typeof compatibilities)[number];

export const optimizers = ['adam', 'adamw', 'sgd', 'rmsprop'] as const;
export type Optimizer = (typeof optimizers)[number];

export const losses = ['mse', 'mae', 'huber'] as const;
export type Loss = (typeof losses)[number];

export const scheduleKinds = ['constant', 'cosine', 'step', 'plateau'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

export const corruptionKinds = ['gaussian', 'mask', 'saltPepper', 'swap', 'scale'] as const;
export type CorruptionKind = (typeof corruptionKinds)[number];

/** The engine knows `none` besides; callers leave the option out. */
export const sparsityKinds = ['l1', 'kl', 'topK'] as const;
export type SparsityKind = (typeof sparsityKinds)[number];

/** Rules that only the default detector applies, by itself. */
export const ownRules = ['outOfBag', 'exponential', 'none'] as const;
/**
 * How the default detector takes its threshold. `outOfBag`: the 95 % quantile of scores that nets gave to training rows
 * which they had not seen; `exponential`: of such scores an exponential tail through the median and the 80 % quantile,
 * continued to 4 %; `none`: infinite, for fewer than nine rows promise nothing.
 */
export type OwnRule = (typeof ownRules)[number];

/** Rules of the engine. Callers say `labels` for `falsePositiveRate` and `bestF1`. */
export const ruleKinds = [
  'quantile',
  'fixed',
  'conformal',
  'contamination',
  'mad',
  'tail',
  'falsePositiveRate',
  'bestF1',
  ...ownRules,
] as const;
export type RuleKind = (typeof ruleKinds)[number];

export const reasonKinds = ['relation', 'rare', 'unseen', 'missing', 'constant'] as const;
/**
 * Why a value is strange. `relation`: common by itself, it does not fit the others; `rare`: at most 5 % of the training
 * cells are as rare (a single net: it lies outside their range); `unseen`: a text or a yes or no that was not among them;
 * `missing`: there is none; `constant`: the feature was the same in all training rows and differs now.
 */
export type ReasonKind = (typeof reasonKinds)[number];

/** What a report calls the rule that was applied. */
export type AppliedRule = Exclude<RuleKind, 'falsePositiveRate' | 'bestF1'> | 'labels';

/** Which rows a quantile is taken of. */
export const quantileRows = ['training', 'holdout'] as const;
export type QuantileRows = (typeof quantileRows)[number];

export const budgetKinds = ['ms', 'steps', 'epochs'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

/** How a training may end. */
export const endings = ['epochs', 'patience', 'aborted'] as const;
export type Ending = (typeof endings)[number];

export const articleKinds = ['shift', 'scale', 'extreme'] as const;
/** What is done to an ordinary row to make it strange: move f1, stretch f3, or put f2 far out. */
export type ArticleKind = (typeof articleKinds)[number];

export const patternKinds = ['wiring', 'everything'] as const;
export type PatternKind = (typeof patternKinds)[number];

/** What a column can be said to be. `time` is a date taken as the time that runs on; `ignore` leaves the column out. */
export const askedKinds = ['number', 'category', 'date', 'time', 'ignore'] as const;
export type AskedKind = (typeof askedKinds)[number];
