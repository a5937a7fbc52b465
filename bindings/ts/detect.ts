// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { Autoencoder } from './autoencoder.ts';
import { AnomalensError, show } from './error.ts';
import { isInstance } from './guards.ts';
import { checkOptions, detectChecks, modelChecks, trainChecks } from './options.ts';
import type { Finding, ModelOptions, Table, TrainOptions } from './types.ts';

/**
 * A model trained on rows that are promised to be normal (`clean: true`). Without an architecture it is a committee.
 * Takes the options of `Autoencoder.create` and of `fit`; rejects as they do. Dispose the model when you are done.
 *
 * @example
 * const model = await train(normalRows, { seed: 1 });
 */
export async function train(rows: Table, options: ModelOptions & TrainOptions = {}): Promise<Autoencoder> {
  return Autoencoder.trained(rows, checkOptions(options, { ...modelChecks, ...trainChecks }));
}

/** How strange each row is, higher is stranger: the same as `model.score(rows)`. */
export function score(model: Autoencoder, rows: Table): Float32Array {
  if (isInstance(model, Autoencoder)) return model.score(rows);
  throw new AnomalensError('BAD_OPTION', `score(model, rows) expects an Autoencoder first, but got ${show(model)}.`, {
    option: 'model',
  });
}

/**
 * Trains on rows of which nobody knows whether they are normal, and ranks those same rows: `clean` is false unless it is
 * said, so that the strangest rows of every step teach nothing. The default detector ranks each row by the score of nets
 * that did not learn from it (`TrainReport.scores`; of more than 20,000 rows these are a sample, and all nets judge the
 * others), which `model.score(rows)` does not give again. `top` (default 10) is that of `findings`. Rejects as `train`.
 * Dispose the model when you are done.
 *
 * @example
 * const { model, findings } = await detect(rows);
 * for (const { row, score, reasons } of findings) console.log(row, score, reasons[0]?.feature);
 */
export async function detect(
  rows: Table,
  options: ModelOptions & TrainOptions & { readonly top?: number | undefined } = {},
): Promise<{ model: Autoencoder; findings: Finding[] }> {
  const { top, clean = false, ...rest } = checkOptions(options, { ...modelChecks, ...trainChecks, ...detectChecks });
  return Autoencoder.detected(rows, { ...rest, clean }, top);
}
