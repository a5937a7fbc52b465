// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { AnomalensError } from './error.ts';
import { type Glue, type Read, reads, type Status } from './glue.ts';
import type { Source } from './source.ts';
import { version } from './version.ts';
import { errorCodes, failureLayout, fieldCounts, structs } from './wire.ts';

type Structs = typeof structs;
type Fields<Name extends keyof Structs> = Structs[Name][number];

/** Values for the fields of a struct; those left out are "not given". */
export type FieldsOf<Name extends keyof Structs> = Partial<Record<Fields<Name>, number | undefined>>;

type Arguments = readonly (number | boolean)[];

/** A function of the engine that takes these arguments and the address where it writes its result. */
type Writes<Given extends Arguments> = (...all: [...given: Given, out: number]) => Status;

/** Takes `count` rows of a source, from its row `first` on, which lie at `address`. */
type TakesRows = (address: number, first: number, count: number) => Status;

/** What a list of the heap holds. */
export type Element = 'double' | 'float' | 'byte';

/** Cells that cross at a time: half a megabyte of doubles, so that a table is never in the heap a second time. */
const chunkCells = 65536;
/** Rows that the engine works on at once: chunks are whole groups. */
const groupRows = 64;
/** Room for the longest struct, in doubles. */
const structRoom = 64;
/** Lists of these follow each other in the heap. */
const elements = { double: Float64Array, float: Float32Array, byte: Uint8Array } as const;
/** No heap holds more floats: WebAssembly memory ends at 2 GB. */
const mostFloats = 2 ** 29;

/** An array for results. Throws `OUT_OF_MEMORY` where the engine throws a RangeError. */
export function floats(count: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(count);
  } catch (cause) {
    throw outOfMemory(cause);
  }
}

function outOfMemory(cause?: unknown): AnomalensError {
  return new AnomalensError(
    'OUT_OF_MEMORY',
    'There is not enough memory for so many rows, columns or weights (WebAssembly memory ends at 2 GB). Nothing was changed.',
    { cause },
  );
}

/** `learning_rate` -> `learningRate`: C++ names options its own way. */
const lowerCamel = (text: string) =>
  text.replace(/\b[a-z]+(?:_[a-z0-9]+)+\b/g, (name) =>
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  );

/**
 * The loaded WebAssembly module: the only place that reads and writes its heap. Views of the heap live for one call at
 * most, because any call may make it grow, which detaches them.
 */
export class Core {
  readonly glue: Glue;
  /** Models that have not been given back. */
  models = 0;
  /** Work space that is kept, so that scoring a row allocates nothing. */
  #structs: number;
  #out: number;
  #input: number;
  #inputBytes = chunkCells * 8;
  #output: number;
  #outputBytes = chunkCells * 4;
  /** Views that last from one row to the next, as long as the heap stays where it is. */
  #row = new Float64Array(0);
  #rowScore = new Float32Array(0);

  /** Throws `WASM_LOAD` when the WebAssembly is of another version than this JavaScript. */
  constructor(glue: Glue) {
    this.glue = glue;
    this.#checkContract();
    this.#structs = this.allocate(structRoom * 8);
    this.#out = this.allocate(structRoom * 8);
    this.#input = this.allocate(this.#inputBytes);
    this.#output = this.allocate(this.#outputBytes);
  }

  #checkContract(): void {
    const address = this.glue.contract();
    const counts = this.doubles(address, fieldCounts.length);
    const text = this.bytes(address + fieldCounts.length * 8, 16);
    const wasm = String.fromCharCode(...text.subarray(0, text.indexOf(0)));
    if (wasm === version && fieldCounts.every((count, index) => counts[index] === count)) return;
    throw new AnomalensError(
      'WASM_LOAD',
      `The WebAssembly is of version ${wasm} and the JavaScript of version ${version}, or they come from different builds. Both must come from the same package.`,
    );
  }

  // ------------------------------------------------------------------------------------------------ memory
  /** Bytes of the heap that are in use. */
  get heapBytes(): number {
    return this.glue.heapBytes();
  }

  /** Bytes of the heap, used or not. */
  get reservedBytes(): number {
    return this.glue.memory.buffer.byteLength;
  }

  /** Where the C++ stack ends; the same before and after every call. */
  get stackAddress(): number {
    return this.glue.stackAddress();
  }

  /** Where `bytes` bytes begin that are ours until `free`. Throws `OUT_OF_MEMORY`. */
  allocate(bytes: number): number {
    const address = bytes < mostFloats * 4 ? this.glue.malloc(bytes) : 0;
    if (address === 0) throw outOfMemory();
    return address;
  }

  /** Calls `work` with the address of so many bytes that are freed afterwards. */
  borrow<Result>(bytes: number, work: (address: number) => Result): Result {
    const address = this.allocate(bytes);
    try {
      return work(address);
    } finally {
      this.glue.free(address);
    }
  }

  /** A view to use at once and not to keep. */
  doubles(address: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.glue.memory.buffer, address, count);
  }

  /** A view to use at once and not to keep. */
  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.glue.memory.buffer, address, count);
  }

  /** A view to use at once and not to keep. */
  integers(address: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.glue.memory.buffer, address, count);
  }

  /** A view to use at once and not to keep. */
  bytes(address: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.glue.memory.buffer, address, count);
  }

  // ------------------------------------------------------------------------------------------------ structs
  /** Writes a struct and returns its address, good until the next one is written. Fields left out are "not given". */
  write<Name extends 'model' | 'rule' | 'train' | 'synthetic' | 'saved'>(name: Name, fields: FieldsOf<Name>): number {
    const names: readonly Fields<Name>[] = structs[name];
    const view = this.doubles(this.#structs, names.length);
    for (let index = 0; index < names.length; index++) view[index] = fields[names[index] as Fields<Name>] ?? Number.NaN;
    return this.#structs;
  }

  /** The struct that `call` writes at the address it is given. */
  read<Name extends 'progress' | 'report' | 'status' | 'saved' | 'repair' | 'confusion', Given extends Arguments>(
    name: Name,
    call: Writes<Given>,
    ...given: Given
  ): Record<Fields<Name>, number> {
    this.check(call(...given, this.#out));
    const names: readonly Fields<Name>[] = structs[name];
    const view = this.doubles(this.#out, names.length);
    const fields = {} as Record<Fields<Name>, number>;
    for (let index = 0; index < names.length; index++) fields[names[index] as Fields<Name>] = view[index] as number;
    return fields;
  }

  /** The one number that `call` writes at the address it is given: a handle, a threshold. */
  number<Given extends Arguments>(call: Writes<Given>, ...given: Given): number {
    this.check(call(...given, this.#out));
    return this.doubles(this.#out, 1)[0] as number;
  }

  /** The 64 bits that `call` writes, as 16 hexadecimal digits. */
  hash<Given extends Arguments>(call: Writes<Given>, ...given: Given): string {
    this.check(call(...given, this.#out));
    const [low = 0, high = 0] = new Uint32Array(this.glue.memory.buffer, this.#out, 2);
    return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
  }

  /** Where the memory begins that `call` lends and how many elements it has; good until the next call. */
  lent<Given extends Arguments>(call: Writes<Given>, ...given: Given): { address: number; count: number } {
    this.check(call(...given, this.#out));
    const [address = 0, count = 0] = this.doubles(this.#out, 2);
    return { address, count };
  }

  /** A copy of the list that `call` lends. */
  list<Kind extends Element, Given extends Arguments>(
    element: Kind,
    call: Writes<Given>,
    ...given: Given
  ): InstanceType<(typeof elements)[Kind]> {
    const { address, count } = this.lent(call, ...given);
    const view = new elements[element](this.glue.memory.buffer, count && address, count);
    return view.slice() as InstanceType<(typeof elements)[Kind]>;
  }

  /** Writes a list to where there is room for it. */
  fill(element: Element, address: number, numbers: ArrayLike<number>): void {
    new elements[element](this.glue.memory.buffer, address, numbers.length).set(numbers);
  }

  /** Calls `work` with a handle, which `destroy` takes back afterwards. */
  holding<Result>(handle: number, destroy: (handle: number) => void, work: (handle: number) => Result): Result {
    try {
      return work(handle);
    } finally {
      destroy(handle);
    }
  }

  // ------------------------------------------------------------------------------------------------ rows
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
    const count = Math.min(chunk, source.rows - first);
    const cells = count * source.columns;
    source.fill(source.single ? this.floats(this.#input, cells) : this.doubles(this.#input, cells), first, count);
    const status = take(this.#input, first, count);
    if (status !== 0) throw this.#rowFailure(status, source);
  }

  /** Reads all rows of `source` through `method`, `perRow` numbers each. */
  readRows(model: number, method: Read, source: Source, perRow: number): Float32Array<ArrayBuffer> {
    const results = floats(source.rows * perRow);
    this.#read(model, method, source, perRow, results);
    return results;
  }

  /** The same for a method that gives doubles. */
  readDoubles(model: number, method: Read, source: Source, perRow: number): Float64Array<ArrayBuffer> {
    const results = new Float64Array(source.rows * perRow);
    this.#read(model, method, source, perRow, results);
    return results;
  }

  #read(model: number, method: Read, source: Source, perRow: number, results: Float32Array | Float64Array): void {
    const { single, columns } = source;
    const wide = results instanceof Float64Array;
    // A double takes the room of two floats.
    this.inChunks(source, wide ? 2 * perRow : perRow, (address, first, count) => {
      const size = count * perRow;
      const out = this.#output;
      const status = this.glue.modelRead(method, model, address, !single, count, columns, first, out, size);
      if (status === 0) results.set(wide ? this.doubles(out, size) : this.floats(out, size), first * perRow);
      return status;
    });
  }

  /** The score of one row of numbers; allocates nothing. NaN for a row that cannot be taken as it is. */
  scoreRow(model: number, row: ArrayLike<unknown>): number {
    const { length } = row;
    this.#makeRoom(1, length, 1);
    const { buffer } = this.glue.memory;
    if (
      this.#row.buffer !== buffer ||
      this.#row.byteOffset !== this.#input ||
      this.#row.byteLength !== this.#inputBytes
    ) {
      this.#row = this.doubles(this.#input, this.#inputBytes / 8);
    }
    if (this.#rowScore.buffer !== buffer || this.#rowScore.byteOffset !== this.#output) {
      this.#rowScore = this.floats(this.#output, 1);
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
    const status = this.glue.modelRead(reads.score, model, this.#input, true, 1, length, 0, this.#output, 1);
    if (status !== 0) return Number.NaN;
    // The first row of a large net may have made the heap grow, which detaches the view.
    if (this.glue.memory.buffer !== buffer) this.#rowScore = this.floats(this.#output, 1);
    return this.#rowScore[0] as number;
  }

  /** Throws `OUT_OF_MEMORY` for a table that no heap can hold. */
  requireRoom({ rows, columns }: Source): void {
    if (rows * columns >= mostFloats) throw outOfMemory();
  }

  /**
   * Puts all rows of `source` into the training set, a chunk between two steps of the iteration. Other calls may come in
   * between; the source must not change.
   */
  *filling(set: number, source: Source): Generator<void, void> {
    const { rows, columns, single } = source;
    const chunk = this.#chunkRows(source, 1);
    for (const put of [this.glue.setObserve, this.glue.setAppend]) {
      for (let first = 0; first < rows; first += chunk) {
        this.#chunk(source, first, chunk, (data, _, count) => put(set, data, !single, count, columns));
        yield;
      }
    }
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
    const address = this.allocate(bytes);
    this.glue.free(old);
    return address;
  }

  // ------------------------------------------------------------------------------------------------ errors
  /** Throws what went wrong, unless `status` says that nothing did. */
  check(status: Status): void {
    if (status !== 0) throw this.#failure(status);
  }

  #rowFailure(status: Status, source: Source): Error {
    const [row = -1, column = -1] = this.doubles(this.glue.failure(), 2);
    const failure = this.#failure(status);
    if (errorCodes[status] === 'NON_FINITE' && row >= 0) return source.problem(row, column, failure.message);
    return failure;
  }

  #failure(status: Status): Error {
    const address = this.glue.failure();
    const [row = -1, column = -1, optionBytes = 0, messageBytes = 0] = this.doubles(address, failureLayout.doubles);
    const texts = address + failureLayout.doubles * 8;
    const option = this.#text(texts, optionBytes);
    const message = this.#text(texts + failureLayout.optionBytes, messageBytes);
    const code = errorCodes[status];
    if (code === undefined) return new Error(`Anomalens has a defect (${status}): ${message}`);
    if (code === 'OUT_OF_MEMORY') return outOfMemory();
    return new AnomalensError(code, lowerCamel(message), {
      row: row < 0 ? undefined : row,
      column: column < 0 ? undefined : column,
      option: option === '' ? undefined : lowerCamel(option),
    });
  }

  #text(address: number, bytes: number): string {
    return new TextDecoder().decode(this.bytes(address, bytes).slice());
  }
}
