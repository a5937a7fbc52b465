// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

interface Assembler {
  readonly memory: WebAssembly.Memory;
  /** Puts together what begins at address `parts`, at address `out`; returns where it ends. */
  assemble(parts: number, out: number): number;
}

/**
 * The bytes of core.wasm, from what bindings/tools/parts.mjs has made of it: the length of a small module in two bytes, that
 * module (bindings/assembler.cpp), and the parts that it puts together.
 */
export function assembled(packed: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const begin = 2 + (packed[0] as number) + 256 * (packed[1] as number);
  const assembler = new WebAssembly.Module(packed.subarray(2, begin));
  const { memory, assemble } = new WebAssembly.Instance(assembler).exports as unknown as Assembler;
  const parts = packed.subarray(begin);
  const at = memory.buffer.byteLength;
  memory.grow((parts.length >> 16) + 1);
  new Uint8Array(memory.buffer).set(parts, at);
  const out = at + parts.length;
  const end = assemble(at, out);
  return new Uint8Array(memory.buffer, out, end - out);
}
