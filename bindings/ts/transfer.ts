// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Autoencoder, TrainingSet } from 'anomalens:core';
import type { Engine } from './engine.ts';
import { AnomalensError } from './error.ts';
import { failure, outOfMemory } from './failures.ts';
import { type Heap, mostFloats } from './heap.ts';
import { atOnce, longStepNext, type Steps } from './slices.ts';
import { Selection, type Source } from './source.ts';

/** What a model can be asked about rows. */
export type Reading = 'score' | 'featureErrors' | 'reconstruct' | 'encode' | 'decode';

/** Takes `count` rows of a source, from its row `first` on, which lie at `address`; false when it failed. */
type TakesRows = (address: number, first: number, count: number) => boolean;

/** A way of taking rows in. */
export type Pass = 'observe' | 'append' | 'take';

/** What scores a row: it may be given back or trained while the row is read. */
interface Scoring {
  readonly own: Autoencoder;
  /** Grows with whatever changes its answers. */
  readonly changes: number;
}

/** Cells that cross at a time: half a megabyte of doubles, so that a table is never in the heap a second time. */
const chunkCells = 65536;
/** Cells that are judged in a step: so few that a step takes some milliseconds at most. */
const stepCells = 16384;
/** Rows that the engine works on at once: chunks are whole groups. */
const groupRows = 64;

/** Getters among rows may read other rows, and so on. Deeper than this it is a circle. */
const deepest = 8;

/** An array for results. Throws `OUT_OF_MEMORY` where the engine of JavaScript throws a RangeError. */
function made<List>(make: () => List): List {
  try {
    return make();
  } catch (cause) {
    throw outOfMemory(cause);
  }
}

/** Throws `OUT_OF_MEMORY`. */
export const floats = (count: number): Float32Array<ArrayBuffer> => made(() => new Float32Array(count));

/** Tables on their way through the heap, a chunk at a time: cells in, numbers out, each copied once. */
export class Transfer {
  readonly #engine: Engine;
  readonly #heap: Heap;
  /** How many readings this one is inside of. */
  readonly #depth: number;
  /** Work space that is kept, so that scoring a row allocates nothing. */
  #input: number;
  #inputBytes: number;
  #output: number;
  #outputBytes: number;
  /** Whether the caller's rows are being read into the work space. */
  #reading = false;
  /** For the calls that getters among those rows make. */
  #spare: Transfer | undefined;
  /** How often the work space was taken. */
  #uses = 0;
  /** A view that lasts from one row to the next, as long as the heap stays where it is. */
  #row = new Float64Array(0);

  constructor(engine: Engine, heap: Heap, depth = 0) {
    this.#engine = engine;
    this.#heap = heap;
    this.#depth = depth;
    // A spare one is hardly ever needed, and then for few rows.
    const cells = depth === 0 ? chunkCells : 1;
    this.#inputBytes = cells * 8;
    this.#outputBytes = cells * 4;
    this.#input = heap.allocate(this.#inputBytes);
    this.#output = heap.allocate(this.#outputBytes);
  }

  /** This one, or while its work space holds half of a caller's rows, another one. Throws `SHAPE`. */
  get free(): Transfer {
    if (!this.#reading) return this;
    if (this.#depth === deepest)
      throw new AnomalensError('SHAPE', 'The rows cannot be read: a getter among them reads the same rows again.');
    this.#spare ??= new Transfer(this.#engine, this.#heap, this.#depth + 1);
    return this.#spare.free;
  }

  /** Calls `take` for one chunk after another, which it finds at `address`. A chunk has a row at least. */
  inChunks(source: Source, perRow: number, take: TakesRows): void {
    const chunk = this.#chunkRows(source, perRow);
    for (let first = 0; first < source.rows; first += chunk) this.#chunk(source, first, chunk, take);
  }

  /** Rows of a chunk, with room made for it. */
  #chunkRows({ rows, columns }: Source, perRow: number, cells = chunkCells): number {
    const most = Math.floor(cells / Math.max(columns, perRow));
    const chunk = most < groupRows ? Math.max(1, most) : most - (most % groupRows);
    this.#makeRoom(Math.min(rows, chunk), columns, perRow);
    return chunk;
  }

  #chunk(source: Source, first: number, chunk: number, take: TakesRows): void {
    const count = Math.min(chunk, source.rows - first);
    this.#fill(source, first, count);
    if (!take(this.#input, first, count)) throw failure(this.#engine, { source });
  }

  /** Reads rows of the caller's, whose getters may do anything. */
  #fill(source: Source, first: number, count: number): void {
    this.#reading = true;
    try {
      if (this.#filled(source, first, count)) return;
      const apart = made(() => new (source.single ? Float32Array : Float64Array)(count * source.columns));
      source.fill(apart, first, count);
      this.#cells(source, count).set(apart);
    } finally {
      this.#reading = false;
    }
  }

  /** False when a getter made the heap grow: what was written since then is lost, and its view of no use. */
  #filled(source: Source, first: number, count: number): boolean {
    const cells = this.#cells(source, count);
    try {
      source.fill(cells, first, count);
    } catch (error) {
      if (cells.length > 0) throw error;
    }
    return cells.length > 0;
  }

  /** Where so many rows lie on their way in. */
  #cells({ single, columns }: Source, count: number): Float32Array | Float64Array {
    const cells = count * columns;
    return single ? this.#heap.floats(this.#input, cells) : this.#heap.doubles(this.#input, cells);
  }

  /** What `take` makes of one row of `source`, which it finds at `address`; undefined when it failed. */
  ofRow<Result>(source: Source, row: number, take: (address: number) => Result | undefined): Result {
    let result: Result | undefined;
    this.inChunks(new Selection(source, [row]), 1, (address) => {
      result = take(address);
      return result !== undefined;
    });
    return result as Result;
  }

  /** What `model` says about all rows of `source`, `perRow` numbers each. */
  read(model: Autoencoder, reading: Reading, source: Source, perRow: number): Float32Array<ArrayBuffer> {
    return atOnce(this.reading(model, reading, source, perRow));
  }

  /** The same, a chunk between two steps. Other calls may come in between; the source must not change. */
  *reading(model: Autoencoder, reading: Reading, source: Source, perRow: number): Steps<Float32Array<ArrayBuffer>> {
    const { rows, single, columns } = source;
    const results = floats(rows * perRow);
    const chunk = this.#chunkRows(source, perRow, stepCells);
    for (let next = 0; next < rows; next += chunk) {
      this.#chunk(source, next, chunk, (address, first, count) => {
        const size = count * perRow;
        const done = model[reading](address, !single, count, columns, first, this.#output, size);
        if (done) results.set(this.#heap.floats(this.#output, size), first * perRow);
        return done;
      });
      yield;
    }
    return results;
  }

  /** The rows as `model` would have them, in double precision. */
  expected(model: Autoencoder, source: Source): Float64Array<ArrayBuffer> {
    const { single, columns } = source;
    const results = made(() => new Float64Array(source.rows * columns));
    // A double takes the room of two floats.
    this.inChunks(source, 2 * columns, (address, first, count) => {
      const size = count * columns;
      const done = model.expected(address, !single, count, columns, first, this.#output, size);
      if (done) results.set(this.#heap.doubles(this.#output, size), first * columns);
      return done;
    });
    return results;
  }

  /**
   * The score of one row of `length` numbers, in a typed array or not; allocates nothing. NaN for a row that cannot be taken
   * as it is, or whose getters got in the way.
   */
  scoreRow(model: Scoring, row: ArrayLike<number>, length: number, typed: boolean): number {
    this.#makeRoom(1, length, 1);
    const { buffer } = this.#heap;
    if (
      this.#row.buffer !== buffer ||
      this.#row.byteOffset !== this.#input ||
      this.#row.byteLength !== this.#inputBytes
    ) {
      this.#row = this.#heap.doubles(this.#input, this.#inputBytes / 8);
    }
    if (typed) {
      this.#row.set(row);
      return model.own.scoreRow(this.#input, length);
    }
    const { changes } = model;
    const uses = this.#uses;
    for (let index = 0; index < length; index++) {
      const cell: unknown = row[index];
      if (typeof cell !== 'number') return Number.NaN;
      this.#row[index] = cell as number;
    }
    const untouched = model.changes === changes && this.#uses === uses && this.#heap.buffer === buffer;
    return untouched ? model.own.scoreRow(this.#input, length) : Number.NaN;
  }

  /** Throws `OUT_OF_MEMORY` for a table that no heap can hold. */
  requireRoom(rows: number, columns: number): void {
    if (rows * columns >= mostFloats) throw outOfMemory();
  }

  /**
   * Puts all rows of `source` into the training set, as often as there are `passes`, a chunk between two steps of the
   * iteration. Other calls may come in between; the source must not change. `see` is shown the encoded cells once.
   */
  *filling(
    set: TrainingSet,
    source: Source,
    passes: readonly Pass[],
    see: (cells: Float32Array | Float64Array) => void,
  ): Steps<void> {
    const { rows, columns, single } = source;
    const chunk = this.#chunkRows(source, 1);
    for (const put of passes) {
      if (put === 'append') yield* this.#learning(set, source);
      for (let first = 0; first < rows; first += chunk) {
        this.#chunk(source, first, chunk, (data, _, count) => {
          if (put !== 'append') see(this.#cells(source, count));
          return set[put](data, !single, count, columns);
        });
        yield;
      }
    }
    if (passes[0] === 'take') yield* this.#learning(set, source);
    while (!this.#prepared(set, passes, chunk, source)) yield;
    yield longStepNext;
  }

  /** The scaler learns from the rows that were observed. */
  *#learning(set: TrainingSet, source: Source): Steps<void> {
    while (!this.#got(set.learn(), source)) yield;
  }

  /** Scales the next `rows` of those taken in, or encodes some of them; returns whether none is left. */
  #prepared(set: TrainingSet, passes: readonly Pass[], rows: number, source: Source): boolean {
    return this.#got(passes[0] === 'take' ? set.scale(rows) : set.encode(), source);
  }

  /** Whether a piece of work on the rows of `source` was the last one. */
  #got(all: boolean | undefined, source: Source): boolean {
    if (all === undefined) throw failure(this.#engine, { source });
    return all;
  }

  #makeRoom(rows: number, columns: number, perRow: number): void {
    this.#uses++;
    const input = rows * columns * 8;
    const output = rows * perRow * 4;
    if (input > this.#inputBytes) {
      this.#input = this.#grown(this.#input, input);
      this.#inputBytes = input;
    }
    if (output > this.#outputBytes) {
      this.#output = this.#grown(this.#output, output);
      this.#outputBytes = output;
    }
  }

  #grown(old: number, bytes: number): number {
    const address = this.#heap.allocate(bytes);
    this.#heap.free(old);
    return address;
  }
}
