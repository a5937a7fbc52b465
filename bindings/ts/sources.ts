// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { reading } from './cells.ts';
import { type Encoder, listed } from './encoder.ts';
import { show } from './error.ts';
import { GridCells, Rows } from './rows.ts';
import { placesOf, rowsBeforeBlank, underHeader } from './shape.ts';
import { atOnce } from './slices.ts';
import { type Grid, gridOf, type Place, refuse } from './table.ts';
import type { Table } from './types.ts';

// Rows for a model that knows its columns.

/** The rows of any table that has the columns of `encoder`, `whole` with blank ones at its end. Throws `SHAPE` if it has not. */
export function sourceOf(encoder: Encoder, table: Table, whole = false): Rows {
  return reading(() => {
    const found = gridOf(table);
    const grid = underHeader(found, new Set(encoder.plans.map(({ name }) => name))) ?? found;
    const places = placesIn(grid, encoder);
    // A row is blank in all columns that training saw, those that are left out, too.
    const all = grid.names ? encoder.names : placesOf(grid);
    return rowsIn(grid, encoder, places, whole ? grid.rows : rowsBeforeBlank(grid, all));
  });
}

/** The first `rows` rows of a grid whose columns are at these places. */
export const rowsIn = (grid: Grid, encoder: Encoder, places: readonly Place[], rows: number): Rows =>
  new Rows(new GridCells(grid, encoder.plans, places, rows), encoder, grid);

function placesIn(grid: Grid, encoder: Encoder): readonly Place[] {
  const names = encoder.plans.map(({ name }) => name);
  if (grid.names === undefined) return placesInOrder(grid, encoder, names);
  const present = new Set(grid.names);
  const has = (name: string) => grid.has?.(name) ?? present.has(name);
  for (const [column, name] of names.entries()) {
    // A record of its own may lack what others have; of a table somebody has forgotten a column.
    if (has(name) || (grid.gather && grid.rows === 1 && encoder.manner.missing && names.some(has))) continue;
    if (grid.gather) atOnce(grid.gather());
    refuse(`The table must have a column ${show(name)}, but it has only ${listed(grid.names)}.`, { column });
  }
  return names;
}

/** Of a table without names: the columns in the order of the training rows, or only those that the model takes. */
function placesInOrder({ width }: Grid, encoder: Encoder, names: readonly string[]): readonly Place[] {
  if (width === encoder.names.length) {
    const places = new Map(encoder.names.map((name, index) => [name, index]));
    return names.map((name) => places.get(name) as number);
  }
  if (width === names.length) return names.map((_, index) => index);
  const columns = names.length === 1 ? 'column' : 'columns';
  return refuse(`The rows must have ${names.length} ${columns} (${listed(names)}), but they have ${width}.`);
}
