// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { type Plain, plainOf, unreadable } from './cells.ts';
import type { Encoder, Feature } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import { momentInWords, placeByName, placeInCycle, placeInWords } from './moments.ts';
import { misfitIn, type Plan, type Reader, readerOf } from './plans.ts';
import type { Source } from './source.ts';
import type { Grid, Place } from './table.ts';
import type { Numbers } from './views.ts';
import { shortest } from './written.ts';

/** The numbers of a table's columns, as its plans make them of the cells. */
export interface Cells {
  readonly rows: number;
  /** Throws `SHAPE` where rows have gone or are no longer as wide as the first. */
  check(first: number, count: number): void;
  /** Calls `take` with the numbers of a column's cells: NaN where there is none. Throws for a cell that does not fit. */
  each(column: number, first: number, count: number, take: (index: number, number: number) => void): void;
  /** The cell as the caller has it, for words about it. */
  raw(row: number, column: number): unknown;
}

/** Cells that are read from the caller's table when they are wanted. */
export class GridCells implements Cells {
  readonly #readers: readonly Reader[];
  constructor(
    readonly grid: Grid,
    readonly plans: readonly Plan[],
    readonly places: readonly Place[],
    readonly rows: number,
  ) {
    this.#readers = plans.map((plan) => readerOf(plan));
  }

  check(first: number, count: number): void {
    try {
      this.grid.check(first, count);
    } catch (error) {
      unreadable(error);
    }
  }

  each(column: number, first: number, count: number, take: (index: number, number: number) => void): void {
    const place = this.places[column] as Place;
    const plan = this.plans[column] as Plan;
    const numbers = plan.kind === 'number' ? this.grid.numbers?.(place) : undefined;
    if (numbers) this.#eachNumber(numbers, column, first, count, take);
    else this.#eachCell(plan, column, first, count, take);
  }

  #eachNumber(numbers: Numbers, column: number, first: number, count: number, take: (i: number, n: number) => void) {
    const plan = this.plans[column] as Plan;
    for (let index = 0; index < count; index++) {
      const value = numbers[first + index] as number;
      if (value === Infinity || value === -Infinity) throw misfitIn(plan, { row: first + index, column, value });
      take(index, value);
    }
  }

  #eachCell(plan: Plan, column: number, first: number, count: number, take: (i: number, n: number) => void): void {
    const { grid } = this;
    const place = this.places[column] as Place;
    const read = this.#readers[column] as Reader;
    const numeric = plan.kind === 'number';
    let index = 0;
    try {
      for (; index < count; index++) {
        const value = grid.cell(first + index, place);
        const number = numeric && typeof value === 'number' ? value : read(plainOf(value));
        if (number === undefined || number === Infinity || number === -Infinity)
          throw misfitIn(plan, { row: first + index, column, value });
        take(index, number);
      }
    } catch (error) {
      unreadable(error, { row: first + index, column });
    }
  }

  raw(row: number, column: number): unknown {
    try {
      return this.grid.cell(row, this.places[column] as Place);
    } catch (error) {
      return unreadable(error, { row, column });
    }
  }
}

/** Cells of training rows that have been read already. */
export class KnownCells implements Cells {
  constructor(
    readonly columns: readonly Float64Array[],
    readonly rows: number,
    readonly raw: Cells['raw'],
  ) {}
  check(): void {}
  each(column: number, first: number, count: number, take: (index: number, number: number) => void): void {
    const numbers = this.columns[column] as Float64Array;
    for (let index = 0; index < count; index++) take(index, numbers[first + index] as number);
  }
}

/** A table's rows, encoded. */
export class Rows implements Source {
  readonly rows: number;
  readonly columns: number;
  readonly single: boolean;
  readonly #cells: Cells;
  readonly #encoder: Encoder;
  /** The whole table, where it crosses as it is. */
  readonly #flat: Float32Array | Float64Array | undefined;
  /** The features of every column. */
  readonly #features: readonly (readonly Feature[])[];

  constructor(
    cells: Cells,
    encoder: Encoder,
    { flat, single }: { readonly flat?: Grid['flat']; readonly single: boolean },
  ) {
    this.rows = cells.rows;
    this.columns = encoder.columns;
    this.single = single;
    this.#cells = cells;
    this.#encoder = encoder;
    const plain = encoder.plans.every(({ kind }) => kind === 'number');
    this.#flat = plain && flat && flat.length === cells.rows * encoder.columns ? flat : undefined;
    this.#features = encoder.featuresByColumn;
  }

  fill(into: Float32Array | Float64Array, first: number, count: number): void {
    this.#cells.check(first, count);
    if (this.#flat) {
      into.set(this.#flat.subarray(first * this.columns, (first + count) * this.columns));
      return;
    }
    const { plans, coded } = this.#encoder;
    if (!coded) into.fill(0);
    for (let column = 0; column < plans.length; column++) this.#fillColumn(into, column, first, count);
  }

  /** Column by column: all cells of a column are alike, which is what makes the loop quick. */
  #fillColumn(into: Float32Array | Float64Array, column: number, first: number, count: number): void {
    const { missing } = this.#encoder.manner;
    const { columns } = this;
    const features = this.#features[column] as readonly Feature[];
    const [only] = features;
    const plain = features.length === 1 && only !== undefined && only.width === 1 && !only.part && !this.#spreads(only);
    const at = only?.offset ?? 0;
    this.#cells.each(column, first, count, (index, number) => {
      if (!missing && Number.isNaN(number)) throw this.#missing(first + index, column);
      if (plain) into[index * columns + at] = number;
      else for (const feature of features) this.#put(into, index * columns, feature, number);
    });
  }

  /** Whether a feature becomes a column of zeros and ones for each of its values. */
  #spreads({ categories }: Feature): boolean {
    return categories !== undefined && !this.#encoder.coded;
  }

  #put(into: Float32Array | Float64Array, start: number, feature: Feature, number: number): void {
    const { offset, width } = feature;
    const place = this.#encoder.placeOf(feature, number);
    if (!this.#spreads(feature)) into[start + offset] = place;
    else if (Number.isNaN(place)) into.fill(place, start + offset, start + offset + width);
    else if (place >= 0) into[start + offset + place] = 1;
  }

  /** What each encoded column holds, as the engine is told. */
  get kinds(): Int32Array {
    return this.#encoder.kinds;
  }

  /** What the caller's table holds for a feature, read as its column is; null where it holds nothing. */
  value(row: number, feature: number): number | string | boolean | null {
    const { column, part, categories } = this.#encoder.features[feature] as Feature;
    const { kind } = this.#encoder.plans[column] as Plan;
    const number = this.#flat ? (this.#flat[row * this.columns + column] as number) : this.#number(row, column);
    if (Number.isNaN(number)) return null;
    if (part) return categories ? placeByName(part, number) : placeInWords(part, placeInCycle(part, number));
    if (kind === 'category') return categories?.[number] ?? textOf(plainOf(this.#cells.raw(row, column)));
    if (kind === 'time') return momentInWords(number);
    return this.single ? shortest(number) : number;
  }

  #number(row: number, column: number): number {
    let found = Number.NaN;
    this.#cells.each(column, row, 1, (_, number) => {
      found = number;
    });
    return found;
  }

  rowOf(row: number): number {
    return row;
  }

  featureOf(encoded: number): { readonly column: number; readonly name: string } {
    const { name, column } = this.#encoder.features[this.#encoder.featureOf(encoded)] as Feature;
    return { column, name };
  }

  refusal(row: number, encoded: number): AnomalensError {
    const { column } = this.featureOf(encoded);
    const number = this.#flat ? (this.#flat[row * this.columns + encoded] as number) : this.#number(row, column);
    if (Number.isNaN(number)) return this.#missing(row, column);
    return misfitIn(this.#encoder.plans[column] as Plan, { row, column, value: number });
  }

  #missing(row: number, column: number): AnomalensError {
    const plan = this.#encoder.plans[column] as Plan;
    const held = this.#cells.raw(row, column);
    const where = `Row ${row}, column ${column} (${show(plan.name)}; both count from 0)`;
    const kind =
      plan.kind === 'category' ? 'a text or a boolean' : plan.kind === 'number' ? 'a finite number' : 'a date';
    const remedy = `say missing: '${this.#encoder.coded ? 'learn' : 'mask'}' when making the model`;
    const message = `${where} is missing (${show(held)}); every cell must be ${kind} (or ${remedy}).`;
    return new AnomalensError('NON_FINITE', message, { row, column });
  }
}

const textOf = (cell: Plain): string | number | boolean | null =>
  typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? cell : String(cell);
