// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { plainOf, reading, unreadable } from './cells.ts';
import { Encoder, listed, type Manner } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import { decide, isCounting, provesDecimalCommas } from './kinds.ts';
import { notesOn } from './notes.ts';
import type { Plan } from './plans.ts';
import { KnownCells, Rows } from './rows.ts';
import { areOfBlankRow, placesOf, rowsOf, underNames } from './shape.ts';
import type { Steps } from './slices.ts';
import { rowsIn } from './sources.ts';
import { type Grid, gridOf, type Place } from './table.ts';
import { Tally } from './tally.ts';
import type { ModelOptions, Note, Table } from './types.ts';
import { Written } from './written.ts';

// How a model learns what the columns of its training rows are.

/** Cells that are read in one step: some milliseconds. */
const cellsOfStep = 20_000;

/** What there is to know of a table of training rows. */
export interface Learned {
  readonly encoder: Encoder;
  /** The rows, of which nothing is read a second time. */
  readonly source: Rows;
  readonly notes: readonly Note[];
}

/** What the options of a model say of the columns. */
type Said = Pick<ModelOptions, 'features' | 'columns'>;

/**
 * Learns in steps what the columns of a table are, and reads it: every cell once. `admit` is told the size before
 * anything else happens, and throws where it is too large. Throws `SHAPE`, `NON_FINITE` and `BAD_OPTION`.
 */
export function* learn(
  table: Table,
  said: Said,
  manner: Manner,
  admit: (rows: number, columns: number) => void,
): Steps<Learned> {
  const found = reading(() => gridOf(table));
  if (found.gather) yield* found.gather();
  if (!found.names) admit(found.rows, found.width);
  else refuseWholeLines(found.names);
  const under = reading(() => underNames(found));
  const grid = under ?? found;
  const names = reading(() => chosenNames(grid, said.features));
  checkAsked(said, names);
  if (found.names) admit(found.rows, names.length);
  const places: readonly Place[] = grid.names ? names : placesOf(grid);
  if (grid.flat && said.columns === undefined) return flatly(grid, names, places, manner);
  const rows = reading(() => rowsOf(grid));
  const tallies = places.map(() => new Tally(rows));
  yield* read(grid, rows, places, tallies);
  const notes: Note[] = under ? [headerNote] : [];
  const blank = grid.rows - rows + skipBlank(grid, places, tallies);
  if (blank > 0) notes.push(blankNote(blank));
  const named = grid.names !== undefined || tallies.some(({ mixed }) => mixed);
  return yield* decided(names, tallies, { said, manner, named, notes, grid, places });
}

const headerNote: Note = {
  what: 'names',
  count: 1,
  text: 'The first row holds the names of the columns. Rows count from the one after it.',
};
const blankNote = (count: number): Note => ({
  what: 'skipped',
  count,
  text: count === 1 ? 'The last row is blank and was skipped.' : `The last ${count} rows are blank and were skipped.`,
});

/** A table of nothing but numbers without names, which crosses as it is. */
function flatly(grid: Grid, names: readonly string[], places: readonly Place[], manner: Manner): Learned {
  const plans = names.map((name): Plan => ({ name, kind: 'number', written: new Written() }));
  const encoder = new Encoder(plans, manner);
  return { encoder, source: rowsIn(grid, encoder, places, grid.rows), notes: [] };
}

/** Puts all cells of the first `rows` rows into the tallies. */
function* read(grid: Grid, rows: number, places: readonly Place[], tallies: readonly Tally[]): Steps<void> {
  const step = Math.max(1, Math.floor(cellsOfStep / places.length));
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    readSome(grid, places, tallies, first, count);
    yield;
  }
}

function readSome(grid: Grid, places: readonly Place[], tallies: readonly Tally[], first: number, count: number) {
  let row = first;
  try {
    grid.check(first, count);
    for (const [column, place] of places.entries()) {
      const tally = tallies[column] as Tally;
      for (row = first; row < first + count; row++) tally.see(row, plainOf(grid.cell(row, place)));
    }
  } catch (error) {
    unreadable(error, { row });
  }
}

/** Takes blank last rows off; returns how many. */
function skipBlank(grid: Grid, places: readonly Place[], tallies: readonly Tally[]): number {
  const [{ rows: all }] = tallies as [Tally];
  const chosen = new Set(places);
  const others = placesOf(grid).filter((place) => !chosen.has(place));
  const cellsOf = (row: number) => [
    ...tallies.map((tally) => tally.cell(row)),
    ...others.map((place) => grid.cell(row, place)),
  ];
  const isBlank = (row: number) => reading(() => areOfBlankRow(cellsOf(row), grid, row));
  let rows = all;
  while (rows > 1 && isBlank(rows - 1)) rows--;
  for (const tally of tallies) tally.end(rows);
  return all - rows;
}

interface Context {
  readonly said: Said;
  readonly manner: Manner;
  readonly named: boolean;
  readonly notes: Note[];
  readonly grid: Grid;
  readonly places: readonly Place[];
}

function* decided(names: readonly string[], tallies: readonly Tally[], context: Context): Steps<Learned> {
  const { said, manner, named, notes, grid } = context;
  const askedOf = (name: string) =>
    said.columns && Object.hasOwn(said.columns, name) ? said.columns[name] : undefined;
  const decimalCommas = tallies.some((tally, column) => provesDecimalCommas(tally, askedOf(names[column] ?? '')));
  const plans: Plan[] = [];
  const columns: Float64Array[] = [];
  const places: Place[] = [];
  const left: string[] = [];
  const told: Note[][] = [];
  for (const [column, name] of names.entries()) {
    const tally = tallies[column] as Tally;
    const indicators = manner.form === 'indicators';
    const about = { asked: askedOf(name), decimalCommas, named, indicators, column };
    const decision = yield* decide(name, tally, about);
    // Of columns without names there is nothing to say but that they are numbers.
    told.push(notesOn(name, decision, tally).filter(({ what }) => named || what !== 'read'));
    if ('plan' in decision) {
      plans.push(withWritten(decision.plan));
      columns.push(tally.converted);
      places.push(context.places[column] as Place);
    } else {
      left.push(`${show(name)} (${decision.why})`);
    }
    yield;
  }
  if (plans.length === 0 && context.named && tallies.some((tally) => isCounting(tally))) {
    // Better numbers that count up than nothing at all.
    return yield* decided(names, tallies, { ...context, named: false });
  }
  if (plans.length === 0) throw nothingLeft(left);
  notes.push(...told.flat());
  const encoder = new Encoder(plans, manner, grid.names ?? names);
  const rows = tallies[0]?.rows ?? 0;
  const raw = (row: number, column: number) => reading(() => grid.cell(row, places[column] as Place));
  const known = new KnownCells(columns, rows, raw);
  return { encoder, source: new Rows(known, encoder, { single: grid.single }), notes };
}

/** Throws where a file was split at another character than the one that separates its cells. */
function refuseWholeLines([name, ...others]: readonly string[]): void {
  const separator = others.length === 0 ? /[;\t|]/.exec(name ?? '')?.[0] : undefined;
  if (separator === undefined) return;
  const message = `The table has one column, called ${show(name)}. Its cells seem to be separated by ${show(separator)}: tell the CSV parser so.`;
  throw new AnomalensError('SHAPE', message, { column: 0 });
}

const withWritten = (plan: Plan): Plan => (plan.kind === 'number' ? { ...plan, written: new Written() } : plan);

const nothingLeft = (left: readonly string[]) =>
  new AnomalensError(
    'SHAPE',
    `There is nothing to learn from: every column is left out. ${listed(left)}. Say columns: { name: 'number' } or 'category' to take one in all the same.`,
  );

function chosenNames(grid: Grid, features: readonly string[] | undefined): readonly string[] {
  const bad = (message: string) => new AnomalensError('BAD_OPTION', message, { option: 'features' });
  if (grid.names === undefined) {
    if (features === undefined) return Array.from({ length: grid.width }, (_, index) => `f${index + 1}`);
    if (features.length === grid.width) return features;
    throw bad(`features must name all ${grid.width} columns of the table, but it holds ${features.length} names.`);
  }
  const twice = grid.names.length > new Set(grid.names).size;
  if (twice) throw new AnomalensError('SHAPE', 'Two columns of the table have the same name. Give each its own.');
  if (features === undefined) return grid.names;
  const known = new Set(grid.names);
  for (const name of features) {
    if (!known.has(name)) throw bad(`features names ${show(name)}, but the table has only ${listed(grid.names)}.`);
  }
  return features;
}

/** Throws `BAD_OPTION` for a kind that is said of no column. */
function checkAsked({ columns }: Said, names: readonly string[]): void {
  if (columns === undefined) return;
  const known = new Set(names);
  for (const name of Object.keys(columns)) {
    if (known.has(name)) continue;
    const marked = names.some((one) => one.startsWith('\ufeff'));
    const cure = marked ? ' The first name begins with an invisible byte order mark: take it off the text.' : '';
    const message = `columns names ${show(name)}, but the table has only ${listed(names)}.${cure}`;
    throw new AnomalensError('BAD_OPTION', message, { option: 'columns' });
  }
}
