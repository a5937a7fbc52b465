// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { isRecord } from './guards.ts';
import { bad, numberOf, textOf, wrong } from './parts.ts';
import type { ModelOptions, ModelReport, Note, TrainOptions, TrainReport } from './types.ts';

/** What is kept of a training that has just been finished on `rows` rows. */
export function reportOn(
  { rule, calibrationRows, notes }: TrainReport,
  rows: number,
  options: ModelOptions & TrainOptions,
): ModelReport {
  return { when: new Date().toISOString(), rows, rule, calibrationRows, options: plainly(options), notes };
}

/** Options without functions, signals and labels, which are the caller's own or as long as his table. */
function plainly({ signal, onProgress, sliceMs, ...options }: ModelOptions & TrainOptions): Record<string, unknown> {
  const { threshold } = options;
  const rule = threshold?.rule === 'labels' ? { threshold: { ...threshold, labels: undefined } } : {};
  return JSON.parse(JSON.stringify({ ...options, ...rule })) as Record<string, unknown>;
}

/** The report of a saved model; undefined in files of earlier versions. Throws `BAD_FILE`. */
export function reportIn(value: unknown): ModelReport | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value) || !isRecord(value.options)) throw wrong('report', 'what model.report was', value);
  if (!Array.isArray(value.notes)) throw wrong('report.notes', 'a list', value.notes);
  return {
    when: textOf(value.when, 'report.when'),
    rows: numberOf(value.rows, 'report.rows'),
    rule: textOf(value.rule, 'report.rule') as ModelReport['rule'],
    calibrationRows: numberOf(value.calibrationRows, 'report.calibrationRows'),
    options: value.options,
    notes: value.notes.map(noteIn),
  };
}

function noteIn(value: unknown, index: number): Note {
  const where = `report.notes[${index}]`;
  if (!isRecord(value)) throw bad(`${where} must be an object.`);
  const text = (name: string) => textOf(value[name], `${where}.${name}`);
  return {
    what: text('what') as Note['what'],
    ...(value.column !== undefined && { column: text('column') }),
    ...(value.kind !== undefined && { kind: text('kind') as NonNullable<Note['kind']> }),
    count: numberOf(value.count, `${where}.count`),
    text: text('text'),
  };
}
