// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Span } from 'anomalens:core';
import type { Engine } from './engine.ts';
import { outOfMemory } from './failures.ts';

/** What a list of the heap holds. */
const elements = { double: Float64Array, float: Float32Array, integer: Int32Array, byte: Uint8Array } as const;
export type Element = keyof typeof elements;
type ArrayOf<Kind extends Element> = ReturnType<(typeof elements)[Kind]['of']>;

/** No heap holds more floats: WebAssembly memory ends at 2 GB. */
export const mostFloats = 2 ** 29;

/**
 * The memory of the WebAssembly module. Views of it live for one call at most, because any call may make it grow, which
 * detaches them.
 */
export class Heap {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Changes when the heap grows. */
  get buffer(): ArrayBuffer {
    return this.#engine.HEAPU8.buffer;
  }

  /** Bytes that are in use. */
  get usedBytes(): number {
    return this.#engine.heapBytes();
  }

  /** Where the C++ stack ends; the same before and after every call. */
  get stackAddress(): number {
    return this.#engine.stackAddress();
  }

  /** Where `bytes` bytes begin that are ours until `free`. Throws `OUT_OF_MEMORY`. */
  allocate(bytes: number): number {
    const address = bytes < mostFloats * 4 ? this.#engine._malloc(bytes) : 0;
    if (address === 0) throw outOfMemory();
    return address;
  }

  free(address: number): void {
    this.#engine._free(address);
  }

  /** Calls `work` with the address of so many bytes, which are freed afterwards. */
  borrow<Result>(bytes: number, work: (address: number) => Result): Result {
    const address = this.allocate(bytes);
    try {
      return work(address);
    } finally {
      this.free(address);
    }
  }

  /** Calls `work` with where a copy of `numbers` is as long as that takes; with undefined where there are none. */
  lend<Result>(
    element: Element,
    numbers: ArrayLike<number> | undefined,
    work: (span: Span | undefined) => Result,
  ): Result {
    if (numbers === undefined) return work(undefined);
    const { BYTES_PER_ELEMENT: size } = elements[element];
    return this.borrow(Math.max(size, numbers.length * size), (address) => {
      this.fill(element, address, numbers);
      return work({ address, count: numbers.length });
    });
  }

  /** A view to use at once and not to keep. */
  doubles(address: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.buffer, address, count);
  }

  /** A view to use at once and not to keep. */
  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, address, count);
  }

  /** A view to use at once and not to keep. */
  bytes(address: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, address, count);
  }

  /** A copy of a list that C++ lends. */
  list<Kind extends Element>(element: Kind, { address, count }: Span): ArrayOf<Kind> {
    const lent = new elements[element](this.buffer, count && address, count);
    try {
      return lent.slice() as ArrayOf<Kind>;
    } catch (cause) {
      throw outOfMemory(cause);
    }
  }

  /** Writes a list to where there is room for it. */
  fill(element: Element, address: number, numbers: ArrayLike<number>): void {
    new elements[element](this.buffer, address, numbers.length).set(numbers);
  }
}
