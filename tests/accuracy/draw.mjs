// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Random numbers that are the same everywhere.

/** Uniform numbers in [0, 1) from a text: FNV-1a seeds mulberry32 (both public domain). */
export function generator(text) {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws for generated tables. */
export class Draw {
  constructor(text) {
    this.uniform = generator(text);
  }

  normal(mean = 0, deviation = 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 0 to below `values`. */
  whole(values) {
    return Math.floor(values * this.uniform());
  }

  chance(share) {
    return this.uniform() < share;
  }

  oneOf(list) {
    return list[this.whole(list.length)];
  }

  poisson(mean) {
    const least = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > least; product *= this.uniform()) count++;
    return count;
  }
}

/** `count` rows, each made by `make(index)`. */
export const rowsOf = (count, make) => Array.from({ length: count }, (_, index) => make(index));
