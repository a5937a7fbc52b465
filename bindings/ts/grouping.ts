// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { FeatureReason } from './types.ts';

/** Rows that are strange for the same reason. */
export interface Group {
  /** The strangest first. */
  readonly rows: number[];
  /** Of the first row. */
  readonly reasons: readonly FeatureReason[];
  /** Score of the last row. */
  lowest: number;
}

/** Part of a score by which the next one may lie lower. */
const nearScore = 0.1;
/** Part of the distance to the expected value by which another value may lie off. */
const nearValue = 0.1;

const inReach = ({ lowest }: Group, score: number) => lowest - score <= nearScore * Math.abs(lowest);

function sameReason(one: FeatureReason | undefined, other: FeatureReason | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.feature !== other.feature || one.kind !== other.kind) return false;
  const { value, expected } = one;
  if (typeof value !== 'number' || typeof other.value !== 'number') return value === other.value;
  return Math.abs(value - other.value) <= (typeof expected === 'number' ? nearValue * Math.abs(value - expected) : 0);
}

/** The first groups of rows that come by falling score, `top` at most. */
export class Groups {
  readonly all: Group[] = [];
  constructor(readonly top: number) {}

  /** Whether a row with such a score, and all after it, belong to none of them. */
  complete(score: number): boolean {
    return this.all.length >= this.top && !this.all.some((group) => inReach(group, score));
  }

  add(row: number, score: number, reasons: readonly FeatureReason[]): void {
    const group = this.all.find((one) => inReach(one, score) && sameReason(one.reasons[0], reasons[0]));
    if (group) {
      group.rows.push(row);
      group.lowest = score;
    } else if (this.all.length < this.top) this.all.push({ rows: [row], reasons, lowest: score });
  }
}
