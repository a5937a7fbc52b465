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
  #began = performance.now();
  constructor(readonly ms = defaultSliceMs) {}

  /** Does all `steps`. Rejects with what they throw, and with the reason of `signal`. */
  async all<Result>(steps: Steps<Result>, signal?: AbortSignal): Promise<Result> {
    this.#began = performance.now();
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (step.value !== longStepNext && this.left > 0) continue;
        await this.pause();
        if (signal?.aborted) throw signal.reason;
      }
    } finally {
      steps.return(undefined as never); // gives back what they hold; of no effect at their end
    }
  }

  /** Milliseconds that are left of the present slice. */
  get left(): number {
    return this.ms - (performance.now() - this.#began);
  }

  /** Resolves after the event loop had its turn, at the beginning of the next slice. */
  async pause(): Promise<void> {
    await this.#pause.turn();
    this.#began = performance.now();
  }

  /** Must be called at the end. */
  close(): void {
    this.#pause.close();
  }
}
