// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Encoder } from './encoder.ts';
import type { Model } from './model.ts';
import type { Row, Table } from './types.ts';

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
    if (!numeric || (row as ArrayLike<number> | undefined)?.length !== encoder.columns) return slow(row);
    const score = model.core.transfer.scoreRow(model.own, row as ArrayLike<number>);
    return Number.isNaN(score) ? slow(row) : score;
  };
}
