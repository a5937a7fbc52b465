// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isMoment, plainOf, reading } from './cells.ts';
import { AnomalensError, mustBe } from './error.ts';
import { findings, pValues } from './findings.ts';
import { columnsOfArrow, frameOf } from './frames.ts';
import { isArray, isList, isObject, isTyped } from './guards.ts';
import { flagging, ofOneModel } from './judging.ts';
import type { Model } from './model.ts';
import { Slices, type Steps } from './slices.ts';
import type { Finding, Judged, Row, StreamOptions, Table } from './types.ts';

/** Rows, or batches of rows. */
export type RowSource = Iterable<Row | Table> | AsyncIterable<Row | Table>;

const defaultBatch = 256;
const defaultTop = 10;

/** Whether the columns of a table of Arrow have cells. */
const hasCells = (columns: ReturnType<typeof columnsOfArrow>): boolean =>
  [...(columns?.values() ?? [])].some((column) => isObject(column) && (column.length as number) > 0);

/** Whether there is anything in a batch: others may come, and are left out. */
const hasRows = (table: Table) =>
  isList(table)
    ? table.length > 0
    : hasCells(columnsOfArrow(table as Record<string, unknown>)) ||
      Object.values(table).some((list) => isList(list) && list.length > 0);

/** Whether the first of a list is a row: a date or a decimal is a cell. */
const isRow = (item: unknown) => isObject(plainOf(item)) && !isMoment(plainOf(item));

/** Whether what a source yields is a table, not a row. */
function isBatch(item: unknown): item is Table {
  if (isArray(item)) return item.length === 0 || isList(item[0]) || isRow(item[0]);
  if (!isObject(item) || isTyped(item)) return false;
  if (columnsOfArrow(item) || frameOf(item)) return true;
  return isList(Object.values(item)[0]);
}

/** Throws `SHAPE` for what is neither an array nor a record. */
function asRow(item: unknown, row: number): object {
  if (isObject(item)) return item;
  const message = mustBe(`Row ${row} of the stream`, 'an array of numbers, a record or a table', item);
  throw new AnomalensError('SHAPE', message, { row });
}

function iteratorOf(source: unknown): Iterator<unknown> | AsyncIterator<unknown> {
  if (isObject(source) && Symbol.asyncIterator in source)
    return (source as unknown as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  if (isObject(source) && Symbol.iterator in source) return (source as unknown as Iterable<unknown>)[Symbol.iterator]();
  const message = mustBe('The source of a stream', 'an iterable or an async iterable of rows', source);
  throw new AnomalensError('SHAPE', message);
}

/**
 * A stream of rows being judged, made by `model.stream`. Iterate it once. It holds one batch at a time and the strangest
 * findings, however many rows come.
 */
export class RowStream implements AsyncIterable<Judged> {
  readonly #model: Model;
  readonly #source: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #options: StreamOptions;
  #best: Finding[] = [];
  #rows = 0;
  #began = 0;
  #used = false;

  /** @internal The options have been checked. */
  constructor(model: Model, source: RowSource, options: StreamOptions) {
    this.#model = model;
    this.#options = options;
    this.#source = reading(() => iteratorOf(source));
  }

  /** Rows judged so far; where the source has thrown, the number of the row that it did not give. */
  get rows(): number {
    return this.#rows;
  }

  /** The strangest rows so far, strangest first; `row` counts from the beginning of the stream. A copy. */
  get findings(): Finding[] {
    return [...this.#best];
  }

  /** Each row in turn. Leaving the loop closes the source. Rejects with what the source throws, and as `scoreAsync`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Judged, void, undefined> {
    if (this.#used)
      throw new AnomalensError('DISPOSED', 'This stream has been read already: ask the model for another one.');
    this.#used = true;
    const { batch = defaultBatch, sliceMs } = this.#options;
    const slices = new Slices(sliceMs);
    const { opened } = this.#model;
    let gathered: object[] = [];
    let open = true;
    this.#began = performance.now();
    try {
      while (open) {
        let item: IteratorResult<unknown>;
        try {
          item = await this.#source.next();
        } catch (error) {
          open = false;
          yield* this.#judge(gathered as Table, opened, slices);
          throw error;
        }
        const table = !item.done && reading(() => isBatch(item.value));
        if (item.done) open = false;
        else if (!table) gathered.push(asRow(item.value, this.#rows + gathered.length));
        if (gathered.length >= batch || table || !open) {
          yield* this.#judge(gathered as Table, opened, slices, !open);
          gathered = [];
        }
        if (table) yield* this.#judge(item.value as Table, opened, slices);
      }
    } finally {
      if (open) await this.#source.return?.();
      slices.close();
    }
  }

  /** `last`: whether no other batch follows, so that blank rows at its end are the end of a file. */
  async *#judge(table: Table, opened: number, slices: Slices, last = false): AsyncGenerator<Judged, void, undefined> {
    if (!reading(() => hasRows(table))) return;
    const first = this.#rows;
    let judged: Judgement;
    try {
      judged = await slices.all(ofOneModel(this.#model, this.#judging(table, first, last), opened));
    } catch (error) {
      throw first === 0 ? error : placed(error, first);
    }
    this.#best = judged.best;
    const { scores, values, flags } = judged;
    for (let row = 0; row < scores.length; row++) {
      // Batches are judged sooner than a slice is over, and a source that has every row waits for nothing.
      if (performance.now() - this.#began > slices.ms) {
        await slices.pause();
        this.#began = performance.now();
      }
      this.#rows++;
      yield {
        row: first + row,
        score: scores[row] as number,
        pValue: values[row] as number,
        anomaly: flags[row] === 1,
      };
    }
  }

  *#judging(table: Table, first: number, last: boolean): Steps<Judgement> {
    const model = this.#model;
    const { top = defaultTop, reasons } = this.#options;
    const threshold = model.requireThreshold();
    const source = model.source(table, !last);
    const scores = yield* model.core.transfer.reading(model.own, 'score', source, 1);
    const values = pValues(model, scores);
    const flags = yield* flagging(scores, threshold);
    // Only rows that belong to the best so far need reasons.
    const bar = this.#best.length < top ? -Infinity : (this.#best.at(-1)?.score ?? -Infinity);
    const count = scores.reduce((sum, score) => sum + (score > bar ? 1 : 0), 0);
    if (count === 0) return { scores, values, flags, best: this.#best };
    const more = yield* findings(model, source, scores, { top: Math.min(top, count), reasons });
    const best = [...this.#best, ...more.map((finding) => ({ ...finding, row: first + finding.row }))];
    return { scores, values, flags, best: best.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, top) };
  }
}

interface Judgement {
  readonly scores: Float32Array;
  readonly values: Float64Array;
  readonly flags: Uint8Array;
  readonly best: Finding[];
}

/** An error about a row of a batch as one about a row of the stream. */
function placed(error: unknown, first: number): unknown {
  if (!(error instanceof AnomalensError) || error.row === undefined) return error;
  const { code, row, column, option } = error;
  const message = `In the batch that begins with row ${first} of the stream: ${error.message}`;
  return new AnomalensError(code, message, { row: first + row, column, option, cause: error });
}
