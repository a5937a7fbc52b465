// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { Pause } from './pause.ts';

/** Milliseconds a slice takes: short enough that a page still answers to the hand. */
const defaultSliceMs = 10;

/** Said by a step before one that takes about a slice by itself. */
export const longStepNext = true;

/** Work in steps of some milliseconds at most. */
export type Steps<Result> = Generator<typeof longStepNext | undefined, Result>;

/** Does all `steps` without a pause. Throws what they throw. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Work between whose slices of `ms` milliseconds the event loop has its turn. */
export class Slices {
  readonly #pause = new Pause();
  constructor(readonly ms = defaultSliceMs) {}

  /** Does all `steps`. Rejects with what they throw, and with the reason of `signal`. */
  async all<Result>(steps: Steps<Result>, signal?: AbortSignal): Promise<Result> {
    let began = performance.now();
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (step.value !== longStepNext && performance.now() - began < this.ms) continue;
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
