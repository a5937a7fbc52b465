// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the tests of the package share.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AnomalensError } from 'anomalens';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const json = (name) => JSON.parse(readFileSync(join(root, 'tests/data', name), 'utf8'));

/** The article's rows: 200 to train on, 80 to judge, and their labels. */
export const article = json('article.json');
/** What PyTorch made of them. */
export const golden = json('article_golden.json');

/** The article's own settings. */
export const articleModel = Object.freeze({ hidden: [16], latent: 2, seed: 42, compatibility: 'pytorch' });
export const articleTraining = Object.freeze({
  epochs: 60,
  batchSize: 32,
  learningRate: 1e-3,
  weightDecay: 1e-5,
  threshold: { rule: 'quantile', q: 0.95 },
});

/** Fails unless every number is within `tolerance` of the expected one, relative to it. */
export function assertClose(found, expected, tolerance = 1e-5, floor = 0) {
  assert.equal(found.length, expected.length);
  for (let index = 0; index < expected.length; index++) {
    const room = tolerance * Math.max(Math.abs(expected[index]), floor);
    assert.ok(
      Math.abs(found[index] - expected[index]) <= room,
      `number ${index} is ${found[index]}, expected ${expected[index]} within ${room}`,
    );
  }
}

/** For assert.throws and assert.rejects: an AnomalensError with this code, this sentence and these fields. */
export function error(code, sentence, fields = {}) {
  return (thrown) => {
    assert.ok(thrown instanceof AnomalensError, `expected an AnomalensError, got ${thrown?.stack ?? thrown}`);
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, sentence);
    for (const [name, value] of Object.entries(fields)) assert.equal(thrown[name], value, name);
    return true;
  };
}

/**
 * Bytes that the heap may seem to have grown by: the allocator counts the rest of a free block that is too small to be split
 * off.
 */
export const slack = 64;

/**
 * Waits until no model is left but those `kept`. Others, which earlier tests have forgotten, would go at any moment and hide
 * what stays.
 */
export async function onlyLeft(...kept) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const left = () => kept[0].memoryUsage().models;
  for (let round = 0; round < 200 && left() > kept.length; round++) {
    collect();
    await setTimeout(10);
  }
  assert.equal(left(), kept.length, 'models that are still there');
}

/** Seeded numbers: `uniform()` from 0 to below 1, `normal()` with mean 0 and deviation 1 (Box & Muller 1958). */
export function generator(seed) {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return ((word ^ (word >>> 15)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Rows of numbers that follow no pattern, the same every time. */
export function noise(rows, columns, seed = 1) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Array.from({ length: rows }, () => Array.from({ length: columns }, next));
}

/** An empty folder that is gone after the test. */
export function emptyFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), 'anomalens-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program; rejects with what it printed when it fails. */
export async function run(program, args, options = {}) {
  try {
    return (await promisify(execFile)(program, args, { encoding: 'utf8', ...options })).stdout;
  } catch (cause) {
    throw new Error(`${program} ${args.join(' ')} failed:\n${cause.stdout ?? ''}${cause.stderr ?? ''}`, { cause });
  }
}

/** Numbers drawn at random, the same every time: mulberry32, and Box and Muller's normal ones. */
export function random(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
