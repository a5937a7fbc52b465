// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, show } from './error.ts';
import { isCategory } from './guards.ts';
import type { Source } from './source.ts';
import { type Grid, gridOf, type Place, refuse } from './table.ts';
import type { Table } from './types.ts';
import { shortest, Written } from './written.ts';

/** A value of a category. */
export type Category = string | boolean;

/** A feature as the caller knows it, and the encoded columns it becomes. */
export interface Feature {
  readonly name: string;
  /** The different values in the training rows, sorted; undefined for a feature of numbers. */
  readonly categories?: readonly Category[] | undefined;
  /** How a feature of numbers is written. */
  readonly written?: Written | undefined;
  /** First encoded column. */
  readonly offset: number;
  /** Number of encoded columns: 1, or for a single net one a category. */
  readonly width: number;
}

/** A column of texts with more different values than this is an identifier or a number in quotes, not a category. */
const mostCategories = 1000;

/** What a feature is made of, before it has a place among the encoded columns. */
export interface FeatureSketch {
  readonly name: string;
  readonly categories?: readonly Category[] | undefined;
  readonly written?: Written | undefined;
}

/** What a category becomes: a column of zeros and ones for each value, or the number of the value. */
export type Form = 'indicators' | 'codes';

/** What becomes of cells that are missing. */
export interface Manner {
  readonly form: Form;
  /** Whether they are let through, as NaN. */
  readonly missing: boolean;
}

/** That of a table of nothing but numbers. */
const plainly: Manner = { form: 'indicators', missing: false };

/** The number of a value that the training rows did not have. */
const unseen = -1;

/**
 * Turns the caller's rows into columns of numbers, always in the same way: learned from the training rows. A single net
 * takes categories as indicators, the default detector as the numbers of their values.
 */
export class Encoder {
  readonly features: readonly Feature[];
  /** Encoded columns. */
  readonly columns: number;
  readonly manner: Manner;

  constructor(sketches: readonly FeatureSketch[], manner = plainly) {
    this.manner = manner;
    let offset = 0;
    this.features = sketches.map(({ name, categories, written }) => {
      const width = manner.form === 'indicators' ? (categories?.length ?? 1) : 1;
      const feature: Feature = { name, categories, written, offset, width };
      offset += feature.width;
      return feature;
    });
    this.columns = offset;
  }

  /** Learns names and categories from the rows of a training. `features` is the option of that name. */
  static learn(
    table: Table,
    features: readonly string[] | undefined,
    manner: Manner,
  ): { encoder: Encoder; source: Rows } {
    const grid = gridOf(table);
    const names = chosenNames(grid, features);
    const places: readonly Place[] = grid.names ? names : names.map((_, index) => index);
    const sketches = names.map((name, index) => {
      const categories = grid.names && categoriesOf(grid, places[index] as Place, index, manner);
      return { name, categories, written: categories ? undefined : new Written() };
    });
    const encoder = new Encoder(sketches, manner);
    return { encoder, source: new Rows(grid, encoder, places) };
  }

  /** Learns how the numbers of encoded training rows are written. */
  see(cells: Float32Array | Float64Array): void {
    for (const { written, offset } of this.features) written?.see(cells, offset, this.columns);
  }

  /** The same without the values of the features that are left out: those of identifiers would fill every file. */
  forgetting(skipped: readonly number[]): Encoder {
    if (skipped.length === 0) return this;
    const features = this.features.map((feature, index) =>
      skipped.includes(index) ? { ...feature, categories: [] } : feature,
    );
    return new Encoder(features, this.manner);
  }

  /** What the engine's number for a cell stands for: a value of a category, or a number written as its column is. */
  decoded(feature: number, cell: number): number | Category | undefined {
    const { categories, written } = this.features[feature] as Feature;
    return categories ? categories[cell] : (written?.round(cell) ?? cell);
  }

  /** The rows of any table that has these features. Throws `SHAPE` when it has not. */
  source(table: Table): Rows {
    const grid = gridOf(table);
    return new Rows(grid, this, this.#placesIn(grid));
  }

  #placesIn(grid: Grid): readonly Place[] {
    const names = this.features.map((feature) => feature.name);
    const { names: given } = grid;
    if (given === undefined) {
      if (grid.width === names.length) return names.map((_, index) => index);
      refuse(
        `The rows must have ${names.length} ${names.length === 1 ? 'column' : 'columns'} (${listed(names)}), but they have ${grid.width}.`,
      );
    }
    const present = new Set(given);
    for (const [column, name] of names.entries()) {
      if (!present.has(name))
        refuse(`The table must have a column ${show(name)}, but it has only ${listed(given)}.`, { column });
    }
    return names;
  }

  /** The names of the encoded columns: `price`, `colour=red`. */
  get columnNames(): string[] {
    const { form } = this.manner;
    return this.features.flatMap(({ name, categories }) =>
      categories && form === 'indicators' ? categories.map((value) => `${name}=${value}`) : [name],
    );
  }

  /** The number of the feature that each encoded column belongs to. */
  get groups(): Int32Array {
    return Int32Array.from(this.features.flatMap(({ width }, index) => Array<number>(width).fill(index)));
  }

  /** Which feature the encoded column belongs to. */
  featureOf(column: number): number {
    return this.features.findIndex(({ offset, width }) => column >= offset && column < offset + width);
  }

  /** Sums the encoded columns of every feature: rows x columns -> rows x features. */
  byFeature(cells: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    if (this.columns === this.features.length) return cells;
    const sums = new Float32Array((cells.length / this.columns) * this.features.length);
    let to = 0;
    for (let row = 0; row < cells.length; row += this.columns) {
      for (const { offset, width } of this.features) {
        let sum = 0;
        for (let column = offset; column < offset + width; column++) sum += cells[row + column] as number;
        sums[to++] = sum;
      }
    }
    return sums;
  }
}

const listed = (names: readonly string[]) =>
  names.length > 12 ? `${names.slice(0, 10).join(', ')}, ... ${names.at(-1)}` : names.join(', ');

function chosenNames(grid: Grid, features: readonly string[] | undefined): readonly string[] {
  const bad = (message: string) => new AnomalensError('BAD_OPTION', message, { option: 'features' });
  if (grid.names === undefined) {
    if (features === undefined) return Array.from({ length: grid.width }, (_, index) => `f${index + 1}`);
    if (features.length === grid.width) return features;
    throw bad(`features must name all ${grid.width} columns of the table, but it holds ${features.length} names.`);
  }
  if (features === undefined) return grid.names;
  for (const name of features) {
    if (!grid.names.includes(name))
      throw bad(`features names ${show(name)}, but the table has only ${listed(grid.names)}.`);
  }
  return features;
}

/** Whether a cell holds nothing. */
const isMissing = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);

/** The cell that tells what a column holds: its first one, or where cells may be missing the first that is there. */
function telling(grid: Grid, place: Place, missing: boolean): unknown {
  if (!missing) return grid.cell(0, place);
  for (let row = 0; row < grid.rows; row++) {
    const value = grid.cell(row, place);
    if (!isMissing(value)) return value;
  }
  return undefined;
}

/** The different values of a column of categories, booleans before texts, each sorted; undefined for a column of numbers. */
function categoriesOf(
  grid: Grid,
  place: Place,
  column: number,
  { form, missing }: Manner,
): readonly Category[] | undefined {
  if (!isCategory(telling(grid, place, missing))) return undefined;
  const values = new Set<Category>();
  for (let row = 0; row < grid.rows; row++) {
    const value = grid.cell(row, place);
    if (isCategory(value)) values.add(value);
    // Other values are refused when the cells are read.
    if (form === 'indicators' && values.size > mostCategories) {
      refuse(
        `Column ${show(place)} holds more than ${mostCategories} different texts: too many for categories. Leave it out with the option features, or turn it into numbers.`,
        { column },
      );
    }
  }
  const order = form === 'indicators' ? byUnits : byCodePoints;
  const sorted = (type: string) => [...values].filter((value) => typeof value === type).sort(order);
  return [...sorted('boolean'), ...sorted('string')];
}

const byUnits = (a: Category, b: Category): number => (a < b ? -1 : 1);

/** Unlike the order of UTF-16 units, that of every other language's texts. */
function byCodePoints(a: Category, b: Category): number {
  if (typeof a !== 'string' || typeof b !== 'string') return byUnits(a, b);
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
  // Surrogates stand for the code points above all others.
  if (isSurrogate(one) !== isSurrogate(other) && at < a.length && at < b.length) return isSurrogate(one) ? 1 : -1;
  return byUnits(a, b);
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** A table's rows, encoded. */
export class Rows implements Source {
  readonly rows: number;
  readonly columns: number;
  readonly single: boolean;
  readonly #grid: Grid;
  readonly #encoder: Encoder;
  readonly #places: readonly Place[];
  /** What each category of each feature is: an encoded column, or a number. */
  readonly #codes: readonly (ReadonlyMap<unknown, number> | undefined)[];

  constructor(grid: Grid, encoder: Encoder, places: readonly Place[]) {
    this.rows = grid.rows;
    this.columns = encoder.columns;
    this.single = grid.single;
    this.#grid = grid;
    this.#encoder = encoder;
    this.#places = places;
    this.#codes = encoder.features.map(
      ({ categories, offset }) =>
        categories && new Map(categories.map((value, index) => [value, this.#coded ? index : offset + index])),
    );
  }

  fill(into: Float32Array | Float64Array, first: number, count: number): void {
    const { flat } = this.#grid;
    const plain = this.#codes.every((codes) => codes === undefined);
    if (flat && plain) {
      into.set(flat.subarray(first * this.columns, (first + count) * this.columns));
      return;
    }
    for (let row = first; row < first + count; row++) this.#grid.checkRow(row);
    if (!plain && !this.#coded) into.fill(0);
    for (let column = 0; column < this.#places.length; column++) this.#fillFeature(into, column, first, count);
  }

  /** Feature by feature: all cells of a feature are alike, which is what makes the loop quick. */
  #fillFeature(into: Float32Array | Float64Array, column: number, first: number, count: number): void {
    const grid = this.#grid;
    const place = this.#places[column] as Place;
    const codes = this.#codes[column];
    const { offset, width } = this.#encoder.features[column] as Feature;
    const { missing } = this.#encoder.manner;
    for (let index = 0; index < count; index++) {
      const value = grid.cell(first + index, place);
      const start = index * this.columns;
      if (missing && isMissing(value)) {
        into.fill(Number.NaN, start + offset, start + offset + width);
      } else if (codes === undefined) {
        if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#refusal(first + index, column, value);
        into[start + offset] = value;
      } else {
        if (typeof value !== 'string' && typeof value !== 'boolean') throw this.#refusal(first + index, column, value);
        const at = codes.get(value);
        if (this.#coded) into[start + offset] = at ?? unseen;
        else if (at !== undefined) into[start + at] = 1;
      }
    }
  }

  get #coded(): boolean {
    return this.#encoder.manner.form === 'codes';
  }

  /** What each column holds, one integer a feature: 0 numbers, 1 a category. */
  get kinds(): Int32Array {
    return Int32Array.from(this.#codes, (codes) => (codes ? 1 : 0));
  }

  /** What the caller's table holds for feature number `column`; null where it holds nothing. A float32 as it is written. */
  value(row: number, column: number): number | string | boolean | null {
    const value = this.#grid.cell(row, this.#places[column] as Place);
    if (isMissing(value)) return null;
    return this.single && typeof value === 'number' ? shortest(value) : (value as number | string | boolean);
  }

  rowOf(row: number): number {
    return row;
  }

  featureOf(encoded: number): { readonly column: number; readonly name: string } {
    const column = this.#encoder.featureOf(encoded);
    return { column, name: (this.#encoder.features[column] as Feature).name };
  }

  refusal(row: number, encoded: number): AnomalensError {
    const { column } = this.featureOf(encoded);
    return this.#refusal(row, column, this.#grid.cell(row, this.#places[column] as Place));
  }

  #refusal(row: number, column: number, value: unknown): AnomalensError {
    const { name, categories } = this.#encoder.features[column] as Feature;
    const where = `Row ${row}, column ${column} (${show(name)}; both count from 0)`;
    const kind = categories ? 'a text or a boolean, as in training' : 'a finite number';
    const missing = isMissing(value);
    if (missing || typeof value === 'number') {
      const state = missing ? `is missing (${show(value)})` : `is ${show(value)}`;
      const code = missing || !categories ? 'NON_FINITE' : 'SHAPE';
      const remedy = missing ? ` (or say missing: '${this.#coded ? 'learn' : 'mask'}' when making the model)` : '';
      return new AnomalensError(code, `${where} ${state}; every cell must be ${kind}${remedy}.`, { row, column });
    }
    return new AnomalensError('SHAPE', `${where} is ${show(value)}; every cell of this column must be ${kind}.`, {
      row,
      column,
    });
  }
}
