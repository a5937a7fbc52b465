// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Glue } from './glue.ts';

/** What core.wasm exports beside the functions that Embind registers. */
interface Exports extends Pick<Glue, 'memory' | 'malloc' | 'free'> {
  readonly __indirect_function_table: { get(index: number): unknown };
  /** Runs the C++ constructors, Embind's registrations among them. */
  _initialize(): void;
}

/**
 * One instance to be: what it must be given to be made, and how it is begun once it is there. This is all of Emscripten's
 * run-time support that core.wasm needs.
 */
export function link() {
  const functions: Record<string, unknown> = {};
  let exports: Exports;
  const imports: WebAssembly.Imports = {
    env: {
      /** Views of the memory are made anew for every use, so nobody has to hear that it has grown. */
      emscripten_notify_memory_growth() {},
      /** The C++ function itself, without the invoker that would convert arguments that need no conversion. */
      _embind_register_function(
        name: number,
        _count: number,
        _types: number,
        _signature: number,
        _invoker: number,
        target: number,
      ) {
        const bytes = new Uint8Array(exports.memory.buffer, name);
        functions[String.fromCharCode(...bytes.subarray(0, bytes.indexOf(0)))] =
          exports.__indirect_function_table.get(target);
      },
    },
    wasi_snapshot_preview1: {
      /** Nanoseconds, of whichever clock: only differences are looked at. */
      clock_time_get(_clock: number, _precision: bigint, out: number): number {
        new DataView(exports.memory.buffer).setBigUint64(out, BigInt(Math.round(performance.now() * 1e6)), true);
        return 0;
      },
    },
  };
  const begin = (instance: WebAssembly.Instance): Glue => {
    exports = instance.exports as unknown as Exports;
    exports._initialize();
    return { ...exports, ...functions } as unknown as Glue;
  };
  return { imports, begin };
}
