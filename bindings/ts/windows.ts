// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { reading } from './cells.ts';
import { bad, type Check, checkOptions, count, listOf, whole } from './checks.ts';
import { AnomalensError, mustBe, show } from './error.ts';
import { isList, isRecord } from './guards.ts';

/** Sensor series by name: numbers at even distances in time, null or NaN where there is none, and a column of times. */
export type Series = Readonly<Record<string, ArrayLike<unknown>>>;

/** How a series becomes windows: one of `length` and `lags`. */
export interface WindowsOptions {
  /** Consecutive values of every series in a row, 1 or more. */
  readonly length?: number | undefined;
  /** Which values instead: how many steps each lies before the present one, 0 or more. `[0, 1, 24]`: now, one step ago, a day of hours ago. */
  readonly lags?: readonly number[] | undefined;
  /** Distance from one window to the next, 1 or more. Default 1. */
  readonly step?: number | undefined;
  /** What a list of numbers is called. Default `'value'`. */
  readonly name?: string | undefined;
  /** The column of times, which is no series: dates, numbers or texts. Default `'time'`, or else the first column of dates. */
  readonly time?: string | undefined;
}

/** Where a window, or one of its cells, lies. */
export interface Moment {
  /** Place in the series, counted from 0; of a window that of its present value. */
  readonly position: number;
  /** What the column of times holds there. Absent without one. */
  readonly time?: unknown;
}

/** A table of windows: columns by name, `load[-3]` three steps before the present value `load[0]`; and where they lie. */
export type Windows = Readonly<Record<string, Float64Array | Float32Array>> & {
  /**
   * Where row `row` of the table lies in the series; with the name of a feature, where that cell lies. Throws `BAD_OPTION`
   * for a row or a feature that is not there.
   */
  at(row: number, feature?: string): Moment;
};

const refuse = (message: string, place: { row?: number; column?: number } = {}) =>
  new AnomalensError('SHAPE', message, place);

const text: Check = (value, option) => {
  if (typeof value !== 'string' || value === '') throw bad(option, mustBe(option, 'a name', value));
  return value;
};

const lag = count(0);
const someLags = listOf((value, option, index) => lag(value, `${option}[${index}]`), 'an array of steps back', 1e6);

const lagList: Check = (value, option) => {
  const list = someLags(value, option) as readonly number[];
  if (list.length === 0) throw bad(option, `${option} must hold at least one number of steps back.`);
  if (new Set(list).size < list.length) throw bad(option, `${option} must hold different numbers.`);
  return list;
};

const windowsChecks: Readonly<Record<keyof WindowsOptions, Check>> = {
  length: count(1),
  lags: lagList,
  step: count(1),
  name: text,
  time: text,
};

/** How far back the values of a window lie, furthest first. */
function lagsOf({ length, lags }: WindowsOptions): number[] {
  if ((length === undefined) === (lags === undefined))
    throw bad('length', 'Windows need either length (consecutive values) or lags (steps back), and not both.');
  return lags
    ? [...lags].sort((a, b) => b - a)
    : Array.from({ length: length as number }, (_, at) => -at - 1 + (length as number));
}

/** A copy of a series' cells, NaN where one is missing. Float32 stays float32. */
function cellsOf(cells: ArrayLike<unknown>, column: number, name: string): Float64Array | Float32Array {
  const own = cells instanceof Float32Array ? cells.slice() : new Float64Array(cells.length);
  for (let row = 0; row < own.length; row++) {
    const cell = cells[row] ?? Number.NaN;
    const where = `Value ${row} of ${show(name)} (counted from 0)`;
    if (typeof cell !== 'number')
      throw refuse(`${mustBe(where, 'a number', cell)} Times belong in the column that the option time names.`, {
        row,
        column,
      });
    if (Math.abs(cell) === Infinity)
      throw new AnomalensError('NON_FINITE', mustBe(where, 'finite, or NaN where it is missing', cell), {
        row,
        column,
      });
    own[row] = cell;
  }
  return own;
}

/** The series of a table apart from its times. */
function apart(
  given: unknown,
  { name = 'value', time }: WindowsOptions,
): { series: Series; times?: ArrayLike<unknown>; key?: string } {
  if (isList(given)) return { series: { [name]: given } };
  if (!isRecord(given)) throw refuse(mustBe('series', 'a list of numbers or columns by name', given));
  for (const [column, [key, cells]] of Object.entries(given).entries())
    if (!isList(cells)) throw refuse(mustBe(`Column ${show(key)}`, 'a list of numbers', cells), { column });
  const columns = given as Series;
  if (time !== undefined && !Object.hasOwn(columns, time))
    throw bad('time', `time must name a column of the series, but there is no ${show(time)}.`);
  const dated = (key: string) =>
    Array.from(columns[key] as ArrayLike<unknown>).find((cell) => cell != null) instanceof Date;
  const key = time ?? (Object.hasOwn(columns, 'time') ? 'time' : Object.keys(columns).find(dated));
  if (key === undefined) return { series: columns };
  const { [key]: times, ...series } = columns;
  return { series, times: times as ArrayLike<unknown>, key };
}

/** Throws unless all columns have `length` cells. */
function checkLengths(lists: Series, length: number, first: string): void {
  for (const [column, [name, { length: own }]] of Object.entries(lists).entries()) {
    if (own === length) continue;
    throw refuse(`Column ${show(name)} has ${own} cells, but ${show(first)} has ${length}. All must be equally long.`, {
      column,
    });
  }
}

/**
 * Rows of sensor series, one a window, for `train`, `detect` and `score`: what is strange in a series is often not a value
 * but the moment at which it comes. A window holds the present value of every series and earlier ones.
 *
 * @param series Numbers in the order of time, or several such lists by name; null and NaN are gaps. Copied.
 * @returns Columns by name, and `at(row)`, which tells where a row lies. Throws `BAD_OPTION`, `SHAPE` and `NON_FINITE`.
 *
 * @example
 * const hours = windows({ time, load }, { length: 24 });
 * const { findings } = await detect(hours);
 * for (const { row, reasons: [reason] } of findings) console.log(hours.at(row).time, hours.at(row, reason?.feature).time);
 */
export function windows(series: ArrayLike<number | null | undefined> | Series, options: WindowsOptions = {}): Windows {
  return reading(() => windowsOf(series, options));
}

function windowsOf(series: unknown, options: WindowsOptions): Windows {
  const asked = checkOptions(options, windowsChecks);
  const lags = lagsOf(asked);
  const { step = 1 } = asked;
  const { series: lists, times, key = '' } = apart(series, asked);
  const [first] = Object.keys(lists);
  if (first === undefined) throw refuse('There is no series: name at least one column of numbers.');
  const { length } = lists[first] as ArrayLike<unknown>;
  checkLengths(times ? { ...lists, [key]: times } : lists, length, first);
  const reach = lags[0] as number;
  if (reach >= length) {
    const option = asked.lags ? 'lags' : 'length';
    const most = asked.lags ? `reach back at most ${length - 1} steps` : `be at most ${length}`;
    throw bad(
      option,
      `${option} must ${most} in a series of ${length} values, but it ${asked.lags ? 'reaches' : 'is'} ${asked.lags ? reach : reach + 1}.`,
    );
  }
  const rows = Math.floor((length - 1 - reach) / step) + 1;
  const table: Record<string, Float64Array | Float32Array> = {};
  const lagOf = new Map<string, number>();
  for (const [column, [name, list]] of Object.entries(lists).entries()) {
    const cells = cellsOf(list, column, name);
    for (const lag of lags) {
      const from = cells.subarray(reach - lag);
      const feature = `${name}[${lag && -lag}]`;
      lagOf.set(feature, lag);
      table[feature] =
        step === 1 ? from.subarray(0, rows) : from.slice(0, rows).map((_, row) => from[row * step] as number);
    }
  }
  const at = (row: number, feature?: string): Moment => {
    whole(0, rows - 1)(row, 'row');
    const lag = feature === undefined ? 0 : lagOf.get(feature);
    if (lag === undefined) throw bad('feature', `The windows have no feature ${show(feature)}.`);
    const position = reach + row * step - lag;
    return times ? { position, time: times[position] } : { position };
  };
  // No column: those have brackets in their names, and tables are read by their enumerable properties.
  return Object.defineProperty(table, 'at', { value: at }) as Windows;
}
