// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { ErrorCode } from './error.ts';
import type {
  Activation,
  Corruption,
  ModelOptions,
  Scaler,
  Schedule,
  Sparsity,
  ThresholdRule,
  TrainOptions,
  TrainReport,
} from './types.ts';

/** Most layers and kinds of corruption that fit on the wire (bindings/wire.hpp: kMaxHidden, kMaxCorruption). */
export const maxHidden = 16;
export const maxCorruption = 8;

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`);
const ruleFields = ['kind', 'value', 'heldOut', 'labels', 'labelCount'] as const;

/** The structs of bindings/wire.hpp: the same fields in the same order. Every field is a double. */
export const structs = {
  model: [
    'hiddenCount',
    ...numbered('hidden', maxHidden),
    'decoderCount',
    ...numbered('decoder', maxHidden),
    'latent',
    'activation',
    'latentActivation',
    'scaler',
    'missing',
    'members',
    'seed',
    'compatibility',
  ],
  rule: ruleFields,
  train: [
    'epochs',
    'batchSize',
    'optimizer',
    'learningRate',
    'momentum',
    'scheduleKind',
    'scheduleWarmup',
    'scheduleEvery',
    'schedulePatience',
    'scheduleFactor',
    'loss',
    'weightDecay',
    'l1',
    'dropout',
    'clipNorm',
    'corruptionCount',
    ...numbered('corruptionKind', maxCorruption),
    ...numbered('corruptionAmount', maxCorruption),
    'sparsityKind',
    'sparsityWeight',
    'sparsityTarget',
    'sparsityK',
    'clean',
    'trim',
    'validationSplit',
    'patience',
    'resume',
    ...ruleFields,
  ],
  synthetic: ['seed', 'rows', 'normals', 'anomalies', 'kinds', 'strength', 'noise', 'distance'],
  progress: ['epoch', 'epochs', 'step', 'loss', 'validationLoss', 'elapsedMs', 'etaMs', 'done'],
  report: ['epochs', 'threshold', 'rule', 'calibrationRows', 'stopped', 'rowsPerSecond'],
  status: ['fitted', 'threshold', 'columns', 'latent', 'members', 'parameters'],
  saved: ['topK', 'threshold', 'heldOut', 'residualCenter', 'residualSpread', 'rarityCenter', 'raritySpread'],
  repair: ['group', 'column', 'from', 'to', 'score'],
  confusion: ['truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives'],
} as const satisfies Record<string, readonly string[]>;

/** The lists of a saved model, in the order of bindings/saved.hpp, and what they hold. */
export const savedLists = {
  center: 'double',
  scale: 'double',
  constant: 'byte',
  low: 'float',
  high: 'float',
  calibration: 'float',
  parameters: 'float',
  ordinary: 'double',
  binsLow: 'double',
  binsHigh: 'double',
  rarity: 'double',
} as const;

/** Doubles in `Failure` before its texts, the texts' rooms in bytes, and the integers of a layer. */
export const failureLayout = { doubles: 4, optionBytes: 48, messageBytes: 976 } as const;
export const layerIntegers = 5;

/** What `contract()` must count, in its order. */
export const fieldCounts: readonly number[] = [
  ...Object.values(structs).map((names) => names.length),
  failureLayout.doubles + (failureLayout.optionBytes + failureLayout.messageBytes) / 8,
  layerIntegers,
];

type Numbered<Name extends string> = Readonly<Record<Name, number>>;

/** The numbers behind the names, as C++ knows them. */
export const activations: Numbered<Activation> = {
  linear: 0,
  relu: 1,
  tanh: 2,
  sigmoid: 3,
  leakyRelu: 4,
  elu: 5,
  gelu: 6,
  softplus: 7,
};
export const scalers: Numbered<Scaler> = { standard: 0, robust: 1, minmax: 2, none: 3 };
export const missings: Numbered<NonNullable<ModelOptions['missing']>> = { error: 0, mask: 1 };
export const compatibilities: Numbered<'pytorch'> = { pytorch: 1 };
export const optimizers: Numbered<NonNullable<TrainOptions['optimizer']>> = { adam: 0, adamw: 1, sgd: 2, rmsprop: 3 };
export const losses: Numbered<NonNullable<TrainOptions['loss']>> = { mse: 0, mae: 1, huber: 2 };
export const schedules: Numbered<Schedule['kind']> = { constant: 0, cosine: 1, step: 2, plateau: 3 };
export const corruptions: Numbered<Corruption['kind']> = { gaussian: 0, mask: 1, saltPepper: 2, swap: 3, scale: 4 };
export const sparsities: Numbered<Sparsity['kind']> = { l1: 1, kl: 2, topK: 3 };
export const budgets = { ms: 0, steps: 1, epochs: 2 } as const;
export const generators = { article: 0, brokenRelation: 1, wave: 2, patterns: 3 } as const;

/** Rules by the number of their kind; labels have a kind for each goal. */
export const rules: readonly ThresholdRule['rule'][] = [
  'quantile',
  'fixed',
  'conformal',
  'contamination',
  'mad',
  'tail',
  'labels',
  'labels',
];
export const bestF1 = 7;
/** How a training may end, by number. */
export const endings: readonly TrainReport['stopped'][] = ['epochs', 'patience', 'aborted'];

/** The error codes that C++ returns. 99 is a defect of the library and has no name. */
export const errorCodes: Readonly<Record<number, ErrorCode>> = {
  1: 'SHAPE',
  2: 'NON_FINITE',
  3: 'BAD_OPTION',
  4: 'NOT_FITTED',
  5: 'DISPOSED',
  6: 'OUT_OF_MEMORY',
  7: 'BAD_FILE',
  8: 'DIVERGED',
};

/** The name that belongs to a number of one of the tables above. */
export function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name {
  for (const name in table) if (table[name] === number) return name;
  throw new Error(`Anomalens: no name for ${number}`);
}
