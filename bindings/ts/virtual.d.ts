// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// A module that the build makes of the WebAssembly it has just compiled. The other one, anomalens:core, is Emscripten's code
// for it; Emscripten describes that one itself, in build/module/core.d.ts.

declare module 'anomalens:wasm' {
  /** In the main entry the module itself, packed as text; in the slim one what gives the address of core.wasm. */
  const wasm: string | (() => URL);
  export default wasm;
}
