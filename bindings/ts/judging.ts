// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { reading } from './cells.ts';
import { AnomalensError } from './error.ts';
import { findings, pValues, scoresInTraining } from './findings.ts';
import { isArray } from './guards.ts';
import type { Model } from './model.ts';
import type { Rows } from './rows.ts';
import { Slices, type Steps } from './slices.ts';
import { floats, type Reading } from './transfer.ts';
import type { Finding, FindingsOptions, SliceOptions, Table, TrainReport } from './types.ts';

/** Scores that one step looks at. */
const scoresAtOnce = 16_384;

/** Whether a table is a list without rows: in the other forms that is more likely a mistake. */
export const isEmpty = (table: Table): boolean => reading(() => isArray(table) && table.length === 0);

/** In steps, what the model says about rows: `perRow` numbers each, or one for each column. Of no rows nothing. */
export function* told(model: Model, what: Reading, rows: Table, perRow?: number): Steps<Float32Array<ArrayBuffer>> {
  model.requireTrained();
  if (isEmpty(rows)) return floats(0);
  const source = model.source(rows);
  return yield* model.core.transfer.reading(model.own, what, source, perRow ?? source.columns);
}

export const scoring = (model: Model, rows: Table): Steps<Float32Array<ArrayBuffer>> => told(model, 'score', rows, 1);

/** In steps, 1 for every score above `threshold`. */
export function* flagging(scores: Float32Array, threshold: number): Steps<Uint8Array<ArrayBuffer>> {
  const flags = new Uint8Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    if ((scores[row] as number) > threshold) flags[row] = 1;
    if (row % scoresAtOnce === 0) yield;
  }
  return flags;
}

export function* predicting(model: Model, rows: Table): Steps<Uint8Array<ArrayBuffer>> {
  const scores = yield* scoring(model, rows);
  return yield* flagging(scores, model.requireThreshold());
}

export function* valuing(model: Model, rows: Table): Steps<Float64Array<ArrayBuffer>> {
  const scores = yield* scoring(model, rows);
  model.requireThreshold();
  const values = new Float64Array(scores.length);
  for (let first = 0; first < scores.length; first += scoresAtOnce) {
    values.set(pValues(model, scores.subarray(first, first + scoresAtOnce)), first);
    yield;
  }
  return values;
}

export function* finding(model: Model, rows: Table, asked: FindingsOptions): Steps<Finding[]> {
  model.requireTrained();
  model.requireThreshold();
  if (isEmpty(rows)) return [];
  const source = model.source(rows);
  const scores = yield* model.core.transfer.reading(model.own, 'score', source, 1);
  return yield* findings(model, source, scores, asked);
}

export function* errorsByFeature(model: Model, rows: Table): Steps<Float32Array<ArrayBuffer>> {
  return model.requireTrained().byFeature(yield* told(model, 'featureErrors', rows));
}

export function* encoding(model: Model, rows: Table): Steps<Float32Array<ArrayBuffer>> {
  model.requireTrained();
  model.requireSingle('encode');
  return yield* told(model, 'encode', rows, model.own.latent);
}

/** What is found among the rows of a training. */
export interface Found {
  readonly findings: Finding[];
  readonly scores: Float32Array;
  readonly flags: Uint8Array;
}

/** In steps, what is found among the rows that the model has just been trained on. */
export function* foundInTraining(
  model: Model,
  source: Rows,
  report: TrainReport,
  asked: FindingsOptions,
): Steps<Found> {
  const scores = yield* scoresInTraining(model, source, report);
  const flags = yield* flagging(scores, model.requireThreshold());
  return { findings: yield* findings(model, source, scores, asked), scores, flags };
}

const meanwhile = (what: string) => new AnomalensError('DISPOSED', `${what}: ask again when it is done.`);

/** The same steps, which end with `DISPOSED` where the model has become another one, or none, between two of them. */
export function* ofOneModel<Result>(model: Model, steps: Steps<Result>, opened = model.opened): Steps<Result> {
  if (model.training) {
    const message =
      'A training of the model is open, and would change it meanwhile: call finish() of its trainer first.';
    throw new AnomalensError('NOT_FITTED', message);
  }
  const { changes } = model;
  for (;;) {
    model.requireOpen();
    if (model.opened !== opened) throw meanwhile('Another training of the model has begun meanwhile');
    if (model.changes !== changes) throw meanwhile('The model was calibrated meanwhile');
    const step = steps.next();
    if (step.done) return step.value;
    yield step.value;
  }
}

/** Does `steps` about the model in slices. Rejects with what they throw, with `DISPOSED`, and with the reason of `signal`. */
export async function inSlices<Result>(
  model: Model,
  steps: Steps<Result>,
  { sliceMs, signal }: SliceOptions,
): Promise<Result> {
  if (signal?.aborted) throw signal.reason;
  const slices = new Slices(sliceMs);
  try {
    return await slices.all(ofOneModel(model, steps), signal);
  } finally {
    slices.close();
  }
}
