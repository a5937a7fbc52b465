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

type Split<Text extends string> = Text extends `${infer First} ${infer Rest}` ? [First, ...Split<Rest>] : [Text];

/** The words of a text, each with its own type: half as long as a list of texts. */
export const words = <Text extends string>(text: Text) => text.split(' ') as Split<Text>;

/** `hidden0`, `hidden1`, ... */
const numbered = <Name extends string>(name: Name, count: number) =>
  Array.from({ length: count }, (_, index): `${Name}${number}` => `${name}${index}`);

const ruleFields = words('kind value heldOut labels labelCount');

/** The structs of bindings/wire.hpp: the same fields in the same order. Every field is a double. */
export const structs = {
  model: [
    'hiddenCount',
    ...numbered('hidden', maxHidden),
    'decoderCount',
    ...numbered('decoder', maxHidden),
    ...words('latent activation latentActivation scaler missing members seed compatibility'),
  ],
  rule: ruleFields,
  train: [
    ...words('epochs batchSize optimizer learningRate momentum'),
    ...words('scheduleKind scheduleWarmup scheduleEvery schedulePatience scheduleFactor'),
    ...words('loss weightDecay l1 dropout clipNorm corruptionCount'),
    ...numbered('corruptionKind', maxCorruption),
    ...numbered('corruptionAmount', maxCorruption),
    ...words('sparsityKind sparsityWeight sparsityTarget sparsityK'),
    ...words('clean trim validationSplit patience resume'),
    ...ruleFields,
  ],
  synthetic: words('seed rows normals anomalies kinds strength noise distance'),
  progress: words('epoch epochs step loss validationLoss elapsedMs etaMs done'),
  report: words('epochs threshold rule calibrationRows stopped rowsPerSecond'),
  status: words('fitted threshold columns latent members parameters'),
  saved: words('topK threshold heldOut residualCenter residualSpread rarityCenter raritySpread'),
  repair: words('group column from to score'),
  confusion: words('truePositives falsePositives trueNegatives falseNegatives'),
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

/** The numbers behind the names, as C++ knows them, counted from `first`. */
const counted = <Name extends string>(names: readonly Name[], first = 0) =>
  Object.fromEntries(names.map((name, index) => [name, index + first])) as Numbered<Name>;

export const activations: Numbered<Activation> = counted(words('linear relu tanh sigmoid leakyRelu elu gelu softplus'));
export const scalers: Numbered<Scaler> = counted(words('standard robust minmax none'));
export const missings: Numbered<NonNullable<ModelOptions['missing']>> = counted(words('error mask'));
export const compatibilities: Numbered<'pytorch'> = { pytorch: 1 };
export const optimizers: Numbered<NonNullable<TrainOptions['optimizer']>> = counted(words('adam adamw sgd rmsprop'));
export const losses: Numbered<NonNullable<TrainOptions['loss']>> = counted(words('mse mae huber'));
export const schedules: Numbered<Schedule['kind']> = counted(words('constant cosine step plateau'));
export const corruptions: Numbered<Corruption['kind']> = counted(words('gaussian mask saltPepper swap scale'));
export const sparsities: Numbered<Sparsity['kind']> = counted(words('l1 kl topK'), 1);
export const budgets = counted(words('ms steps epochs'));
export const articleKinds = { shift: 1, scale: 2, extreme: 4 } as const;
export const patternKinds = counted(words('wiring everything'));
export const generators = counted(words('article brokenRelation wave patterns'));

/** Rules by the number of their kind; labels have a kind for each goal. */
export const rules: readonly ThresholdRule['rule'][] = words(
  'quantile fixed conformal contamination mad tail labels labels',
);
export const bestF1 = 7;
/** The rows a quantile may be taken of. */
export const quantileRows = counted(words('training holdout'));
/** How a training may end, by number. */
export const endings: readonly TrainReport['stopped'][] = words('epochs patience aborted');

/** The error codes that C++ returns. 99 is a defect of the library and has no name. */
export const errorCodes: readonly (ErrorCode | undefined)[] = [
  undefined,
  ...words('SHAPE NON_FINITE BAD_OPTION NOT_FITTED DISPOSED OUT_OF_MEMORY BAD_FILE DIVERGED'),
];

/** The name that belongs to a number of one of the tables above. */
export function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name {
  for (const name in table) if (table[name] === number) return name;
  throw new Error(`Anomalens: no name for ${number}`);
}
