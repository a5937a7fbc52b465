// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64 } from './base64.ts';
import type { Packed } from './loading.ts';

/** The WebAssembly that the main entry holds: deflated (zlib's format), in base64. */
export function unpacking(text: string): Packed {
  const unpackedNow = () => {
    const builtin = globalThis.process?.getBuiltinModule;
    const zlib = builtin?.('node:zlib');
    // Buffer is quicker than fromBase64, whose loop no engine has had the time to compile yet.
    // In one piece: putting pieces of the usual size together takes longer than the pieces do.
    return zlib?.inflateSync(builtin('node:buffer').Buffer.from(text, 'base64'), { chunkSize: 2 ** 18 });
  };
  return {
    unpackedNow,
    async unpacked() {
      // Node's own zlib comes first: there it is quicker than a stream, and an imitated browser (jsdom) has no streams.
      const now = unpackedNow();
      if (now) return now;
      if (typeof DecompressionStream !== 'function')
        throw new Error(
          'there is no DecompressionStream here. Call init({ wasm }) with the bytes or the address of core.wasm',
        );
      const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream('deflate'));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    },
  };
}
