// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { AnomalensError } from './error.ts';

/** Rows on their way into the heap: checked, encoded, chunk by chunk. */
export interface Source {
  /** At least one. */
  readonly rows: number;
  /** Encoded columns. */
  readonly columns: number;
  /** Whether the cells are float32 from the start; otherwise they cross as float64. */
  readonly single: boolean;
  /** Writes `count` rows from `first` on. Throws `SHAPE` or `NON_FINITE` for a row that cannot be used. */
  fill(into: Float32Array | Float64Array, first: number, count: number): void;
  /** The number of a row in the caller's table. */
  rowOf(row: number): number;
  /** The caller's column that an encoded one belongs to. */
  featureOf(encoded: number): { readonly column: number; readonly name: string };
  /** What is wrong with the cell that the engine found fault with, in the words of the caller's table. */
  refusal(row: number, encoded: number): AnomalensError;
}

/** Rows that have been encoded already. */
export class Encoded implements Source {
  readonly rows: number;
  readonly single = false;
  constructor(
    readonly cells: Float64Array,
    readonly columns: number,
    readonly of: Source,
  ) {
    this.rows = cells.length / columns;
  }
  fill(into: Float32Array | Float64Array, first: number, count: number): void {
    into.set(this.cells.subarray(first * this.columns, (first + count) * this.columns));
  }
  rowOf(row: number): number {
    return row;
  }
  featureOf(encoded: number): { readonly column: number; readonly name: string } {
    return this.of.featureOf(encoded);
  }
  refusal(row: number, encoded: number): AnomalensError {
    return this.of.refusal(row, encoded);
  }
}

/** Some rows of another source, in the order given. */
export class Selection implements Source {
  readonly rows: number;
  readonly columns: number;
  readonly single: boolean;
  constructor(
    readonly source: Source,
    readonly chosen: readonly number[],
  ) {
    this.rows = chosen.length;
    this.columns = source.columns;
    this.single = source.single;
  }

  fill(into: Float32Array | Float64Array, first: number, count: number): void {
    for (let index = 0; index < count; ) {
      const start = index * this.columns;
      const row = this.rowOf(first + index);
      let run = 1; // rows that follow one another cross together
      while (index + run < count && this.rowOf(first + index + run) === row + run) run++;
      this.source.fill(into.subarray(start, start + run * this.columns), row, run);
      index += run;
    }
  }

  rowOf(row: number): number {
    return this.chosen[row] as number;
  }

  featureOf(encoded: number): { readonly column: number; readonly name: string } {
    return this.source.featureOf(encoded);
  }

  refusal(row: number, encoded: number): AnomalensError {
    return this.source.refusal(this.rowOf(row), encoded);
  }
}
