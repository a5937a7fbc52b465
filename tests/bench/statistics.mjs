// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** The q quantile, interpolated between neighbours; NaN of nothing. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export const median = (values) => quantile(values, 0.5);

export const spread = (values) => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  count: values.length,
});

/** The spread of values[i] / base[i] over the rounds that have both. */
export const ratios = (values, base) =>
  spread(values.map((value, at) => (value ?? NaN) / (base[at] ?? NaN)).filter(Number.isFinite));
