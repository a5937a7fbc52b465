// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Engine } from './engine.ts';
import { AnomalensError } from './error.ts';
import { type CodeWord, type ReasonWord, reasonOf, sentences, type Told } from './sentences.ts';
import type { Source } from './source.ts';
import type { Corruption, TrainOptions } from './types.ts';

/** What the caller said, by which an error is told in his words. */
export interface Said extends Pick<TrainOptions, 'threshold' | 'corruption'> {
  /** The rows that the engine was given. */
  readonly source?: Source;
}

/** Whose cell the caller's table shows better than a sentence about a number does. */
const ofOneCell: ReadonlySet<ReasonWord> = new Set(['cellNotANumber', 'cellInfinite', 'codeNotFinite']);

/** The error that the engine's last call failed with. */
export function failure(engine: Engine, said: Said = {}): Error {
  const { code, reason: number, row, column, ...spans } = engine.failure();
  const reason = reasonOf(number);
  const { buffer } = engine.HEAPU8;
  const letters = new Uint8Array(buffer, spans.option.address, spans.option.count);
  const [a = 0, b = 0, c = 0] = new Float64Array(buffer, spans.numbers.address, spans.numbers.count);
  const option = String.fromCharCode(...letters) || undefined;
  const told: Told = { row, column, option, numbers: [a, b, c] };
  const { source } = said;
  if (source && row !== undefined && column !== undefined && ofOneCell.has(reason)) return source.refusal(row, column);
  return errorOf(wordOf(engine.ErrorCode, code), reason, inWordsOf(said, told));
}

export function outOfMemory(cause?: unknown): AnomalensError {
  return new AnomalensError('OUT_OF_MEMORY', sentences.noMemory(), { cause });
}

function errorOf(code: CodeWord, reason: ReasonWord, told: Told): Error {
  const sentence = sentences[reason](told);
  if (code === 'INTERNAL') return new Error(sentence);
  const { row, column, option } = told;
  return new AnomalensError(code, sentence, { row, column, option });
}

/** The word that stands for a value of one of the engine's enumerations. */
export function wordOf<Words extends object>(words: Words, value: Words[keyof Words]): keyof Words {
  for (const word in words) if (words[word] === value) return word;
  throw new Error('The WebAssembly and the JavaScript come from different builds.');
}

/** The word that stands for a number of one of the engine's enumerations. */
export const wordAt = <Words extends object>(words: Words, number: number): keyof Words & string =>
  wordOf(
    words,
    Object.values(words).find(({ value }) => value === number),
  ) as keyof Words & string;

/** The same with rows, columns and options as the caller knows them. */
function inWordsOf(said: Said, told: Told): Told {
  const { source } = said;
  const feature = told.column === undefined ? undefined : source?.featureOf(told.column);
  return {
    ...told,
    row: told.row === undefined ? undefined : (source?.rowOf(told.row) ?? told.row),
    column: feature?.column ?? told.column,
    name: feature?.name,
    option: told.option === undefined ? undefined : optionName(told.option, said, told),
  };
}

function optionName(option: string, { threshold, corruption }: Said, { numbers }: Told): string {
  if (option === 'threshold.value' && threshold) return `threshold.${amountName(threshold)}`;
  if (option === 'corruption.amount' && corruption) {
    const list = [corruption].flat() as readonly Corruption[];
    const index = list.findIndex((one) => ('sigma' in one ? one.sigma : one.rate) === numbers[2]);
    return `corruption.${'sigma' in (list[index] ?? {}) ? 'sigma' : 'rate'}`;
  }
  return option.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What callers call the number of a rule. */
function amountName(threshold: NonNullable<TrainOptions['threshold']>): string {
  const names = { conformal: 'alpha', quantile: 'q', contamination: 'share', mad: 'k', tail: 'risk', fixed: 'value' };
  return threshold.rule === 'labels' ? 'goal.falsePositiveRate' : names[threshold.rule];
}
