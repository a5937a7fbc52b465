// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError, mustBe, show } from './error.ts';
import { isList, isObject, isTyped } from './guards.ts';
import type { RowRecord, Table } from './types.ts';

/** Where a feature's cells are: the index of a column, or its name. */
export type Place = number | string;

/** A table in any of its forms, seen cell by cell. */
export interface Grid {
  readonly rows: number;
  /** Names of the columns, where the form has names. */
  readonly names?: readonly string[];
  /** Number of columns. */
  readonly width: number;
  /** Set when all cells lie one after another, row by row: they can cross as they are. */
  readonly flat?: Float32Array | Float64Array;
  /** Whether every cell is float32 from the start. */
  readonly single: boolean;
  /** Throws `SHAPE` when a row is not one, or not as wide as the first. */
  checkRow(row: number): void;
  /** Any value at all: the caller checks it. */
  cell(row: number, place: Place): unknown;
}

type Numbers = ArrayLike<unknown>;

/** Throws a `SHAPE` error. */
export function refuse(message: string, place: { row?: number; column?: number } = {}): never {
  throw new AnomalensError('SHAPE', message, place);
}

const forms =
  'A table is an array of rows of numbers, { data: Float32Array | Float64Array, columns: number }, an object of columns by name, or an array of records';

/** Recognises the form of a table. Throws `SHAPE` for what is not a table, has no rows or has no columns. */
export function gridOf(table: Table): Grid {
  const given: unknown = table;
  const grid = isList(given)
    ? gridOfArray(given)
    : isObject(given)
      ? gridOfObject(given)
      : refuse(`${forms}, but got ${show(given)}.`);
  if (grid.width === 0) refuse('The table has no columns.');
  if (grid.rows === 0) refuse('The table has no rows.');
  return grid;
}

function gridOfArray(table: Numbers): Grid {
  if (isTyped(table)) {
    refuse(
      'Got one flat typed array. Pass { data, columns } to say how wide its rows are, or wrap a single row in an array: [row].',
    );
  }
  if (table.length === 0) refuse('The table has no rows.');
  const first = table[0];
  if (typeof first === 'number') {
    refuse(
      'Got one flat array of numbers. If it is a single row, wrap it in an array: [row]. If it holds many rows, pass { data: Float64Array.from(numbers), columns }.',
    );
  }
  if (isList(first)) return new RowGrid(table as ArrayLike<Numbers>, first.length);
  if (isObject(first)) return new RecordGrid(table as ArrayLike<RowRecord>);
  return refuse(mustBe('Row 0', 'an array of numbers or a record', first), { row: 0 });
}

function gridOfObject(table: Record<string, unknown>): Grid {
  const { data, columns } = table;
  if ((isTyped(data) || Array.isArray(data)) && typeof columns === 'number') return flatGrid(data, columns);
  return new ColumnGrid(table);
}

function flatGrid(data: unknown, columns: number): Grid {
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) {
    refuse(mustBe('data', 'a Float32Array or a Float64Array', data));
  }
  if (!Number.isInteger(columns) || columns < 0) refuse(mustBe('columns', 'a whole number above 0', columns));
  if (columns === 0) refuse('The table has no columns.');
  if (data.length % columns !== 0) {
    refuse(
      `data must hold whole rows of ${columns} numbers, but it holds ${data.length}: ${data.length % columns} are left over.`,
    );
  }
  return {
    rows: data.length / columns,
    width: columns,
    flat: data,
    single: data instanceof Float32Array,
    checkRow() {},
    cell: (row, place) => data[row * columns + (place as number)],
  };
}

class RowGrid implements Grid {
  readonly rows: number;
  readonly single = false;
  constructor(
    readonly table: ArrayLike<Numbers>,
    readonly width: number,
  ) {
    this.rows = table.length;
  }
  checkRow(row: number): void {
    const cells: unknown = this.table[row];
    if (!isList(cells)) refuse(mustBe(`Row ${row}`, 'an array of numbers like row 0', cells), { row });
    if (cells.length !== this.width) {
      refuse(
        `Row ${row} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, but row 0 has ${this.width}. All rows must be equally long.`,
        { row },
      );
    }
  }
  cell(row: number, place: Place): unknown {
    return (this.table[row] as Numbers)[place as number];
  }
}

class RecordGrid implements Grid {
  readonly rows: number;
  readonly names: readonly string[];
  readonly single = false;
  constructor(readonly table: ArrayLike<RowRecord>) {
    this.rows = table.length;
    const names = new Set<string>();
    for (let row = 0; row < this.rows; row++) {
      this.checkRow(row);
      for (const name of Object.keys(table[row] as RowRecord)) names.add(name);
    }
    this.names = [...names];
  }
  get width(): number {
    return this.names.length;
  }
  checkRow(row: number): void {
    const record: unknown = this.table[row];
    if (!isObject(record) || isList(record)) refuse(mustBe(`Row ${row}`, 'a record like row 0', record), { row });
  }
  cell(row: number, place: Place): unknown {
    return (this.table[row] as RowRecord)[place as string];
  }
}

class ColumnGrid implements Grid {
  readonly rows: number;
  readonly names: readonly string[];
  readonly single: boolean;
  constructor(readonly table: Record<string, unknown>) {
    this.names = Object.keys(table);
    this.rows = this.#lengthOf(0);
    for (let column = 1; column < this.names.length; column++) {
      const length = this.#lengthOf(column);
      if (length === this.rows) continue;
      refuse(
        `Column ${show(this.names[column])} has ${length} cells, but column ${show(this.names[0])} has ${this.rows}.`,
        { column },
      );
    }
    this.single = this.names.every((name) => table[name] instanceof Float32Array);
  }
  #lengthOf(column: number): number {
    const name = this.names[column];
    if (name === undefined) return 0;
    const cells: unknown = this.table[name];
    const length: unknown = isObject(cells) ? cells.length : undefined;
    if (Number.isInteger(length) && (length as number) >= 0) return length as number;
    return refuse(`${forms}. Taken as columns by name, ${mustBe(`column ${show(name)}`, 'an array', cells)}`, {
      column,
    });
  }
  get width(): number {
    return this.names.length;
  }
  checkRow(): void {}
  cell(row: number, place: Place): unknown {
    return (this.table[place as string] as Numbers)[row];
  }
}
