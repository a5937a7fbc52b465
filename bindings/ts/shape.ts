// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { plainOf, unreadable } from './cells.ts';
import { momentIn } from './moments.ts';
import { numeralIn, saysNoNumber } from './numerals.ts';
import { type Grid, type Place, RowGrid } from './table.ts';

// What a table's rows are apart from rows of data: names in the first one, nothing in the last one.

/** Rows that are looked at to tell names from data. */
const rowsLookedAt = 100;

/** The places of a grid's columns. */
export const placesOf = ({ names, width }: Grid): readonly Place[] =>
  names ?? Array.from({ length: width }, (_, index) => index);

const isBlank = (value: unknown): boolean => {
  const cell = plainOf(value);
  return cell === null || (typeof cell === 'string' && cell.trim() === '');
};

/** Whether a row is the single cell that a blank line of a file becomes. */
const isBlankLine = (grid: Grid, row: number): boolean => grid.cells(row) === 1 && grid.cells(0) > 1;

/** Whether cells that are all blank are those of a blank row: a row of missing numbers is none. */
export const areOfBlankRow = (cells: readonly unknown[], grid: Grid, row: number): boolean =>
  cells.every(isBlank) && (cells.some((cell) => typeof cell === 'string') || isBlankLine(grid, row));

/** The rows before those at the end that are blank in these columns, as a last line break leaves one. */
export function rowsBeforeBlank(grid: Grid, places: readonly Place[]): number {
  let { rows } = grid;
  while (rows > 1 && isBlankAt(grid, places, rows - 1)) rows--;
  return rows;
}

function isBlankAt(grid: Grid, places: readonly Place[], row: number): boolean {
  if (grid.flat) return false;
  try {
    const cells = grid instanceof RowGrid && isBlankLine(grid, row) ? Array.from(grid.row(row)) : undefined;
    return areOfBlankRow(cells ?? places.map((place) => grid.cell(row, place)), grid, row);
  } catch (error) {
    return unreadable(error, { row });
  }
}

/** The rows before blank lines at the end, which in a list of rows are shorter than the others. */
export function rowsOf(grid: Grid): number {
  return grid instanceof RowGrid && isBlankLine(grid, grid.rows - 1) ? rowsBeforeBlank(grid, []) : grid.rows;
}

/**
 * The names that the first row holds, when all its cells are texts: an empty one is called after its place, one that is there
 * already gets a number. undefined otherwise.
 */
function namesIn(grid: Grid): readonly string[] | undefined {
  if (!(grid instanceof RowGrid) || grid.names || grid.width > 100_000) return undefined;
  const texts = placesOf(grid).map((place) => grid.cell(0, place));
  if (!texts.every((text): text is string => typeof text === 'string')) return undefined;
  const names = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const name = text.trim() === '' ? `f${index + 1}` : text;
    let free = name;
    for (let count = 2; names.has(free); count++) free = `${name} (${count})`;
    names.add(free);
  }
  return texts.some((text) => text.trim() !== '') ? [...names] : undefined;
}

/** The grid below its first row, where that holds exactly these names, or all of them among others. */
export function underHeader(grid: Grid, names: ReadonlySet<string>): Grid | undefined {
  const texts = namesIn(grid);
  if (!texts) return undefined;
  const found = new Set(texts);
  return [...names].every((name) => found.has(name)) ? (grid as RowGrid).under(texts) : undefined;
}

/**
 * The grid below its first row, where that holds names: texts, none of them a number or a date, at least one of them above a
 * column of numbers or dates.
 */
export function underNames(grid: Grid): Grid | undefined {
  const names = grid.rows < 2 ? undefined : namesIn(grid);
  if (!names || names.some(isValue)) return undefined;
  return placesOf(grid).some((place) => isValueColumn(grid, place)) ? (grid as RowGrid).under(names) : undefined;
}

const isValue = (text: string): boolean =>
  saysNoNumber(text) ||
  numeralIn(text, '.') !== undefined ||
  numeralIn(text, ',') !== undefined ||
  momentIn(text, false) !== undefined;

/** Whether most of the cells below the first one are numbers or dates. */
function isValueColumn(grid: Grid, place: Place): boolean {
  const end = Math.min(grid.rows, rowsLookedAt);
  let [values, present] = [0, 0];
  for (let row = 1; row < end; row++) {
    const cell = plainOf(grid.cell(row, place));
    if (cell === null || (typeof cell === 'string' && saysNoNumber(cell))) continue;
    present++;
    if (typeof cell === 'string' ? isValue(cell) : typeof cell !== 'boolean') values++;
  }
  return values > present / 2;
}
