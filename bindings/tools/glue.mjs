// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The JavaScript that Emscripten writes beside core.wasm, made fit for every bundler.

import { Problem } from './say.mjs';

const address = 'new URL("core.wasm", import.meta.url).href';
const spellings = [address, address.replace('", import', '",import')];

/** Our loader always supplies the module, so the glue needs no address; with one, bundlers would emit a stray file. */
export function withoutAddress(glue) {
  const hits = spellings.flatMap((text) => Array(glue.split(text).length - 1).fill(text));
  if (hits.length !== 1) {
    throw new Problem(
      `core.mjs should name the address of core.wasm once, but does so ${hits.length} times: Emscripten's output has changed.`,
    );
  }
  const patched = glue.replace(hits[0], '""');
  if (/\bimport\s*\(|\brequire\s*\(|["']node:/.test(patched)) {
    throw new Problem('core.mjs loads modules by itself; bundlers and service workers would fail on it.');
  }
  return patched;
}
