// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isMoment, type Plain } from './cells.ts';
import { outOfMemory } from './failures.ts';
import { Moments, momentIn, Span } from './moments.ts';
import { Numerals, saysNoNumber, saysNothing } from './numerals.ts';
import { type Plan, readerOf } from './plans.ts';
import type { Steps } from './slices.ts';

/** Rows that are looked at in one step: some milliseconds. */
const rowsOfStep = 4096;
/** Texts that are looked at once only, however often they come. */
const mostKnown = 1000;

/** The cells of one column of training rows, read once, and what there is to know of them. */
export class Tally {
  /** Cells that hold something, words for nothing left out. */
  present = 0;
  /** Cells that are numbers, big integers, booleans, dates. */
  numbers = 0;
  bigints = 0;
  booleans = 0;
  dates = 0;
  /** Texts that stand for nothing, and one of them. */
  blanks = 0;
  blank = '';
  /** Those that would be a value in a category. */
  words = 0;
  readonly numerals = new Numerals();
  readonly moments = new Moments();
  /** The numbers of the cells; NaN where there is none. Once the kind is known, those that the plan makes of them. */
  readonly converted: Float64Array<ArrayBuffer>;
  /** Cells that are no numbers; undefined where there are only numbers and gaps. */
  #others: Plain[] | undefined;
  readonly #known = new Set<string>();

  constructor(public rows: number) {
    try {
      this.converted = new Float64Array(rows);
    } catch (cause) {
      throw outOfMemory(cause);
    }
  }

  /** Takes in the cell of a row: every row once, in order. */
  see(row: number, cell: Plain): void {
    if (typeof cell === 'number') {
      this.converted[row] = cell;
      this.numbers++;
      this.present++;
      return;
    }
    this.converted[row] = Number.NaN;
    if (cell === null) return;
    this.#others ??= new Array<Plain>(this.rows);
    this.#others[row] = cell;
    if (typeof cell === 'string') this.#seeText(cell);
    else this.present++;
    if (typeof cell === 'bigint') this.bigints++;
    else if (typeof cell === 'boolean') this.booleans++;
    else if (isMoment(cell)) this.dates++;
  }

  #seeText(text: string): void {
    if (saysNoNumber(text)) {
      this.blanks++;
      this.blank ||= text.trim();
      if (!saysNothing(text)) this.words++;
      return;
    }
    this.present++;
    if (this.#known.has(text)) return;
    const [numerals, moments] = [this.numerals.count, this.moments.count];
    this.numerals.see(text);
    this.moments.see(text);
    const told = this.numerals.count > numerals || this.moments.count > moments;
    if (!told && this.#known.size < mostKnown) this.#known.add(text);
  }

  /** Takes the rows from `rows` on back: they are blank. */
  end(rows: number): void {
    for (let row = rows; row < this.rows; row++) if (typeof this.cell(row) === 'string') this.blanks--;
    this.rows = rows;
  }

  /** Whether some cell is no number. */
  get mixed(): boolean {
    return this.#others !== undefined;
  }

  /** The cell of a row as it was. */
  cell(row: number): Plain {
    const other = this.#others?.[row];
    if (other !== undefined) return other;
    const number = this.converted[row] as number;
    return Number.isNaN(number) ? null : number;
  }

  /** In steps, calls `work` with every cell, until it returns false. */
  *each(work: (row: number, cell: Plain) => unknown): Steps<void> {
    for (let row = 0; row < this.rows; row++) {
      if (work(row, this.cell(row)) === false) return;
      if (row % rowsOfStep === rowsOfStep - 1) yield;
    }
  }

  /** In steps, the numbers that are there, when all of them are whole; undefined otherwise. */
  *wholeNumbers(plan: Plan): Steps<Float64Array | undefined> {
    const read = readerOf(plan, true);
    const whole = new Float64Array(this.rows);
    let count = 0;
    let all = true;
    yield* this.each((_, cell) => {
      const number = typeof cell === 'bigint' ? Number(cell) : read(cell);
      all = number !== undefined && (Number.isNaN(number) || Number.isInteger(number));
      if (all && !Number.isNaN(number)) whole[count++] = number as number;
      return all;
    });
    return all ? whole.subarray(0, count) : undefined;
  }

  /** In steps, whether no cell comes twice. */
  *allDiffer(): Steps<boolean> {
    const seen = new Set<Plain>();
    let differ = true;
    yield* this.each((_, cell) => {
      differ = cell === null || seen.size < seen.add(cell).size;
      return differ;
    });
    return differ;
  }

  /** Whether all rows have the same number. */
  isConstant(): boolean {
    const [first] = this.converted;
    for (let row = 0; row < this.rows; row++) if (this.converted[row] !== first) return false;
    return true;
  }

  /** In steps, which parts of the dates are of use. */
  *span(dayFirst: boolean): Steps<Span> {
    const span = new Span();
    yield* this.each((_, cell) => {
      const moment = typeof cell === 'string' ? momentIn(cell, dayFirst) : cell;
      if (moment !== null && moment !== undefined && isMoment(moment)) span.see(moment);
    });
    return span;
  }
}
