// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Encoder } from './encoder.ts';
import { lengthOf } from './guards.ts';
import type { Model } from './model.ts';
import type { Row, Table } from './types.ts';
import { numbersIn } from './views.ts';

/** Scores one row after another: rows of numbers on a path that allocates nothing, all others as a table of one row. */
export function scorerOf(model: Model): (row: Row) => number {
  const slow = (row: Row) => model.read('score', model.source([row] as Table), 1)[0] as number;
  let known: Encoder | undefined;
  let numeric = false;
  return (row) => {
    const encoder = model.requireTrained();
    if (encoder !== known) {
      known = encoder;
      numeric = encoder.plans.every(({ kind }) => kind === 'number');
    }
    const quick = numeric ? quickly(model, row, encoder.columns) : Number.NaN;
    return Number.isNaN(quick) ? slow(numbersIn(row) ?? row) : quick;
  };
}

/** The score of an array of `columns` numbers; NaN for all other rows. */
function quickly(model: Model, row: Row, columns: number): number {
  try {
    const typed = !Array.isArray(row);
    if (typed && !ArrayBuffer.isView(row)) return Number.NaN;
    const length = typed ? lengthOf(row as unknown as ArrayLike<number>) : (row as readonly unknown[]).length;
    if (length === columns) return model.core.transfer.scoreRow(model, row as ArrayLike<number>, columns, typed);
  } catch {
    // No list, a getter that throws, or a model given back: the other way says it in a sentence.
  }
  return Number.NaN;
}
