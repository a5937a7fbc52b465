// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { ErrorCode } from './error.ts';
import type { Activation, Scaler, ThresholdRule } from './types.ts';

/** Most hidden layers that fit on the wire (bindings/wire.hpp: kMaxHidden). */
export const maxHidden = 16;

const hiddenFields = Array.from({ length: maxHidden }, (_, index) => `hidden${index}`);

/** The structs of bindings/wire.hpp: the same fields in the same order. Every field is a double. */
export const structs = {
  model: ['hiddenCount', ...hiddenFields, 'latent', 'activation', 'scaler', 'seed', 'compatibility'],
  train: ['epochs', 'batchSize', 'learningRate', 'weightDecay', 'thresholdKind', 'thresholdValue'],
  article: ['seed', 'rows', 'normals', 'anomalies', 'kinds', 'strength'],
  progress: ['epoch', 'epochs', 'step', 'loss', 'elapsedMs', 'etaMs', 'done'],
  report: ['epochs', 'threshold', 'rowsPerSecond'],
  status: ['fitted', 'threshold', 'columns', 'latent'],
} as const;

/** Doubles in `Failure` before its texts, the texts' rooms in bytes, and the integers of a layer. */
export const failureLayout = { doubles: 4, optionBytes: 48, messageBytes: 976 } as const;
export const layerIntegers = 5;

/** What `contract()` must count, in its order. */
export const fieldCounts: readonly number[] = [
  ...(['model', 'train', 'article', 'progress', 'report', 'status'] as const).map((name) => structs[name].length),
  failureLayout.doubles + (failureLayout.optionBytes + failureLayout.messageBytes) / 8,
  layerIntegers,
];

/** The numbers behind the names, as C++ knows them. */
export const activations: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, tanh: 2, sigmoid: 3 };
export const scalers: Readonly<Record<Scaler, number>> = { standard: 0 };
export const compatibilities: Readonly<Record<'pytorch', number>> = { pytorch: 1 };
export const thresholds: Readonly<Record<ThresholdRule['rule'], number>> = { quantile: 0, fixed: 1 };
export const budgets = { ms: 0, steps: 1, epochs: 2 } as const;

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
