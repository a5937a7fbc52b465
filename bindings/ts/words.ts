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

export const missings = ['error', 'mask'] as const;
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

/** Rules of the engine. Callers say `labels` for the last two. */
export const ruleKinds = [
  'quantile',
  'fixed',
  'conformal',
  'contamination',
  'mad',
  'tail',
  'falsePositiveRate',
  'bestF1',
] as const;
export type RuleKind = (typeof ruleKinds)[number];

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
