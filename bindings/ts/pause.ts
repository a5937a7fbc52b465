// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/**
 * Lets the event loop take its turn between two slices of work. A message is sooner than a timer, which waits 4 ms.
 * Where there is `setImmediate` (Node, Deno, Bun) it is used instead: Node hands out up to 1,000 messages of a port in a
 * row, in which time no timer and no request is looked at.
 */
export class Pause {
  readonly #channel = typeof setImmediate === 'function' ? undefined : new MessageChannel();
  #resume: (() => void) | undefined;

  constructor() {
    if (this.#channel) this.#channel.port1.onmessage = () => this.#resume?.();
  }

  /** Resolves after everything that is waiting now has had its turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#channel === undefined) {
        setImmediate(resolve);
        return;
      }
      this.#resume = resolve;
      this.#channel.port2.postMessage(0);
    });
  }

  /** Must be called at the end: an open channel keeps its thread alive. */
  close(): void {
    this.#channel?.port1.close();
    this.#channel?.port2.close();
  }
}
