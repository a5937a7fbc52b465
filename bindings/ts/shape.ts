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

/** The rows before those at the end that are blank, as a last line break leaves one. */
export function rowsBeforeBlank(grid: Grid): number {
  let { rows } = grid;
  while (rows > 1 && isBlankAt(grid, rows - 1)) rows--;
  return rows;
}

/** The same where blank rows are of another length than the first one: as lists of cells they may be. */
export function rowsOf(grid: Grid): number {
  return grid instanceof RowGrid && grid.row(grid.rows - 1).length !== grid.width ? rowsBeforeBlank(grid) : grid.rows;
}

/** Whether a row is blank. A row of missing numbers is none: it holds no text. */
function isBlankAt(grid: Grid, row: number): boolean {
  if (grid.flat) return false;
  try {
    return isBlankRow(grid, row);
  } catch (error) {
    return unreadable(error, { row });
  }
}

function isBlankRow(grid: Grid, row: number): boolean {
  const cells = Array.from(grid.row(row));
  return cells.some((cell) => typeof cell === 'string') && cells.every(isBlank);
}

/** The texts in the first row, when all its cells are different texts; undefined otherwise. */
function textsOf(grid: Grid): readonly string[] | undefined {
  if (!(grid instanceof RowGrid) || grid.names || grid.rows < 2 || grid.width > 100_000) return undefined;
  const texts = placesOf(grid).map((place) => grid.cell(0, place));
  const fits = texts.every((text): text is string => typeof text === 'string' && text.trim() !== '');
  return fits && new Set(texts).size === texts.length ? texts : undefined;
}

/** The grid below its first row, where that holds exactly these names, or all of them among others. */
export function underHeader(grid: Grid, names: ReadonlySet<string>): Grid | undefined {
  const texts = textsOf(grid);
  if (!texts) return undefined;
  const found = new Set(texts);
  return [...names].every((name) => found.has(name)) ? (grid as RowGrid).under(texts) : undefined;
}

/**
 * The grid below its first row, where that holds names: different texts, none of them a number or a date, at least one of
 * them above a column of numbers or dates.
 */
export function underNames(grid: Grid): Grid | undefined {
  const texts = textsOf(grid);
  if (!texts || texts.some(isValue)) return undefined;
  return placesOf(grid).some((place) => isValueColumn(grid, place)) ? (grid as RowGrid).under(texts) : undefined;
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
