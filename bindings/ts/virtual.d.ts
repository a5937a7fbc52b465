// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// Modules that the build puts together from the WebAssembly it has just compiled.

declare module 'anomalens:glue' {
  /** The factory that Emscripten wrote. Resolves once `instantiateWasm` has handed over an instance. */
  const createModule: (options: {
    instantiateWasm: (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => object,
    ) => object;
  }) => Promise<import('./glue.ts').Glue>;
  export default createModule;
}

declare module 'anomalens:wasm' {
  /** In the main entry the module itself in base64, in the slim one the address of core.wasm. */
  const wasm: string | URL;
  export default wasm;
}
