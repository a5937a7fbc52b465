// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** How the numbers of a column are written: the most decimals and the most digits of one of its cells. */
export interface Hand {
  readonly decimals: number;
  readonly digits: number;
}

/** So many digits tell apart all doubles, or all floats: a column that needs them is not written to any place. */
const mostDigits = 16;
const mostDigitsOfFloats = 8;
/** Powers of ten up to here are exact. */
const exactPower = 15;
/** More decimals than `toFixed` knows. */
const mostDecimals = 100;

/** A float32 as the shortest decimal number that is rounded to it. */
export function shortest(float: number): number {
  if (!Number.isFinite(float)) return float;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return Number(float.toPrecision(9));
}

/** Learns how the numbers of a column are written, and writes others alike. */
export class Written {
  #decimals: number;
  #digits: number;
  /** Whether some cell needs all the digits that there are. */
  #free = false;

  constructor({ decimals, digits }: Hand = { decimals: 0, digits: 0 }) {
    this.#decimals = decimals;
    this.#digits = digits;
  }

  /** How the column is written; undefined where its cells need all the digits that there are. */
  get hand(): Hand | undefined {
    return this.#free || this.#digits === 0 ? undefined : { decimals: this.#decimals, digits: this.#digits };
  }

  /** Takes in every `step`-th cell of `cells` from `first` on. */
  see(cells: Float32Array | Float64Array, first: number, step: number): void {
    const single = cells instanceof Float32Array;
    for (let at = first; at < cells.length && !this.#free; at += step) this.#look(cells[at] as number, single);
  }

  #look(cell: number, single: boolean): void {
    if (!Number.isFinite(cell) || this.#known(cell, single)) return;
    const [digits = '', exponent] = (single ? shortest(cell) : cell).toExponential().replace(/^-/, '').split('e');
    const count = Math.max(1, digits.length - 1);
    this.#digits = Math.max(this.#digits, count);
    this.#decimals = Math.max(this.#decimals, count - 1 - Number(exponent));
    this.#free = count > (single ? mostDigitsOfFloats : mostDigits);
  }

  /** Whether a cell is written with no more decimals and digits than others before. Most cells are, and quickly told. */
  #known(cell: number, single: boolean): boolean {
    if (this.#decimals > exactPower) return false;
    const power = 10 ** this.#decimals;
    const whole = Math.round(cell * power);
    const again = single ? Math.fround(whole / power) : whole / power;
    return again === cell && Math.abs(whole) < 10 ** this.#digits;
  }

  /** A number written as the column is. */
  round(number: number): number {
    const { hand } = this;
    if (hand === undefined || !Number.isFinite(number)) return number;
    const { decimals, digits } = hand;
    return Number(decimals <= mostDecimals ? number.toFixed(decimals) : number.toPrecision(digits));
  }
}
