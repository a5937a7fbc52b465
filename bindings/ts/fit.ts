// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import { isInstance } from './guards.ts';
import type { Model } from './model.ts';
import type { Rows } from './rows.ts';
import { Slices } from './slices.ts';
import { Trainer } from './trainer.ts';
import type { Table, TrainOptions, TrainReport } from './types.ts';

/** Less is not worth a beginning. */
const leastMs = 1;

/** What is not an option of the caller's. */
interface How {
  /** Whether to go on from the model's present weights. */
  readonly resume?: boolean;
  /** Whether an aborted training leaves a trained model: of no use where nobody can reach the model any more. */
  readonly keep?: boolean;
  /** Is given the rows as they were read, when the training has been finished. */
  readonly take?: (rows: Rows) => void;
}

/**
 * Trains `model` on `rows` slice by slice, with options that have been checked. Rejects with what went wrong; the model is
 * then as it was, but see `signal` and `keepGood`.
 */
export async function fit(model: Model, rows: Table, options: TrainOptions, how: How = {}): Promise<TrainReport> {
  const { signal, onProgress, sliceMs } = options;
  if (signal?.aborted) throw signal.reason;
  model.requireOpen();
  const fitted = model.beneath !== undefined;
  const slices = new Slices(sliceMs);
  let trainer: Trainer | undefined;
  try {
    trainer = await slices.all(Trainer.opening(model, rows, options, how.resume), signal);
    if (!how.take) trainer.source = undefined; // the rows are as large as the caller's table
    if (slices.left < leastMs) await slices.pause();
    if (signal?.aborted) throw signal.reason;
    for (let done = false; !done && !signal?.aborted; ) {
      const progress = trainer.run({ ms: Math.max(leastMs, slices.left) });
      onProgress?.(progress);
      done = progress.done;
      if (!signal?.aborted) await slices.pause();
    }
    if (signal?.aborted && how.keep === false) throw signal.reason;
    const report = await slices.all(trainer.finishing(slices.ms), how.keep === false ? signal : undefined);
    if (signal?.aborted) throw signal.reason;
    if (trainer.source) how.take?.(trainer.source);
    return report;
  } catch (error) {
    // Whoever aborts a training often starts the next one at once, which closes this one.
    const code = isInstance(error, AnomalensError) ? error.code : undefined;
    if (code === 'DISPOSED' && signal?.aborted) throw signal.reason;
    if (trainer && code === 'DIVERGED') await keepGood(trainer, fitted, slices);
    throw error;
  } finally {
    slices.close();
    trainer?.dispose();
  }
}

/**
 * After a divergence the model keeps the weights of the last whole epoch. Where there was none, those that it had before
 * are the last good ones; a model that had none begins with what it was given at random. Never throws: that a training
 * diverged is what its caller has to know, whatever becomes of the model meanwhile.
 */
async function keepGood(trainer: Trainer, fitted: boolean, slices: Slices): Promise<void> {
  try {
    if (trainer.progress.epoch > 0 || !fitted) await slices.all(trainer.finishing(slices.ms));
  } catch {
    // The model was given back or trained anew, or there is no memory: then nothing is kept.
  }
}
