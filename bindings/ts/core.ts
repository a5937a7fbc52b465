// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Engine } from './engine.ts';
import { AnomalensError } from './error.ts';
import { failure, type Said } from './failures.ts';
import { Heap } from './heap.ts';
import { Transfer } from './transfer.ts';
import { version } from './version.ts';

/** The loaded WebAssembly module with all that JavaScript keeps for it. */
export class Core {
  readonly engine: Engine;
  readonly heap: Heap;
  readonly #transfer: Transfer;
  /** Models that have not been given back. */
  models = 0;

  /** Throws `WASM_LOAD` when the WebAssembly is of another version than this JavaScript. */
  constructor(engine: Engine) {
    if (engine.version !== version) {
      throw new AnomalensError(
        'WASM_LOAD',
        `The WebAssembly is of version ${engine.version} and the JavaScript of version ${version}. Both must come from the same package.`,
      );
    }
    this.engine = engine;
    this.heap = new Heap(engine);
    this.#transfer = new Transfer(engine, this.heap);
  }

  /** Work space for one call. Throws `SHAPE` where rows are read inside of themselves. */
  get transfer(): Transfer {
    return this.#transfer.free;
  }

  /** Throws what went wrong, unless the call was `done`. `said` is what the caller said. */
  check(done: boolean, said?: Said): void {
    if (!done) throw failure(this.engine, said);
  }

  /** What a call returned. Throws what went wrong if it returned nothing. */
  got<Result>(result: Result | null | undefined, said?: Said): Result {
    if (result === null || result === undefined) throw failure(this.engine, said);
    return result;
  }

  /** Calls `work` with an object of the engine, which is given back afterwards. */
  holding<Object extends { delete(): void }, Result>(object: Object, work: (object: Object) => Result): Result {
    try {
      return work(object);
    } finally {
      object.delete();
    }
  }
}
