// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { Autoencoder } from './autoencoder.ts';
import { AnomalensError, show } from './error.ts';
import { isInstance } from './guards.ts';
import { checkOptions, detectChecks, modelChecks, trainChecks } from './options.ts';
import type { Finding, FindingsOptions, ModelOptions, Table, TrainOptions } from './types.ts';

/** How `detect` works. */
export interface DetectOptions extends ModelOptions, TrainOptions, Pick<FindingsOptions, 'top' | 'group'> {
  /**
   * Share of the rows that are expected to be anomalies, above 0 to 0.5: so many are flagged (beyond 20,000 rows about so
   * many). The same as `threshold: { rule: 'contamination', share }`. Default: the threshold decides.
   */
  readonly contamination?: number | undefined;
}

/** What `detect` found. */
export interface Detection {
  readonly model: Autoencoder;
  /** The strangest rows, strangest first. */
  readonly findings: Finding[];
  /** How strange each row is, higher is stranger; the findings' scores are among them. */
  readonly scores: Float32Array;
  /** One a row: 1 = the score is above the model's threshold, 0 = it is not. */
  readonly flags: Uint8Array;
}

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
 * Trains on rows of which nobody knows whether they are normal, and judges those same rows: `clean` is false unless it is
 * said, so that the strangest rows of every step teach nothing. The default detector judges each row by the score of nets
 * that did not learn from it (`TrainReport.scores`; of more than 20,000 rows these are a sample, and all nets judge the
 * others), which `model.score(rows)` does not give again. `top` (default 10) and `group` are those of `findings`. Rejects as
 * `train`. Dispose the model when you are done.
 *
 * @example
 * const { model, findings, flags } = await detect(rows, { contamination: 0.02 });
 * for (const { row, score, reasons } of findings) console.log(row, score, reasons[0]?.feature);
 */
export async function detect(rows: Table, options: DetectOptions = {}): Promise<Detection> {
  const checked = checkOptions(options, { ...modelChecks, ...trainChecks, ...detectChecks });
  const { top, group, contamination, clean = false, ...rest } = checked;
  if (contamination !== undefined && rest.threshold) {
    const message = 'contamination sets the threshold, and so does threshold: give one of them.';
    throw new AnomalensError('BAD_OPTION', message, { option: 'contamination' });
  }
  const share = contamination && { threshold: { rule: 'contamination', share: contamination } as const };
  return Autoencoder.detected(rows, { ...rest, ...share, clean }, { top, group });
}
