// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What must hold whatever comes in.

import { AnomalensError } from 'anomalens';

const codes = new Set([
  'WASM_LOAD',
  'SHAPE',
  'NON_FINITE',
  'BAD_OPTION',
  'NOT_FITTED',
  'DISPOSED',
  'OUT_OF_MEMORY',
  'BAD_FILE',
  'DIVERGED',
]);

/** Bytes by which the heap may seem to grow: the rest of a free block that is too small to be split off. */
const slack = 64;

/** Something that must never happen. */
export class Violation extends Error {}

export function must(holds, message) {
  if (!holds) throw new Violation(typeof message === 'function' ? message() : message);
}

const none = () => false;

/** What `work` returns, or the error that it throws, which must be one of ours. `allowed` tells which are the caller's. */
export function attempt(work, allowed = none) {
  try {
    return { value: work() };
  } catch (error) {
    return { error: judged(error, allowed) };
  }
}

/** The same of what `work` promises. */
export async function settled(work, allowed = none) {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: judged(error, allowed) };
  }
}

/** What a callback throws is its caller's: one that is a revoked Proxy of a function throws this. */
const ofDeadCallback = (error) => /^Cannot perform 'apply' on a proxy that has been revoked/.test(error?.message);

/** The error itself, unless nobody should ever see it. */
function judged(error, allowed) {
  if (error instanceof Violation) throw error;
  if (allowed(error) || ofDeadCallback(error)) return error;
  must(error instanceof AnomalensError, () => `not an AnomalensError: ${named(error)}`);
  must(codes.has(error.code), () => `unknown code ${String(error.code)}: ${error.message}`);
  const wrong = faultOf(error.message);
  must(wrong === undefined, () => `${wrong}: ${error.code}: ${error.message}`);
  return error;
}

function named(error) {
  try {
    return `${error?.name}: ${String(error?.message).split('\n')[0]}`;
  } catch {
    return 'something that cannot even be named';
  }
}

/** What is wrong with a sentence; undefined when nothing is. */
function faultOf(message) {
  if (typeof message !== 'string' || message.trim() === '') return 'no message';
  if (!/[.?]$/.test(message)) return 'a message without a full stop';
  // What the caller gave may be named: in quotes, or behind the verb.
  const own = message
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""')
    .replace(/\b(is|are|got|was|missing) (\()?-?(undefined|NaN|Infinity|null)\b/g, '$1');
  const word = /\b(undefined|NaN)\b|\[object/.exec(own)?.[0];
  return word && `a message with ${word}`;
}

// ------------------------------------------------------------------------------------------------ results
export function mustBeFinite(numbers, what, { but = () => false } = {}) {
  for (let index = 0; index < numbers.length; index++) {
    if (Number.isFinite(numbers[index]) || but(numbers[index], index)) continue;
    throw new Violation(`${what}[${index}] is ${numbers[index]}`);
  }
}

export function mustHaveLength(list, length, what) {
  must(list.length === length, () => `${what} has ${list.length} elements instead of ${length}`);
}

/** Whether two lists of numbers hold the same bits. */
export function sameBits(one, other) {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!Object.is(one[index], other[index])) return false;
  return true;
}

// ------------------------------------------------------------------------------------------------ models
/** All that can be seen of a model and must not change by itself. `probe` is a table that it takes. */
export function stateOf(model, probe) {
  const { fitted, threshold, latent, members, parameters } = model;
  const seen = { fitted, threshold, latent, members, parameters, features: model.features.join('\0') };
  if (!fitted) return seen;
  return { ...seen, fingerprint: model.fingerprint(), scores: [...model.score(probe)].join(' ') };
}

export function mustBeAsBefore(before, after, what) {
  for (const name of Object.keys({ ...before, ...after })) {
    must(
      Object.is(before[name], after[name]),
      () => `${what} changed ${name} from ${String(before[name])} to ${String(after[name])}`,
    );
  }
}

/** Calls `work`, after which the memory must be what it was, whatever became of it. `keeper` is a model that stays. */
export async function keepingMemory(keeper, work) {
  let before = keeper.memoryUsage();
  let result = await work();
  let after = keeper.memoryUsage();
  if (after.heapBytes > before.heapBytes + slack) {
    // Work space may grow once, for rows that are read while rows are read.
    before = after;
    result = await work();
    after = keeper.memoryUsage();
  }
  must(after.models === before.models, () => `models left behind: ${after.models - before.models}`);
  must(after.heapBytes <= before.heapBytes + slack, () => `bytes left behind: ${after.heapBytes - before.heapBytes}`);
  return result;
}

const stacks = new Set();

/** The stack of the module must never move. */
export function mustKeepStack(keeper) {
  stacks.add(keeper.memoryUsage().stackAddress);
  must(stacks.size === 1, () => {
    const all = [...stacks].join(' to ');
    stacks.clear();
    return `the stack moved from ${all}`;
  });
}
