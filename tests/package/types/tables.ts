// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Compiled, never run: tables that TypeScript must take as they are.

import { type Autoencoder, detect, type Table, train, windows } from 'anomalens';
import { Table as ArrowTable, tableFromArrays } from 'apache-arrow';
import { parse } from 'csv-parse/sync';

interface Order {
  id: number;
  amount: number | null;
  city?: string;
  paid: boolean;
  when: Date;
}
class Reading {
  constructor(
    readonly load: number,
    readonly at: Date,
  ) {}
}

declare const orders: Order[];
declare const readings: readonly Reading[];
declare const model: Autoencoder;
declare const unknownRows: Record<string, unknown>[];
declare const texts: string[][];
declare const dsv: (object | Record<string, string>)[] & { columns: string[] };

export const tables: Table[] = [
  orders,
  readings,
  dsv,
  texts,
  unknownRows,
  [[1, null, 'a', true, 3n, new Date()]],
  { a: [1, null], b: ['x', undefined], c: Float32Array.of(1, 2), d: new BigInt64Array(2) },
  { data: Int16Array.of(1, 2), columns: 2 },
  { data: [1, 2], columns: 2 },
  tableFromArrays({ a: [1] }),
  new ArrowTable({}),
  { columns: ['a'], values: [[1]], shape: [1, 1] },
];

export async function use(): Promise<void> {
  const { findings, flags, scores } = await detect(orders, {
    columns: { id: 'ignore', when: 'time' },
    contamination: 0.1,
  });
  const [first] = findings;
  const part: 'hour' | 'weekday' | 'day' | undefined = first?.reasons[0]?.part;
  await train(parse('a,b', { columns: true }));
  model.explain(orders[0] as Order);
  model.score({ load: [1, 2] });
  for (const { text, column, count } of model.report?.notes ?? []) console.log(text, column, count, part);
  for await (const { row } of model.stream(orders)) console.log(row, flags[0], scores[0]);
  windows({ time: [new Date()], load: [1] }, { length: 1 });
  // @ts-expect-error No such kind.
  await train(orders, { columns: { id: 'text' } });
  // @ts-expect-error A number is no table.
  await train(5);
}
