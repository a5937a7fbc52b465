// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The limit that no WebAssembly of our flags gets past on this machine: roof.cpp, compiled with them.

import { readFileSync } from 'node:fs';

const turns = 500;
/** Together a tenth of a millisecond: the clock is finer, and interruptions are seldom so close together. */
const calls = 100;
/** Twelve chains of four lanes, a multiplication and an addition each. */
const flopATurn = 12 * 4 * 2;

export async function open({ wasm }) {
  const module = await WebAssembly.compile(readFileSync(wasm));
  const { exports } = await WebAssembly.instantiate(module, {});
  return {
    version: '',
    /** FLOP done; called often, so that the engine's best compiler gets hold of it. */
    roof() {
      for (let call = 0; call < calls; call++) exports.roof(0.5, turns);
      return calls * turns * flopATurn;
    },
  };
}
