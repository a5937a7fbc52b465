// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import type { Model } from './model.ts';
import { checkOptions, trainChecks } from './options.ts';
import { Pause } from './pause.ts';
import { Trainer } from './trainer.ts';
import type { Table, TrainOptions, TrainReport } from './types.ts';

/** Milliseconds a slice takes: short enough that a page still answers to the hand. */
const defaultSliceMs = 10;

/**
 * Trains `model` on `rows` slice by slice, with `resume` from its present weights on. Rejects with what went wrong; the
 * model is then as it was, but see `signal` and `keepGood`.
 */
export async function fit(model: Model, rows: Table, options: TrainOptions, resume = false): Promise<TrainReport> {
  checkOptions(options, trainChecks);
  const { signal, onProgress, sliceMs = defaultSliceMs } = options;
  if (signal?.aborted) throw signal.reason;
  const fitted = model.status.fitted !== 0;
  const trainer = Trainer.open(model, rows, options, resume);
  const pause = new Pause();
  try {
    for (;;) {
      const progress = trainer.run({ ms: sliceMs });
      onProgress?.(progress);
      if (!signal?.aborted) {
        if (trainer.done) return trainer.finish();
        await pause.turn();
      }
      if (signal?.aborted) {
        trainer.finish();
        throw signal.reason;
      }
    }
  } catch (error) {
    if (error instanceof AnomalensError && error.code === 'DIVERGED') keepGood(trainer, fitted);
    throw error;
  } finally {
    pause.close();
    trainer.dispose();
  }
}

/**
 * After a divergence the model keeps the weights of the last whole epoch. Where there was none, those that it had before
 * are the last good ones; a model that had none begins with what it was given at random.
 */
function keepGood(trainer: Trainer, fitted: boolean): void {
  if (trainer.progress.epoch > 0 || !fitted) trainer.finish();
}
