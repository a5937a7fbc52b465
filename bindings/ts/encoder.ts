// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { momentInWords, type Part, periods, placeByName, placeInCycle, placeInWords } from './moments.ts';
import type { Category, Plan } from './plans.ts';
import type { Written } from './written.ts';

/** What a model tells apart: a column, or of dates the hour, the weekday or the day of the year. */
export interface Feature {
  /** The caller's column. */
  readonly name: string;
  /** Its number among the columns that the model takes. */
  readonly column: number;
  readonly part?: Part | undefined;
  /** The different values in the training rows, sorted; undefined for numbers and cycles. */
  readonly categories?: readonly Category[] | undefined;
  /** How a feature of numbers is written. */
  readonly written?: Written | undefined;
  /** First encoded column. */
  readonly offset: number;
  /** Number of encoded columns: 1, or for a single net one a category. */
  readonly width: number;
}

/** What a category becomes: a column of zeros and ones for each value, or the number of the value. */
export type Form = 'indicators' | 'codes';

/** What becomes of cells that are missing. */
export interface Manner {
  readonly form: Form;
  /** Whether they are let through, as NaN. */
  readonly missing: boolean;
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** That of a table of nothing but numbers. */
const plainly: Manner = { form: 'indicators', missing: false };

/**
 * Turns the caller's rows into columns of numbers, always in the same way: learned from the training rows. A single net
 * takes categories as indicators, the default detector as the numbers of their values.
 */
export class Encoder {
  readonly plans: readonly Plan[];
  readonly features: readonly Feature[];
  /** Encoded columns. */
  readonly columns: number;
  readonly manner: Manner;
  /** The names of all columns of the training rows, those that are left out too. */
  readonly names: readonly string[];
  /** The features that each column became. */
  readonly featuresByColumn: readonly (readonly Feature[])[];

  constructor(plans: readonly Plan[], manner = plainly, names: readonly string[] = plans.map(({ name }) => name)) {
    this.plans = plans;
    this.manner = manner;
    this.names = names;
    let offset = 0;
    this.features = plans.flatMap((plan, column) =>
      featuresOf(plan).map(({ part, categories }) => {
        const width = manner.form === 'indicators' && categories ? categories.length : 1;
        const feature = { name: plan.name, column, part, categories, written: plan.written, offset, width };
        offset += width;
        return feature;
      }),
    );
    this.columns = offset;
    const byColumn: Feature[][] = plans.map(() => []);
    for (const feature of this.features) byColumn[feature.column]?.push(feature);
    this.featuresByColumn = byColumn;
  }

  get coded(): boolean {
    return this.manner.form === 'codes';
  }

  /** Learns how the numbers of encoded training rows are written. */
  see(cells: Float32Array | Float64Array): void {
    for (const { written, offset } of this.features) written?.see(cells, offset, this.columns);
  }

  /** The same without the values of the features that are left out: those of identifiers would fill every file. */
  forgetting(skipped: readonly number[]): Encoder {
    if (skipped.length === 0) return this;
    const columns = new Set(skipped.map((feature) => this.features[feature]?.column));
    const plans = this.plans.map((plan, index) => (columns.has(index) ? { ...plan, categories: [] } : plan));
    return new Encoder(plans, this.manner, this.names);
  }

  /**
   * What the engine's number for a cell stands for: a value of a category, a number written as its column is, a date, or a
   * place in a cycle in words.
   */
  decoded(feature: number, cell: number): number | Category | undefined {
    const { categories, written, part, column } = this.features[feature] as Feature;
    if (categories) return categories[cell];
    if (part) return placeInWords(part, cell);
    if (this.plans[column]?.kind === 'time') return momentInWords(cell);
    return written?.round(cell) ?? cell;
  }

  /** The number that stands for a moment or a category in one feature: a place in a cycle, or a code. */
  placeOf(feature: Feature, number: number): number {
    const { part, categories } = feature;
    if (part === undefined || Number.isNaN(number)) return number;
    return categories ? categories.indexOf(placeByName(part, number)) : placeInCycle(part, number);
  }

  /** Puts the number that the engine expects of a feature into an encoded row, rounded as its column is written. */
  put(row: Float64Array, feature: number, expected: number): void {
    const { offset, width, written, categories } = this.features[feature] as Feature;
    if (width === 1 && (this.coded || !categories)) {
      row[offset] = written && !categories ? written.round(expected) : expected;
    } else {
      for (let at = 0; at < width; at++) row[offset + at] = Number.isNaN(expected) ? expected : Number(at === expected);
    }
  }

  /** The names of the encoded columns: `price`, `colour=red`, `when=hour`. */
  get columnNames(): string[] {
    return this.features.flatMap(({ name, part, categories }) => {
      if (categories && !this.coded) return categories.map((value) => `${name}=${value}`);
      return [part ? `${name}=${part}` : name];
    });
  }

  /** The number of the feature that each encoded column belongs to. */
  get groups(): Int32Array {
    return Int32Array.from(this.features.flatMap(({ width }, index) => Array<number>(width).fill(index)));
  }

  /** What each encoded column holds, for the detector: 0 numbers, 1 a category, -1 one that was asked for, else a period. */
  get kinds(): Int32Array {
    return Int32Array.from(this.features, ({ part, categories, column }) => {
      if (part) return periods[part];
      return categories ? (this.plans[column]?.asked ? -1 : 1) : 0;
    });
  }

  /** Which feature the encoded column belongs to. */
  featureOf(column: number): number {
    return this.features.findIndex(({ offset, width }) => column >= offset && column < offset + width);
  }

  /** Sums the encoded columns of every column of the caller's: rows x columns -> rows x plans. */
  byFeature(cells: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    const { length } = this.plans;
    if (this.columns === length) return cells;
    const sums = new Float32Array((cells.length / this.columns) * length);
    for (let row = 0, to = 0; row < cells.length; row += this.columns, to += length) {
      for (const { offset, width, column } of this.features) {
        let sum = 0;
        for (let at = offset; at < offset + width; at++) sum += cells[row + at] as number;
        sums[to + column] = Math.min((sums[to + column] as number) + sum, largestFloat);
      }
    }
    return sums;
  }
}

/** The features that a column becomes. */
function featuresOf({ parts, categories }: Plan): { part?: Part; categories?: readonly Category[] | undefined }[] {
  return parts ? parts.map(({ part, labels }) => ({ part, categories: labels })) : [{ categories }];
}

export const listed = (names: readonly string[]) =>
  names.length > 12 ? `${names.slice(0, 10).join(', ')}, ... ${names.at(-1)}` : names.join(', ');
