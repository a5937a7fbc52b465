// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Synthetic tables, the same for everybody: made here once, read from files by all.

/** xorshift32: uniform numbers in [0, 1). */
function uniform(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Box & Muller 1958. */
const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Rows on a bent surface of `latent` dimensions with a little noise, so that a net has something to learn. Columns have
 * mean 0 and variance 1: our package's own scaling, which is left on, then changes nothing that the others would not see.
 */
export function table({ rows, columns, latent }, seed = 20_260_101) {
  const random = uniform(seed);
  const mixing = Float64Array.from({ length: columns * latent }, () => normal(random));
  const cells = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const factors = Array.from({ length: latent }, () => 2 * Math.tanh(normal(random)));
    for (let column = 0; column < columns; column++) {
      const mixed = factors.reduce((total, factor, at) => total + factor * mixing[column * latent + at], 0);
      cells[row * columns + column] = mixed + 0.3 * normal(random);
    }
  }
  for (let column = 0; column < columns; column++) standardise(cells, column, columns);
  return Float32Array.from(cells);
}

function standardise(cells, first, step) {
  const count = cells.length / step;
  let mean = 0;
  let squares = 0;
  for (let at = first; at < cells.length; at += step) mean += cells[at] / count;
  for (let at = first; at < cells.length; at += step) squares += (cells[at] - mean) ** 2 / count;
  for (let at = first; at < cells.length; at += step) cells[at] = (cells[at] - mean) / Math.sqrt(squares);
}

/** So many uniform numbers; where only time is asked for, any part of them is a table. */
export function noise(count, seed = 7) {
  const random = uniform(seed);
  return Float32Array.from({ length: count }, random);
}
