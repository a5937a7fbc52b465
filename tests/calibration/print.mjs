// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Markdown tables of promises, and a list of those that were not kept.

export const failures = [];

export const percent = (share) => `${(100 * share).toFixed(2)} %`;
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function table(title, columns) {
  console.log(`\n${title}\n`);
  row(columns);
  row(columns.map(() => '---'));
}

export function row(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

/** The word for the last cell of a row; what is not kept is remembered as `what`. */
export function verdict(kept, what) {
  if (!kept) failures.push(what);
  return kept ? 'kept' : 'NOT KEPT';
}
