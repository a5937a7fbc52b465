// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Autoencoder, TrainingSet } from 'anomalens:core';
import type { Engine } from './engine.ts';
import { failure, outOfMemory } from './failures.ts';
import { type Heap, mostFloats } from './heap.ts';
import type { Source } from './source.ts';

/** What a model can be asked about rows. */
export type Reading = 'score' | 'featureErrors' | 'shares' | 'reconstruct' | 'encode' | 'decode';

/** Takes `count` rows of a source, from its row `first` on, which lie at `address`; false when it failed. */
type TakesRows = (address: number, first: number, count: number) => boolean;

/** Cells that cross at a time: half a megabyte of doubles, so that a table is never in the heap a second time. */
const chunkCells = 65536;
/** Rows that the engine works on at once: chunks are whole groups. */
const groupRows = 64;

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
  /** Work space that is kept, so that scoring a row allocates nothing. */
  #input: number;
  #inputBytes = chunkCells * 8;
  #output: number;
  #outputBytes = chunkCells * 4;
  /** A view that lasts from one row to the next, as long as the heap stays where it is. */
  #row = new Float64Array(0);

  constructor(engine: Engine, heap: Heap) {
    this.#engine = engine;
    this.#heap = heap;
    this.#input = heap.allocate(this.#inputBytes);
    this.#output = heap.allocate(this.#outputBytes);
  }

  /** Calls `take` for one chunk after another, which it finds at `address`. A chunk has a row at least. */
  inChunks(source: Source, perRow: number, take: TakesRows): void {
    const chunk = this.#chunkRows(source, perRow);
    for (let first = 0; first < source.rows; first += chunk) this.#chunk(source, first, chunk, take);
  }

  /** Rows of a chunk, with room made for it. */
  #chunkRows({ rows, columns }: Source, perRow: number): number {
    const most = Math.floor(chunkCells / Math.max(columns, perRow));
    const chunk = most < groupRows ? Math.max(1, most) : most - (most % groupRows);
    this.#makeRoom(Math.min(rows, chunk), columns, perRow);
    return chunk;
  }

  #chunk(source: Source, first: number, chunk: number, take: TakesRows): void {
    const heap = this.#heap;
    const count = Math.min(chunk, source.rows - first);
    const cells = count * source.columns;
    source.fill(source.single ? heap.floats(this.#input, cells) : heap.doubles(this.#input, cells), first, count);
    if (!take(this.#input, first, count)) throw failure(this.#engine, { source });
  }

  /** What `model` says about all rows of `source`, `perRow` numbers each. */
  read(model: Autoencoder, reading: Reading, source: Source, perRow: number): Float32Array<ArrayBuffer> {
    const { single, columns } = source;
    const results = floats(source.rows * perRow);
    this.inChunks(source, perRow, (address, first, count) => {
      const size = count * perRow;
      const done = model[reading](address, !single, count, columns, first, this.#output, size);
      if (done) results.set(this.#heap.floats(this.#output, size), first * perRow);
      return done;
    });
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

  /** The score of one row of numbers; allocates nothing. NaN for a row that cannot be taken as it is. */
  scoreRow(model: Autoencoder, row: ArrayLike<unknown>): number {
    const { length } = row;
    this.#makeRoom(1, length, 1);
    const { buffer } = this.#heap;
    if (
      this.#row.buffer !== buffer ||
      this.#row.byteOffset !== this.#input ||
      this.#row.byteLength !== this.#inputBytes
    ) {
      this.#row = this.#heap.doubles(this.#input, this.#inputBytes / 8);
    }
    if (row instanceof Float32Array || row instanceof Float64Array) {
      this.#row.set(row);
    } else {
      for (let index = 0; index < length; index++) {
        const cell = row[index];
        if (typeof cell !== 'number') return Number.NaN;
        this.#row[index] = cell;
      }
    }
    return model.scoreRow(this.#input, length);
  }

  /** Throws `OUT_OF_MEMORY` for a table that no heap can hold. */
  requireRoom({ rows, columns }: Source): void {
    if (rows * columns >= mostFloats) throw outOfMemory();
  }

  /**
   * Puts all rows of `source` into the training set, a chunk between two steps of the iteration. Other calls may come in
   * between; the source must not change.
   */
  *filling(set: TrainingSet, source: Source, resume: boolean): Generator<void, void> {
    const { rows, columns, single } = source;
    const chunk = this.#chunkRows(source, 1);
    // Doubles cross twice where the scaler is to be learned: keeping them until then would take twice the memory.
    const doubles = resume ? (['append'] as const) : (['observe', 'append'] as const);
    for (const put of single ? (['take'] as const) : doubles) {
      for (let first = 0; first < rows; first += chunk) {
        this.#chunk(source, first, chunk, (data, _, count) => set[put](data, !single, count, columns));
        yield;
      }
    }
    while (single && !this.#scaled(set, chunk, source)) yield;
  }

  /** Scales the next rows of those taken in; returns whether all are scaled. */
  #scaled(set: TrainingSet, rows: number, source: Source): boolean {
    const all = set.scale(rows);
    if (all === undefined) throw failure(this.#engine, { source });
    return all;
  }

  #makeRoom(rows: number, columns: number, perRow: number): void {
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
