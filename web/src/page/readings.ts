// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the figures say in numbers, computed from the errors of the moment. Pure functions.

export interface Confusion {
  /** Normal rows below and above the threshold, anomalies below and above it. */
  readonly passed: number;
  readonly falseAlarms: number;
  readonly missed: number;
  readonly caught: number;
}

export function confusion(errors: Float32Array, labels: Uint8Array, threshold: number): Confusion {
  const counts = { passed: 0, falseAlarms: 0, missed: 0, caught: 0 };
  errors.forEach((error, i) => {
    const isAbove = error > threshold;
    if (labels[i]) counts[isAbove ? 'caught' : 'missed']++;
    else counts[isAbove ? 'falseAlarms' : 'passed']++;
  });
  return counts;
}

export function shareAbove(errors: Float32Array, threshold: number): number {
  let above = 0;
  for (const error of errors) if (error > threshold) above++;
  return above / errors.length;
}

/** The chance that a random anomaly has the larger error of a random pair; ties count half. */
export function auc(errors: Float32Array, labels: Uint8Array): number {
  const order = Array.from(errors.keys()).sort((a, b) => at(errors, a) - at(errors, b));
  let rankSum = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && at(errors, at(order, end)) === at(errors, at(order, i))) end++;
    for (let k = i; k < end; k++) {
      if (!labels[at(order, k)]) continue;
      rankSum += (i + 1 + end) / 2;
      positives++;
    }
    i = end;
  }
  const negatives = errors.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Row numbers from the largest error to the smallest. */
export function ranking(errors: Float32Array): number[] {
  return Array.from(errors.keys()).sort((a, b) => at(errors, b) - at(errors, a) || a - b);
}

export interface FeatureReading {
  readonly feature: string;
  readonly value: number;
  readonly expected: number;
  readonly share: number;
}

export function featureReadings(
  row: number,
  features: readonly string[],
  rows: Float32Array,
  copies: Float32Array,
  featureErrors: Float32Array,
): FeatureReading[] {
  const from = row * features.length;
  const total = features.reduce((sum, _, j) => sum + at(featureErrors, from + j), 0);
  return features.map((feature, j) => ({
    feature,
    value: at(rows, from + j),
    expected: at(copies, from + j),
    share: total > 0 ? at(featureErrors, from + j) / total : 0,
  }));
}

/** An element that is known to be there. */
export const at = (values: ArrayLike<number>, i: number) => values[i] as number;
