// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64 } from './base64.ts';

/** The bytes of a zlib stream in base64, at once: in Node, Deno and Bun; undefined elsewhere. */
export function inflatedNow(text: string): Uint8Array<ArrayBuffer> | undefined {
  const builtin = globalThis.process?.getBuiltinModule;
  const zlib = builtin?.('node:zlib');
  // Buffer is quicker than fromBase64, whose loop no engine has had the time to compile yet.
  return zlib && new Uint8Array(zlib.inflateSync(builtin('node:buffer').Buffer.from(text, 'base64')));
}

/**
 * The bytes of a zlib stream in base64. Node's own zlib comes first: there it is quicker than a stream, and an imitated
 * browser (jsdom) has no streams. Throws where there is neither.
 */
export async function inflated(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const now = inflatedNow(text);
  if (now) return now;
  if (typeof DecompressionStream !== 'function')
    throw new Error(
      'there is no DecompressionStream here. Call init({ wasm }) with the bytes or the address of core.wasm',
    );
  const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
