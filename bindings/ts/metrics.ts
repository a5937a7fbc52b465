// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { bad } from './checks.ts';
import type { Core } from './core.ts';
import { AnomalensError, mustBe, reading, show } from './error.ts';
import { outOfMemory } from './failures.ts';
import { isList, isTyped, lengthOf } from './guards.ts';
import { mostFloats } from './heap.ts';
import { coreNow } from './loading.ts';
import { refuse } from './table.ts';
import { floats } from './transfer.ts';

// How well scores agree with labels, equal to scikit-learn's, ties included. Scores are compared as float32, which is what
// `score()` gives; higher is stranger. Labels are 1 (anomaly) and 0 (normal), one a score, and both must occur. All throw
// `SHAPE`, `NON_FINITE` for a score that is NaN, and `WASM_LOAD` when the WebAssembly has not been loaded and cannot be
// loaded at once (in browsers): then call `await init()` first.

/** Verdicts at a threshold. */
export interface Confusion {
  /** Anomalies that were flagged. */
  readonly truePositives: number;
  /** Normal rows that were flagged. */
  readonly falsePositives: number;
  /** Normal rows that were not flagged. */
  readonly trueNegatives: number;
  /** Anomalies that were not flagged. */
  readonly falseNegatives: number;
}

/** A point for every distinct score, descending: what flagging all rows with at least that score gives. */
export interface RocCurve {
  /** Begins with Infinity, which flags nothing. */
  readonly thresholds: Float64Array;
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
}

/** A point for every distinct score, descending: what flagging all rows with at least that score gives. */
export interface PrecisionRecallCurve {
  readonly thresholds: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

type Work<Result> = (core: Core, scores: number, labels: number, count: number) => Result;

/** Calls `work` with scores and labels in the heap. */
function judged<Result>(scores: ArrayLike<number>, labels: ArrayLike<number>, work: Work<Result>): Result {
  const length = lengthIn(scores, 'scores', 'numbers');
  const others = lengthIn(labels, 'labels', 'zeros and ones');
  if (length === 0) refuse('There are no scores.');
  if (others !== length)
    refuse(`There must be one label a score, but there are ${length} scores and ${others} labels.`);
  if (length >= mostFloats) throw outOfMemory();
  const own = floats(length);
  const marks = new Uint8Array(length);
  copied(scores, own, 'scores', 'numbers', (score) => typeof score === 'number');
  copied(labels, marks, 'labels', 'zeros and ones', (label) => label === 0 || label === 1);
  const core = coreNow();
  return core.heap.borrow(length * 5 + 1, (at) => {
    core.heap.fill('float', at, own);
    core.heap.fill('byte', at + length * 4, marks);
    return work(core, at, at + length * 4, length);
  });
}

const unreadable = (name: string) => (reason: string, cause: unknown) =>
  new AnomalensError('SHAPE', `${name} cannot be read: ${reason}`, { cause });

/** How long a list is. Throws `SHAPE` for what is no list. */
function lengthIn(list: unknown, name: string, kind: string): number {
  if (!isList(list)) refuse(mustBe(name, `an array of ${kind}`, list));
  return isTyped(list) ? lengthOf(list) : reading(() => list.length, unreadable(name));
}

/** Reads every element of a list once: getters and proxies may give something else the next time. */
function copied(
  list: ArrayLike<unknown>,
  into: Float32Array | Uint8Array,
  name: string,
  kind: string,
  fits: (element: unknown) => boolean,
): void {
  reading(() => {
    for (let index = 0; index < into.length; index++) {
      const element = list[index];
      if (!fits(element)) refuse(`${name} must hold ${kind}, but ${name}[${index}] is ${show(element)}.`);
      into[index] = element as number;
    }
  }, unreadable(name));
}

/** Area under the ROC curve: the share of pairs of an anomaly and a normal row in which the anomaly scores higher, ties counting half. */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  return judged(scores, labels, (core, s, l, count) => core.got(core.engine.auroc(s, l, count)));
}

/** Mean precision over the recalls, without interpolation: Σ (Rₖ - Rₖ₋₁) Pₖ. */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  return judged(scores, labels, (core, s, l, count) => core.got(core.engine.averagePrecision(s, l, count)));
}

/** Share of anomalies among the `k` highest scores, 1 to their number; rows tied at the border count by their share. */
export function precisionAtK(scores: ArrayLike<number>, labels: ArrayLike<number>, k: number): number {
  if (!Number.isInteger(k) || k < 1) throw bad('k', mustBe('k', 'a whole number of 1 or more', k));
  return judged(scores, labels, (core, s, l, count) => {
    if (k > count) throw bad('k', mustBe('k', `from 1 to ${count}, the number of scores`, k));
    return core.got(core.engine.precisionAt(s, l, count, k));
  });
}

/** Verdicts counted: a row is flagged when its score is strictly above `threshold`. */
export function confusion(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number): Confusion {
  if (typeof threshold !== 'number' || Number.isNaN(threshold))
    throw bad('threshold', mustBe('threshold', 'a number', threshold));
  return judged(scores, labels, (core, s, l, count) => core.got(core.engine.confusion(s, l, count, threshold)));
}

type CurveList = 'thresholds' | 'truePositiveRate' | 'falsePositiveRate' | 'precision';

/** Copies of some lists of the engine's curve. */
function curve<Name extends CurveList>(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  ...names: readonly Name[]
): Record<Name, Float64Array> {
  return judged(scores, labels, (core, s, l, count) =>
    core.holding(core.got(core.engine.Curve.of(s, l, count)), (points) => {
      const lists = names.map((name) => [name, core.heap.list('double', points[name])]);
      return Object.fromEntries(lists) as Record<Name, Float64Array>;
    }),
  );
}

/** The ROC curve, from (0, 0) to (1, 1). */
export function roc(scores: ArrayLike<number>, labels: ArrayLike<number>): RocCurve {
  const points = curve(scores, labels, 'thresholds', 'falsePositiveRate', 'truePositiveRate');
  const from = (start: number, rest: Float64Array) => {
    const whole = new Float64Array(rest.length + 1).fill(start, 0, 1);
    whole.set(rest, 1);
    return whole;
  };
  return {
    thresholds: from(Infinity, points.thresholds),
    falsePositiveRate: from(0, points.falsePositiveRate),
    truePositiveRate: from(0, points.truePositiveRate),
  };
}

/** The precision-recall curve; its last point has recall 1. */
export function precisionRecall(scores: ArrayLike<number>, labels: ArrayLike<number>): PrecisionRecallCurve {
  const { truePositiveRate, ...points } = curve(scores, labels, 'thresholds', 'precision', 'truePositiveRate');
  return { ...points, recall: truePositiveRate };
}
