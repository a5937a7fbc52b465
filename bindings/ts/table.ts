// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { reading } from './cells.ts';
import { AnomalensError, mustBe, show } from './error.ts';
import { columnsOfArrow, frameOf } from './frames.ts';
import { isList, isObject, isTyped, lengthOf } from './guards.ts';
import type { Steps } from './slices.ts';
import type { RowRecord, Table } from './types.ts';
import { type Numbers, numbersIn } from './views.ts';

/** Where a column's cells are: its index, or its name. */
export type Place = number | string;

/** A table in any of its forms, seen cell by cell. Reading may call the caller's getters, which may throw anything. */
export interface Grid {
  readonly rows: number;
  /** Number of columns. Of records, to be asked for after `gather` only. */
  readonly width: number;
  /** Names of the columns, where the form has names. Of records, to be asked for after `gather` only. */
  readonly names?: readonly string[];
  /** Looks over records for their names. */
  gather?(): Steps<void>;
  /** Set when all cells lie one after another, row by row, as floats or doubles: they can cross as they are. */
  readonly flat?: Float32Array | Float64Array;
  /** Whether every cell is float32 from the start. */
  readonly single: boolean;
  /** Throws `SHAPE` unless these rows are still there and as wide as the first. */
  check(first: number, count: number): void;
  /** Any value at all: the caller checks it. */
  cell(row: number, place: Place): unknown;
  /** How many cells a row has of its own. */
  cells(row: number): number;
  /** Whether some record has a column of this name. */
  has?(name: string): boolean;
  /** A whole column of numbers, where it lies in one typed array. */
  numbers?(place: Place): Numbers | undefined;
}

/** Throws a `SHAPE` error. */
export function refuse(message: string, place: { row?: number; column?: number } = {}): never {
  throw new AnomalensError('SHAPE', message, place);
}

export const changed = (what: string): never =>
  refuse(`${what} while it was taken in. Leave the table as it is until the promise settles.`);

const forms =
  'A table is an array of rows, { data: Float32Array | Float64Array, columns: number }, an object of columns by name, an array of records, or a table of Arrow, DuckDB or Danfo';

/** Recognises the form of a table. Throws `SHAPE` for what is not a table, has no rows or has no columns. */
export function gridOf(table: Table): Grid {
  const given: unknown = table;
  const grid = isList(given)
    ? gridOfArray(given)
    : isObject(given)
      ? gridOfObject(given)
      : refuse(`${forms}, but got ${show(given)}.`);
  if (grid.gather === undefined && grid.width === 0) refuse('The table has no columns.');
  if (grid.rows === 0) refuse('The table has no rows.');
  return grid;
}

function gridOfArray(table: ArrayLike<unknown>): Grid {
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
  if (isList(first)) return new RowGrid(table as ArrayLike<ArrayLike<unknown>>);
  if (isObject(first)) return new RecordGrid(table as ArrayLike<RowRecord>);
  const cure =
    typeof first === 'string' ? ' Lines of a CSV file must go through a parser first, such as d3.csvParse.' : '';
  return refuse(`${mustBe('Row 0', 'an array of cells or a record', first)}${cure}`, { row: 0 });
}

function gridOfObject(table: Record<string, unknown>): Grid {
  const frame = frameOf(table);
  if (frame) return new RowGrid(frame.rows, frame.names);
  refuseMistakes(table);
  const columns = columnsOfArrow(table);
  if (columns) return new ColumnGrid(columns);
  const { data, columns: width } = table;
  if (isList(data) && typeof width === 'number') return flatGrid(data, width);
  return new ColumnGrid(new Map(Object.keys(table).map((name) => [name, table[name]])));
}

/** What people pass that is nearly a table. Throws `SHAPE` with the cure. */
function refuseMistakes(table: Record<string, unknown>): void {
  if (typeof table.then === 'function') refuse(`${forms}, but got a promise. Put await in front of it.`);
  if (table instanceof Map || table instanceof Set) refuse(`${forms}, but got ${show(table)}. Make an array of it.`);
  if (Array.isArray(table.data) && isObject(table.meta))
    refuse('Got what Papa.parse returns. Pass its data: detect(result.data).');
}

function flatGrid(data: ArrayLike<unknown>, columns: number): Grid {
  if (!Number.isInteger(columns) || columns < 0) refuse(mustBe('columns', 'a whole number above 0', columns));
  if (columns === 0) refuse('The table has no columns.');
  const numbers = numbersIn(data);
  const length = sizeOf(data);
  if (length % columns !== 0) {
    refuse(
      `data must hold whole rows of ${columns} numbers, but it holds ${length}: ${length % columns} are left over.`,
    );
  }
  const cells: ArrayLike<unknown> = numbers ?? data;
  const flat = numbers instanceof Float32Array || numbers instanceof Float64Array ? numbers : undefined;
  return {
    rows: length / columns,
    width: columns,
    ...(flat && { flat }),
    single: flat instanceof Float32Array,
    check() {
      if (sizeOf(data) !== length || cells.length !== length) changed('data was shrunk or transferred');
    },
    cell: (row, place) => cells[row * columns + (place as number)],
    cells: () => columns,
  };
}

/** The length of a list. Throws `SHAPE` for a typed array that says another one than it has. */
function sizeOf(list: ArrayLike<unknown>): number {
  const { length } = list;
  if (!isTyped(list) || length === lengthOf(list)) return length;
  return refuse(`A typed array says that its length is ${length}, but it holds ${lengthOf(list)} numbers.`);
}

/** Rows as lists of cells. */
export class RowGrid implements Grid {
  readonly rows: number;
  readonly width: number;
  readonly single = false;
  readonly names?: readonly string[];
  readonly #table: ArrayLike<ArrayLike<unknown>>;
  /** Rows of the caller's list before the first one: those that hold names. */
  readonly #before: number;
  readonly #places: ReadonlyMap<Place, number>;

  constructor(table: ArrayLike<ArrayLike<unknown>>, names?: readonly string[], before = 0) {
    this.#table = table;
    this.#before = before;
    this.rows = table.length - before;
    this.width = this.rows > 0 || before > 0 ? sizeOf(table[0] as ArrayLike<unknown>) : (names?.length ?? 0);
    if (names) this.names = names;
    this.#places = new Map(names?.map((name, index) => [name, index]));
    if (names && names.length !== this.width)
      refuse(`The table has names for ${names.length} columns, but its rows have ${this.width} cells.`);
  }

  /** The same without its first row, which holds the names of the columns. */
  under(names: readonly string[]): RowGrid {
    return new RowGrid(this.#table, names, 1);
  }

  check(first: number, count: number): void {
    if (this.#table.length - this.#before < this.rows) changed('The table became shorter');
    for (let row = first; row < first + count; row++) this.#checkRow(row);
  }
  #checkRow(row: number): void {
    const cells: unknown = this.#table[row + this.#before];
    if (!isList(cells)) refuse(mustBe(`Row ${row}`, 'an array of cells like row 0', cells), { row });
    const length = sizeOf(cells);
    if (length === this.width) return;
    refuse(
      `Row ${row} has ${length} ${length === 1 ? 'cell' : 'cells'}, but row 0 has ${this.width}. All rows must be equally long.`,
      { row },
    );
  }
  cells(row: number): number {
    return this.row(row).length;
  }
  /** The cells of a row; none where there is no list. */
  row(row: number): ArrayLike<unknown> {
    const cells: unknown = this.#table[row + this.#before];
    return isList(cells) ? cells : [];
  }
  cell(row: number, place: Place): unknown {
    const cells = this.#table[row + this.#before];
    if (cells === undefined) return changed('The table became shorter');
    if (cells === null) return this.#checkRow(row);
    return cells[typeof place === 'number' ? place : (this.#places.get(place) as number)];
  }
}

/** Whether an object has something of its own, or of its class, under a name. What all objects have is not meant. */
const holds = (record: object, name: string): boolean =>
  Object.hasOwn(record, name) || (name in record && !(name in Object.prototype));

/** The getters that a class has for its objects: columns like any other. */
function getterNames(record: RowRecord | undefined): string[] {
  const prototype: unknown = isObject(record) && !isList(record) ? Object.getPrototypeOf(record) : null;
  if (!isObject(prototype) || Object.getPrototypeOf(prototype) === null) return [];
  const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  return members.filter(([, { get }]) => get !== undefined).map(([name]) => name);
}

/** Records that are looked over in one step: some milliseconds. */
const recordsOfStep = 10_000;

class RecordGrid implements Grid {
  readonly rows: number;
  names: readonly string[] = [];
  readonly single = false;
  readonly #table: ArrayLike<RowRecord>;

  constructor(table: ArrayLike<RowRecord>) {
    this.#table = table;
    this.rows = table.length;
  }
  *gather(): Steps<void> {
    const names = new Set<string>(reading(() => getterNames(this.#table[0])));
    for (let first = 0; first < this.rows; first += recordsOfStep) {
      reading(() => this.#gatherFrom(first, names));
      yield;
    }
    this.names = [...names];
    if (names.size === 0) refuse('The table has no columns.');
  }
  #gatherFrom(first: number, names: Set<string>): void {
    const end = Math.min(first + recordsOfStep, this.rows);
    for (let row = first; row < end; row++) {
      this.#checkRow(row);
      for (const name of Object.keys(this.#table[row] as RowRecord)) names.add(name);
    }
  }
  cells(row: number): number {
    const record: unknown = this.#table[row];
    return isObject(record) ? Object.keys(record).length : 0;
  }
  get width(): number {
    return this.names.length;
  }
  has(name: string): boolean {
    return Array.prototype.some.call(this.#table, (record: unknown) => isObject(record) && holds(record, name));
  }
  check(first: number, count: number): void {
    if (this.#table.length < this.rows) changed('The table became shorter');
    for (let row = first; row < first + count; row++) this.#checkRow(row);
  }
  #checkRow(row: number): void {
    const record: unknown = this.#table[row];
    if (!isObject(record) || isList(record)) refuse(mustBe(`Row ${row}`, 'a record like row 0', record), { row });
  }
  cell(row: number, place: Place): unknown {
    const record = this.#table[row];
    if (record === undefined) return changed('The table became shorter');
    return holds(record, place as string) ? (record as Record<string, unknown>)[place as string] : undefined;
  }
}

/** A column that is no list: it gives its cells one by one, as Arrow's vectors do, or by their numbers. */
interface Vector {
  readonly length: number;
  readonly [row: number]: unknown;
  get?(row: number): unknown;
  at?(row: number): unknown;
}

/** The cells of one column. */
interface Column {
  readonly length: number;
  readonly numbers?: Numbers | undefined;
  cell(row: number): unknown;
}

class ColumnGrid implements Grid {
  readonly rows: number;
  readonly names: readonly string[];
  readonly single: boolean;
  readonly #columns: ReadonlyMap<string, Column>;

  constructor(table: ReadonlyMap<string, unknown>) {
    this.names = [...table.keys()];
    this.#columns = new Map([...table].map(([name, cells], column) => [name, columnOf(name, cells, column)]));
    const columns = [...this.#columns.values()];
    this.rows = columns[0]?.length ?? 0;
    const column = columns.findIndex(({ length }) => length !== this.rows);
    if (column >= 0) {
      const { length } = columns[column] as Column;
      refuse(
        `Column ${show(this.names[column])} has ${length} cells, but column ${show(this.names[0])} has ${this.rows}.`,
        { column },
      );
    }
    this.single = columns.length > 0 && columns.every(({ numbers }) => numbers instanceof Float32Array);
  }
  get width(): number {
    return this.names.length;
  }
  check(): void {
    for (const [name, { length }] of this.#columns)
      if (length < this.rows) changed(`Column ${show(name)} was shrunk or transferred`);
  }
  cell(row: number, place: Place): unknown {
    return this.#columns.get(place as string)?.cell(row);
  }
  cells(): number {
    return this.width;
  }
  numbers(place: Place): Numbers | undefined {
    return this.#columns.get(place as string)?.numbers;
  }
}

function columnOf(name: string, cells: unknown, column: number): Column {
  const numbers = isList(cells) && sizeOf(cells) > 0 ? numbersIn(cells) : undefined;
  if (numbers) {
    return {
      get length() {
        return numbers.length;
      },
      numbers,
      cell: (row) => numbers[row],
    };
  }
  if (isList(cells))
    return {
      get length() {
        return sizeOf(cells);
      },
      cell: (row) => cells[row],
    };
  if (isVector(cells)) {
    const get = cells.get ?? cells.at;
    return {
      get length() {
        return cells.length;
      },
      cell: (row) => (get ? get.call(cells, row) : cells[row]),
    };
  }
  return refuse(`${forms}. Taken as columns by name, ${mustBe(`column ${show(name)}`, 'an array', cells)}`, { column });
}

const isVector = (cells: unknown): cells is Vector =>
  isObject(cells) && Number.isInteger(cells.length) && (cells.length as number) >= 0;
