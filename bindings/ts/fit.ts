// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Model } from './model.ts';
import { checkOptions, trainChecks } from './options.ts';
import { Pause } from './pause.ts';
import { Trainer } from './trainer.ts';
import type { Table, TrainOptions, TrainReport } from './types.ts';

/** Milliseconds a slice takes: short enough that a page still answers to the hand. */
const defaultSliceMs = 10;

/** Trains `model` on `rows` slice by slice. Rejects with what went wrong; the model is then as it was, but see `signal`. */
export async function fit(model: Model, rows: Table, options: TrainOptions): Promise<TrainReport> {
  checkOptions(options, trainChecks);
  const { signal, onProgress, sliceMs = defaultSliceMs } = options;
  if (signal?.aborted) throw signal.reason;
  const trainer = Trainer.open(model, rows, options);
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
  } finally {
    pause.close();
    trainer.dispose();
  }
}
