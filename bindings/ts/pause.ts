// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** Lets the event loop take its turn between two slices of work. A message is sooner than a timer, which waits 4 ms. */
export class Pause {
  readonly #channel = new MessageChannel();
  #resume: (() => void) | undefined;

  constructor() {
    this.#channel.port1.onmessage = () => this.#resume?.();
  }

  /** Resolves after everything that is waiting now has had its turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#channel.port2.postMessage(0);
    });
  }

  /** Must be called at the end: an open channel keeps Node running. */
  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
