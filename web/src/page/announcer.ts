// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** The least time between two sentences for those who listen to the page. */
const QUIET_MS = 3000;

/** Speaks through one polite status line: seldom, and of several sentences the last one. */
export class Announcer {
  readonly #line: HTMLElement;
  #spokenAt = Number.NEGATIVE_INFINITY;
  #next = '';
  #timer: number | undefined;

  constructor(line: HTMLElement) {
    this.#line = line;
  }

  say(sentence: string): void {
    this.#next = sentence;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#spokenAt + QUIET_MS - performance.now());
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined;
      this.#spokenAt = performance.now();
      this.#line.textContent = this.#next;
    }, wait);
  }
}
