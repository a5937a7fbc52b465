// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { placeByName, placeInCycle } from './moments.ts';
import { type Category, categoryKey, misfitIn, type Plan, type PlannedPart, readerOf, readPlain } from './plans.ts';
import type { Steps } from './slices.ts';
import type { Tally } from './tally.ts';
import type { AskedKind } from './types.ts';

// What a column of training rows is.

/** A column is of a kind when more of its cells than this share are; a stray cell is then an error. */
const majority = 0.5;
/** Texts with more values than this may be identifiers. */
const manyValues = 20;
/** Words at the end of a name that make whole numbers, all of them different, an identifier. */
const naming: ReadonlySet<string> = new Set(['id', 'key', 'code', 'number']);

/** What is to be done with a column. */
export type Decision =
  | { readonly kind: 'number' | 'category' | 'date' | 'time' | 'constant'; readonly plan: Plan }
  /** It is left out. `cure` is what it may be said to be, so that it is not. */
  | { readonly kind: 'id' | 'empty' | 'ignored' | 'date'; readonly why: string; readonly cure?: AskedKind };

/** What the table as a whole and the caller say of a column. */
export interface Circumstances {
  readonly asked?: AskedKind | undefined;
  /** Whether another column of the table can only be read with decimal commas. */
  readonly decimalCommas: boolean;
  /** Whether the columns have names: those without are numbers, none of which is an identifier. */
  readonly named: boolean;
  /** Whether categories become a column of zeros and ones each. */
  readonly indicators: boolean;
  readonly column: number;
}

/** The kind of the cells as they are; undefined for an empty column. */
function kindOf(tally: Tally): 'number' | 'category' | 'date' | undefined {
  const { present, numerals, numbers, bigints, moments, dates } = tally;
  if (present === 0) return tally.words > 0 ? 'category' : undefined;
  // Zeros in front mean something only where all are whole: post codes, not measurements.
  const padded = numerals.padded > 0 && numerals.point + numerals.comma === 0;
  const counted = numbers + bigints + numerals.count;
  if (!padded && counted > majority * present) return 'number';
  if (dates + moments.count > majority * present) return 'date';
  return 'category';
}

/** Whether the cells of a column are numbers at all. */
export const isCounting = (tally: Tally): boolean => kindOf(tally) === 'number';

/** Whether the numbers of a column can only be read with decimal commas. */
export const provesDecimalCommas = (tally: Tally, asked: AskedKind | undefined): boolean =>
  (asked ?? kindOf(tally)) === 'number' && tally.numerals.provesComma;

/** Decides in steps what a column is. Throws `SHAPE` for a cell that does not fit, naming it. */
export function* decide(name: string, tally: Tally, about: Circumstances): Steps<Decision> {
  const { asked } = about;
  if (asked === 'ignore') return { kind: 'ignored', why: 'as the option columns says' };
  const found = kindOf(tally) ?? (asked === 'category' && tally.blanks > 0 ? asked : undefined);
  if (found === undefined) return { kind: 'empty', why: 'there is nothing in it' };
  const kind = asked ?? found;
  if (kind === 'category') return yield* categoryOf(name, tally, about);
  if (kind === 'number') return yield* numberOf(name, tally, about);
  return yield* dateOf(name, tally, kind, about);
}

// ------------------------------------------------------------------------------------------------ numbers
function* numberOf(name: string, tally: Tally, about: Circumstances): Steps<Decision> {
  const { numerals } = tally;
  const comma = numerals.comma > numerals.point || (numerals.point === 0 && about.decimalCommas);
  const unit = [...numerals.units].find((text) => text !== '') ?? '';
  const plan: Plan = {
    name,
    kind: 'number',
    ...(comma && { decimal: ',' as const }),
    ...(unit && { unit }),
    ...(tally.numbers + tally.bigints <= numerals.count && { texts: true }),
  };
  const why = about.asked || !about.named ? undefined : yield* idOf(name, tally, plan);
  if (why !== undefined) return { kind: 'id', why, cure: 'number' };
  yield* convert(tally, plan, about.column);
  return { kind: tally.isConstant() ? 'constant' : 'number', plan };
}

/** Why whole numbers are an identifier; undefined where they are none. */
function* idOf(name: string, tally: Tally, plan: Plan): Steps<string | undefined> {
  if (/\[-?\d+\]$/.test(name)) return undefined; // a moment of a series, which may well rise evenly
  const whole = yield* tally.wholeNumbers(plan);
  if (whole === undefined || whole.length <= manyValues) return undefined;
  const step = stepOf(whole);
  if (step !== undefined) return `its numbers count up by ${step}, as row numbers do`;
  if (naming.has(lastWord(name)) && (yield* tally.allDiffer()))
    return 'its numbers are all different and its name is that of an identifier';
  return undefined;
}

/** The fixed step by which numbers count up, row by row; undefined where there is none. */
function stepOf(whole: Float64Array): number | undefined {
  const step = (whole[1] as number) - (whole[0] as number);
  if (!(step > 0)) return undefined;
  for (let at = 1; at < whole.length; at++)
    if ((whole[at] as number) - (whole[at - 1] as number) !== step) return undefined;
  return step;
}

/** The last word of a name: `customerId`, `order_number`, `zip code`. */
const lastWord = (name: string): string =>
  (
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .match(/[\p{L}]+/gu)
      ?.at(-1) ?? ''
  ).toLowerCase();

// ------------------------------------------------------------------------------------------------ categories
function* categoryOf(name: string, tally: Tally, about: Circumstances): Steps<Decision> {
  const values = new Map<string | boolean, Category>();
  const plan: Plan = { name, kind: 'category', ...(about.asked && { asked: true }) };
  yield* tally.each((row, cell) => {
    if (readPlain(plan, cell) === null) return;
    const category = asCategory(cell);
    if (category === undefined) throw misfitIn(plan, { row, column: about.column, value: cell });
    const key = categoryKey(category);
    if (!values.has(key)) values.set(key, category);
  });
  if (values.size === 0) return { kind: 'empty', why: 'there is nothing in it' };
  const why = `${values.size} of its ${tally.rows} texts are different, as identifiers are`;
  if (!about.asked && values.size > manyValues && values.size > majority * tally.rows)
    return { kind: 'id', why, cure: 'category' };
  const whole: Plan = { ...plan, categories: sorted([...values.values()], about.indicators) };
  yield* convert(tally, whole, about.column);
  return { kind: values.size === 1 && tally.present === tally.rows ? 'constant' : 'category', plan: whole };
}

function asCategory(cell: unknown): Category | undefined {
  if (typeof cell === 'string' || typeof cell === 'boolean') return cell;
  if (typeof cell === 'bigint') return String(cell);
  if (typeof cell === 'number' && Number.isFinite(cell)) return cell;
  return undefined;
}

/** Booleans before numbers before texts, each in order. */
function sorted(values: readonly Category[], indicators: boolean): Category[] {
  const of = <Kind extends Category>(type: string) => values.filter((value): value is Kind => typeof value === type);
  return [
    ...of<boolean>('boolean').sort((a, b) => Number(a) - Number(b)),
    ...of<number>('number').sort((a, b) => a - b),
    ...of<string>('string').sort(indicators ? byUnits : byCodePoints),
  ];
}

const byUnits = (a: string, b: string): number => (a < b ? -1 : 1);

/** Unlike the order of UTF-16 units, that of every other language's texts. */
function byCodePoints(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
  // Surrogates stand for the code points above all others.
  if (isSurrogate(one) !== isSurrogate(other) && at < a.length && at < b.length) return isSurrogate(one) ? 1 : -1;
  return byUnits(a, b);
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

// ------------------------------------------------------------------------------------------------ dates
function* dateOf(name: string, tally: Tally, kind: 'date' | 'time', about: Circumstances): Steps<Decision> {
  const { moments } = tally;
  const dayFirst = moments.dayFirst > moments.monthFirst;
  const span = yield* tally.span(dayFirst);
  const marks = {
    ...(dayFirst && { dayFirst }),
    ...(span.dated && { dated: true }),
    ...(about.asked && { asked: true }),
  };
  const plan: Plan = { name, kind, ...marks };
  yield* convert(tally, plan, about.column);
  if (kind === 'time') return { kind, plan };
  const parts = span.parts.map(
    (part): PlannedPart => (about.indicators ? { part, labels: labelsOf(part, tally.converted) } : { part }),
  );
  if (span.still) return { kind, why: 'its dates are all the same', cure: 'time' };
  // Months of a series hardly repeat: the season is worth a column only to those who ask for it.
  if (span.monthly && !about.asked) return { kind, why: 'its dates number months, one after another', cure: 'date' };
  const why = 'its dates lie so close together that no hour, weekday or season can be learned from them';
  return parts.length === 0 ? { kind, why, cure: 'time' } : { kind, plan: { ...plan, parts } };
}

/** The names of the places that occur, in the order of the cycle. */
function labelsOf(part: PlannedPart['part'], cells: Float64Array): string[] {
  const places = new Map<string, number>();
  for (const ms of cells) if (!Number.isNaN(ms)) places.set(placeByName(part, ms), placeInCycle(part, ms));
  return [...places].sort((a, b) => a[1] - b[1]).map(([label]) => label);
}

// ------------------------------------------------------------------------------------------------ conversion
/** Puts the number of every cell into the tally. Throws for the first that does not fit. */
function* convert(tally: Tally, plan: Plan, column: number): Steps<void> {
  const read = readerOf(plan, true);
  yield* tally.each((row, cell) => {
    const number = read(cell);
    if (number === undefined) throw misfitIn(plan, { row, column, value: cell });
    tally.converted[row] = number;
  });
}
