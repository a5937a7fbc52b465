// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The instructions of WebAssembly: what is fixed in each, and which operands it has.

import { Problem } from './say.mjs';

/** What an operand is. One of `bytes` bytes, or without that a number in LEB128. */
const operand = {
  local: { name: 'local' },
  global: { name: 'global' },
  label: { name: 'label' },
  function: { name: 'function' },
  type: { name: 'type' },
  tag: { name: 'tag' },
  offset: { name: 'offset' },
  i32: { name: 'i32' },
  i64: { name: 'i64' },
  f32: { name: 'f32', bytes: 4 },
  f64: { name: 'f64', bytes: 8 },
  v128: { name: 'v128', bytes: 16 },
  lane: { name: 'lane', bytes: 1 },
  declaration: { name: 'declaration' },
};

const opcode = {
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  end: 0x0b,
  branchTable: 0x0e,
  callIndirect: 0x11,
  delegate: 0x18,
  selectTyped: 0x1c,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  bulk: 0xfc,
  vector: 0xfd,
};
const blocks = [0x02, 0x03, 0x04, opcode.try];

/** Of the instructions with one operand, which. */
const single = new Map([
  ...[opcode.rethrow, 0x0c, 0x0d, opcode.delegate].map((code) => [code, operand.label]),
  ...[opcode.catch, opcode.throw].map((code) => [code, operand.tag]),
  [0x10, operand.function],
  ...[0x20, 0x21, 0x22].map((code) => [code, operand.local]),
  ...[0x23, 0x24].map((code) => [code, operand.global]),
  [0x41, operand.i32],
  [0x42, operand.i64],
  [0x43, operand.f32],
  [0x44, operand.f64],
]);

/** Control without operands (0x19: catch_all), drop, select, and everything from i32.eqz to i64.extend32_s. */
const alone = (code) => [0x00, 0x01, 0x05, 0x0f, 0x19, 0x1a, 0x1b].includes(code) || (code >= 0x45 && code <= 0xc4);

/**
 * Reads the declarations of a body's local variables as one instruction, then its instructions: for each
 * `{ fixed: bytes, operands: [{ name, width, bytes }], opens }`, where `opens` is 1 for the beginning of a block and -1 for its
 * end. `reader` is at the first byte behind the body's length, and is at its end afterwards.
 */
export function* instructionsOf(reader) {
  yield declarations(reader);
  for (let depth = 1; depth > 0; ) {
    const instruction = read(reader);
    depth += instruction.opens;
    yield instruction;
  }
}

function declarations(reader) {
  const fixed = [...reader.encoded()];
  const operands = Array.from({ length: 2 * unsigned(fixed) }, () => taken(reader, operand.declaration));
  return { fixed, operands, opens: 0 };
}

function read(reader) {
  const code = reader.byte();
  const fixed = [code];
  const operands = [];
  const keep = (bytes) => fixed.push(...bytes);
  const take = (kind, count = 1) => {
    for (let left = count; left > 0; left--) operands.push(taken(reader, kind));
  };
  if (blocks.includes(code)) keep(reader.encoded());
  else if (single.has(code)) take(single.get(code));
  else if (code === opcode.callIndirect) take(operand.type, 2);
  else if (code === opcode.branchTable) {
    const count = reader.encoded();
    keep(count);
    take(operand.label, unsigned(count) + 1);
  } else if (code >= 0x28 && code <= 0x3e) address(reader, keep, take);
  else if (code === opcode.memorySize || code === opcode.memoryGrow) keep(reader.encoded());
  else if (code === opcode.selectTyped) {
    const count = reader.encoded();
    keep([...count, ...reader.some(unsigned(count))]);
  } else if (code === opcode.bulk) bulk(reader, keep);
  else if (code === opcode.vector) vector(reader, keep, take);
  else if (code !== opcode.end && !alone(code)) throw new Problem(`core.wasm has an unknown instruction, ${code}.`);
  const opens = blocks.includes(code) ? 1 : [opcode.end, opcode.delegate].includes(code) ? -1 : 0;
  return { fixed, operands, opens };
}

/** The alignment hardly varies within one kind of access, so it counts as fixed. */
function address(reader, keep, take) {
  keep(reader.encoded());
  take(operand.offset);
}

/** Saturating conversions and what works on ranges of memory and tables. */
function bulk(reader, keep) {
  const code = reader.encoded();
  const indices = { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1 };
  keep(code);
  for (let left = indices[unsigned(code)] ?? 0; left > 0; left--) keep(reader.encoded());
}

function vector(reader, keep, take) {
  const bytes = reader.encoded();
  const code = unsigned(bytes);
  const within = (first, last) => code >= first && code <= last;
  keep(bytes);
  if (within(0, 11) || within(84, 93)) address(reader, keep, take);
  if (code === 12) take(operand.v128);
  if (code === 13) keep(reader.some(16)); // a shuffle; there are few different ones
  if (within(21, 34) || within(84, 91)) take(operand.lane);
}

function taken(reader, { name, bytes = 0 }) {
  return { name, width: bytes, bytes: bytes > 0 ? reader.some(bytes) : reader.encoded() };
}

const unsigned = (bytes) => [...bytes].reduce((value, byte, place) => value + (byte & 127) * 2 ** (7 * place), 0);
