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
  /** What is wrong with a cell that was found not to be finite. */
  problem(row: number, column: number): AnomalensError;
}
