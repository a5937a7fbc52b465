// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// A module that the build makes of the WebAssembly it has just compiled.

declare module 'anomalens:wasm' {
  /** In the main entry the module itself, packed as text; in the slim one what gives the address of core.wasm. */
  const wasm: string | (() => URL);
  export default wasm;
}
