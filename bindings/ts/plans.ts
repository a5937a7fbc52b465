// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isMoment, Odd, type Plain } from './cells.ts';
import { AnomalensError, show } from './error.ts';
import { momentIn, type Part } from './moments.ts';
import { type Decimal, numeralIn, saysNoNumber, saysNothing } from './numerals.ts';
import type { Written } from './written.ts';

/** A value of a category. */
export type Category = string | boolean | number;

/** A part of a date that is a feature of its own. */
export interface PlannedPart {
  readonly part: Part;
  /** For a single net: the places that the training rows had. */
  readonly labels?: readonly string[] | undefined;
}

/** How the cells of one column become numbers, as the training rows had it. */
export interface Plan {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'date' | 'time';
  /** The different values, sorted: of a category only. */
  readonly categories?: readonly Category[] | undefined;
  /** How the numbers are written. */
  readonly written?: Written | undefined;
  /** Of numbers in texts: what stands before the fraction, a point if this is absent. */
  readonly decimal?: Decimal | undefined;
  /** The percent or currency sign of numbers in texts. */
  readonly unit?: string | undefined;
  /** Whether the numbers came as texts: only then is a text that says nothing a gap, and no mistake. */
  readonly texts?: boolean | undefined;
  /** Whether the caller said what it is: words for nothing are then values like any other. */
  readonly asked?: boolean | undefined;
  readonly dayFirst?: boolean | undefined;
  /** Whether dates have days: a time of the day alone is then none. */
  readonly dated?: boolean | undefined;
  readonly parts?: readonly PlannedPart[] | undefined;
}

/** Makes a number of a cell: NaN where there is nothing, undefined where it does not fit. */
export type Reader = (cell: Plain) => number | undefined;

/** The number of a value that the training rows did not have. */
const unseen = -1;

/** The same key for a number or a boolean and its text: the one comes from JSON, the other from CSV. */
export const categoryKey = (value: Category | bigint): string => {
  const text = String(value);
  return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : text;
};

/** Whether a text among the training rows may say that there is nothing. */
export const allowsNothing = ({ kind, texts }: Plan): boolean => kind !== 'number' || texts === true;

/** Null where a column of this plan takes the cell for missing, else the cell. */
export function readPlain(plan: Plan, cell: Plain, training = true): Plain {
  if (typeof cell !== 'string' || (training && !allowsNothing(plan))) return cell;
  if (plan.kind !== 'category') return saysNoNumber(cell) ? null : cell;
  return (plan.asked ? cell.trim() === '' : saysNothing(cell)) ? null : cell;
}

/** `training`: whether texts that say nothing are mistakes where all other cells are numbers. */
export function readerOf(plan: Plan, training = false): Reader {
  const readers = { number: numberReader, category: categoryReader, date: dateReader, time: dateReader } as const;
  const read = readers[plan.kind](plan, training);
  return (cell) => {
    const plain = readPlain(plan, cell, training);
    return plain === null ? Number.NaN : read(plain);
  };
}

function numberReader({ decimal = '.', unit = '' }: Plan): Reader {
  return (cell) => {
    if (typeof cell === 'number') return cell;
    if (typeof cell === 'bigint') return exactly(cell);
    if (typeof cell !== 'string') return undefined;
    const numeral = numeralIn(cell, decimal);
    if (numeral === undefined) return undefined;
    const fits = numeral.unit === unit || numeral.unit === '' || unit === '';
    // With and without its sign a percentage is not the same number: 5 beside 5 %.
    const shares = (numeral.unit === '%') === (unit === '%') || numeral.value === 0;
    return fits && shares ? numeral.value : undefined;
  };
}

const exactly = (cell: bigint): number | undefined => (BigInt(Number(cell)) === cell ? Number(cell) : undefined);

function categoryReader({ categories = [] }: Plan): Reader {
  const codes = new Map<unknown, number>(categories.map((value, index) => [categoryKey(value), index]));
  const numeric = categories.some((value) => typeof value === 'number' || numeralIn(String(value), '.'));
  return (cell) => {
    if (typeof cell === 'string' || typeof cell === 'boolean') return codes.get(categoryKey(cell)) ?? unseen;
    if (typeof cell === 'number' && !Number.isFinite(cell)) return undefined;
    if (numeric && (typeof cell === 'number' || typeof cell === 'bigint'))
      return codes.get(categoryKey(cell)) ?? unseen;
    return undefined;
  };
}

function dateReader({ dayFirst = false, dated = false, asked }: Plan, training: boolean): Reader {
  return (cell) => {
    if (cell !== null && isMoment(cell)) return cell.ms;
    // Milliseconds since 1970, as Date.now() and the rows of Arrow have them.
    if (typeof cell === 'number' || typeof cell === 'bigint') return training && !asked ? undefined : Number(cell);
    const moment = typeof cell === 'string' ? momentIn(cell, dayFirst) : undefined;
    return moment && (moment.dated || !dated) ? moment.ms : undefined;
  };
}

/** Where a cell is and what it holds. */
export interface Misfit {
  readonly row: number;
  readonly column: number;
  readonly value: unknown;
}

const nouns = {
  number: 'a finite number',
  category: 'a text or a boolean',
  date: 'a date',
  time: 'a date',
} as const;

/** The error about a cell that does not fit its column: what was expected, what came, where, and the cure. */
export function misfitIn(plan: Plan, { row, column, value }: Misfit): AnomalensError {
  const { name } = plan;
  const held = value instanceof Odd ? value.value : value;
  const where = `Row ${row}, column ${column} (${show(name)}; both count from 0)`;
  const infinite = typeof held === 'number' && !Number.isFinite(held);
  const message = `${where} is ${show(held)}; every cell of this column must be ${nounOf(plan, held)}. ${cureOf(plan, held)}`;
  return new AnomalensError(infinite ? 'NON_FINITE' : 'SHAPE', message, { row, column });
}

function nounOf({ kind, unit }: Plan, held: unknown): string {
  if (kind === 'number' && typeof held === 'bigint') return 'a number that a double holds exactly';
  return unit && typeof held === 'string' && numeralIn(held, '.') ? `a number with the sign ${unit}` : nouns[kind];
}

/** The option that says what a column is. */
export function saying(name: string, asked: string): string {
  const key = /^[\p{L}_$][\p{L}\d_$]*$/u.test(name) ? name : JSON.stringify(name);
  return `columns: { ${key}: '${asked}' }`;
}

function cureOf({ kind, name }: Plan, held: unknown): string {
  const say = (asked: string) => `say ${saying(name, asked)} when making the model`;
  if (typeof held === 'number' && !Number.isFinite(held)) return `Put in a number, or null where there is none.`;
  if (kind === 'category' && typeof held === 'number') return `Write it as a text.`;
  if (kind === 'category') return `Write it as a text, or ${say('ignore')}.`;
  if (kind === 'number' && typeof held === 'bigint') return `Divide it by a round number, or ${say('ignore')}.`;
  return `Put null where a cell is missing, or ${say('category')}.`;
}
