// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import { isList, isObject } from './guards.ts';

// Tables of other packages, known by what they can do: none of them is imported.

/** Arrow's numbers for types of columns (Schema.fbs). */
const arrow = { decimal: 7, date: 8, time: 9, timestamp: 10 } as const;
/** Parts of a second by Arrow's number for a unit: seconds, milliseconds, microseconds, nanoseconds. */
const unitsPerSecond = [1, 1e3, 1e6, 1e9] as const;

interface ArrowField {
  readonly name: string;
  readonly type?: { readonly typeId?: number; readonly scale?: number; readonly unit?: number };
}

interface ArrowVector {
  readonly length: number;
  get(row: number): unknown;
}

/** The columns of an Arrow table, or of a reader of DuckDB, by name; undefined for anything else. */
export function columnsOfArrow(table: Record<string, unknown>): ReadonlyMap<string, unknown> | undefined {
  const { schema, getChildAt, getColumnsObject } = table;
  if (typeof getColumnsObject === 'function') {
    return new Map(Object.entries(getColumnsObject.call(table) as Record<string, unknown>));
  }
  if (!isObject(schema) || !isList(schema.fields) || typeof getChildAt !== 'function') return undefined;
  const fields = Array.from(schema.fields as ArrayLike<ArrowField>);
  if (new Set(fields.map(({ name }) => name)).size < fields.length)
    throw new AnomalensError('SHAPE', 'Two columns of the table have the same name. Give each its own.');
  return new Map(fields.map((field, at) => [field.name, readBy(field, getChildAt.call(table, at) as ArrowVector)]));
}

/** Dates, times and decimals are numbers in Arrow, which mean something only with their column's type. */
function readBy({ type }: ArrowField, vector: ArrowVector): unknown {
  const meaning = meaningOf(type ?? {});
  if (meaning === undefined) return vector;
  return {
    get length() {
      return vector.length;
    },
    get(row: number) {
      const cell = vector.get(row);
      return cell === null || cell === undefined ? null : meaning(cell);
    },
  };
}

function meaningOf({ typeId, scale = 0, unit = 0 }: NonNullable<ArrowField['type']>) {
  if (typeId === arrow.decimal) return (cell: unknown) => Number(`${cell}e${-scale}`);
  if (typeId === arrow.date || typeId === arrow.timestamp) return (cell: unknown) => new Date(Number(cell));
  if (typeId === arrow.time) {
    const perSecond = unitsPerSecond[unit] ?? 1;
    return (cell: unknown) => new Date((Number(cell) / perSecond) * 1000).toISOString().slice(11, 19);
  }
  return undefined;
}

/** The rows and names of a data frame as Danfo has them; undefined for anything else. */
export function frameOf(
  table: Record<string, unknown>,
): { readonly rows: ArrayLike<ArrayLike<unknown>>; readonly names: readonly string[] } | undefined {
  const { columns, values, shape } = table;
  if (!Array.isArray(columns) || !isList(values) || !isList(shape)) return undefined;
  const names = columns.map(String);
  if (values.length > 0 && !isList(values[0])) {
    return names.length === 1 ? { rows: Array.from(values, (cell) => [cell]), names } : undefined;
  }
  return { rows: values as ArrayLike<ArrayLike<unknown>>, names };
}
