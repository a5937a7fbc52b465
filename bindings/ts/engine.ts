// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import start, { type MainModule } from 'anomalens:core';

/** The loaded WebAssembly: what bindings/embind.cpp registers, as Emscripten describes it, and the bytes of the heap. */
export type Engine = MainModule & { readonly HEAPU8: Uint8Array<ArrayBuffer> };

/** What Emscripten's code hands over: the imports of the module to be, and who wants the instance and returns its exports. */
type Receive = (instance: WebAssembly.Instance) => object;
type Instantiate = (imports: WebAssembly.Imports, receive: Receive) => object;

/** An engine that is filled in when its instance is there. */
const beginning = (instantiateWasm: Instantiate) => {
  const engine = { instantiateWasm };
  return { engine: engine as unknown as Engine, started: start(engine) as unknown as Promise<Engine> };
};

/** Starts a compiled module. Rejects with what the engine of JavaScript throws. */
export function begun(module: WebAssembly.Module): Promise<Engine> {
  return new Promise((resolve, reject) => {
    const { started } = beginning((imports, receive) => {
      // Emscripten's promise stays open for ever when this fails.
      WebAssembly.instantiate(module, imports).then(receive).catch(reject);
      return {};
    });
    started.then(resolve, reject);
  });
}

/** The same without waiting. Throws what the engine of JavaScript throws, and where it cannot be had at once. */
export function begunNow(module: WebAssembly.Module): Engine {
  let failure: { readonly error: unknown } | undefined;
  const { engine, started } = beginning((imports, receive) => {
    try {
      return receive(new WebAssembly.Instance(module, imports));
    } catch (error) {
      failure = { error };
      return {}; // Emscripten would look for the module elsewhere
    }
  });
  started.catch(() => {}); // where it failed, the version is missing
  if (failure) throw failure.error;
  if (engine.version === undefined) throw new Error('it starts only in a later turn of the event loop');
  return engine;
}
