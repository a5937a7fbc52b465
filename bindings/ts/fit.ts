// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import type { Model } from './model.ts';
import { Pause } from './pause.ts';
import { Trainer } from './trainer.ts';
import type { Table, TrainOptions, TrainReport } from './types.ts';

/** Milliseconds a slice takes: short enough that a page still answers to the hand. */
const defaultSliceMs = 10;

/** What is not an option of the caller's. */
interface How {
  /** Whether to go on from the model's present weights. */
  readonly resume?: boolean;
  /** Whether an aborted training leaves a trained model: of no use where nobody can reach the model any more. */
  readonly keep?: boolean;
}

/**
 * Trains `model` on `rows` slice by slice, with options that have been checked. Rejects with what went wrong; the model is
 * then as it was, but see `signal` and `keepGood`.
 */
export async function fit(model: Model, rows: Table, options: TrainOptions, how: How = {}): Promise<TrainReport> {
  const { signal, onProgress, sliceMs = defaultSliceMs } = options;
  if (signal?.aborted) throw signal.reason;
  model.requireOpen();
  const fitted = model.beneath !== undefined;
  const slices = new Slices(sliceMs);
  let trainer: Trainer | undefined;
  try {
    trainer = await slices.all(Trainer.opening(model, rows, options, how.resume), signal);
    for (;;) {
      const progress = trainer.run({ ms: sliceMs });
      onProgress?.(progress);
      if (!signal?.aborted) {
        if (progress.done) break;
        await slices.pause();
      }
      if (signal?.aborted) break;
    }
    if (signal?.aborted && how.keep === false) throw signal.reason;
    const report = await slices.all(trainer.finishing(sliceMs), how.keep === false ? signal : undefined);
    if (signal?.aborted) throw signal.reason;
    return report;
  } catch (error) {
    // Whoever aborts a training often starts the next one at once, which closes this one.
    if (signal?.aborted && error instanceof AnomalensError && error.code === 'DISPOSED') throw signal.reason;
    if (trainer && error instanceof AnomalensError && error.code === 'DIVERGED')
      await keepGood(trainer, fitted, slices);
    throw error;
  } finally {
    slices.close();
    trainer?.dispose();
  }
}

/**
 * After a divergence the model keeps the weights of the last whole epoch. Where there was none, those that it had before
 * are the last good ones; a model that had none begins with what it was given at random.
 */
async function keepGood(trainer: Trainer, fitted: boolean, slices: Slices): Promise<void> {
  if (trainer.progress.epoch > 0 || !fitted) await slices.all(trainer.finishing(slices.ms));
}

/** Work between whose slices of `ms` milliseconds the event loop has its turn. */
class Slices {
  readonly #pause = new Pause();
  constructor(readonly ms: number) {}

  /** Does all `steps`. Rejects with what they throw, and with the reason of `signal`. */
  async all<Result>(steps: Generator<void, Result>, signal?: AbortSignal): Promise<Result> {
    let began = performance.now();
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (performance.now() - began < this.ms) continue;
        await this.pause();
        if (signal?.aborted) throw signal.reason;
        began = performance.now();
      }
    } finally {
      steps.return(undefined as never); // gives back what they hold; of no effect at their end
    }
  }

  /** Resolves after the event loop had its turn. */
  pause(): Promise<void> {
    return this.#pause.turn();
  }

  /** Must be called at the end. */
  close(): void {
    this.#pause.close();
  }
}
