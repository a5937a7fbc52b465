// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// What the engine registers and what TypeScript says must be the same. This file holds no code: tsc refuses it where the
// two differ.

import type * as wire from 'anomalens:core';
import type { Engine } from './engine.ts';
import type { ErrorCode } from './error.ts';
import type { modelChecks, modelNames, syntheticChecks, trainChecks, trainNames } from './options.ts';
import type { ArticleOptions, PatternsOptions, SyntheticOptions, WaveOptions } from './synthetic.ts';
import type {
  Anatomy,
  Corruption,
  FeaturePart,
  ModelOptions,
  Progress,
  Schedule,
  ScoreTerm,
  Sparsity,
  ThresholdRule,
  TrainOptions,
  TrainReport,
} from './types.ts';
import type * as words from './words.ts';

/** True when two unions have the same members, else those that only one of them has. */
type Same<A, B> = [Exclude<A, B>, Exclude<B, A>] extends [never, never] ? true : [Exclude<A, B>, Exclude<B, A>];
type Proof<_ extends true> = true;
type WordsOf<Name extends keyof Engine> = keyof Engine[Name];

/** Every word of every enumeration. */
export type Words = [
  Proof<Same<words.Activation, WordsOf<'Activation'>>>,
  Proof<Same<words.Scaler, WordsOf<'Scaler'>>>,
  Proof<Same<words.Missing, WordsOf<'Missing'>>>,
  Proof<Same<words.ReasonKind, WordsOf<'ReasonKind'>>>,
  Proof<Same<words.Compatibility | 'none', WordsOf<'Compatibility'>>>,
  Proof<Same<words.Optimizer, WordsOf<'Optimizer'>>>,
  Proof<Same<words.Loss, WordsOf<'Loss'>>>,
  Proof<Same<words.ScheduleKind, WordsOf<'ScheduleKind'>>>,
  Proof<Same<words.CorruptionKind, WordsOf<'CorruptionKind'>>>,
  Proof<Same<words.SparsityKind | 'none', WordsOf<'SparsityKind'>>>,
  Proof<Same<words.RuleKind, WordsOf<'RuleKind'>>>,
  Proof<Same<words.BudgetKind, WordsOf<'BudgetKind'>>>,
  Proof<Same<words.Ending, WordsOf<'Stopped'>>>,
  Proof<Same<words.ArticleKind, WordsOf<'ArticleKind'>>>,
  Proof<Same<words.PatternKind, WordsOf<'PatternKind'>>>,
  Proof<Same<Exclude<ErrorCode, 'WASM_LOAD'> | 'INTERNAL', WordsOf<'ErrorCode'>>>,
];

/** The forms of an option with several. */
export type Forms = [
  Proof<Same<Schedule['kind'], words.ScheduleKind>>,
  Proof<Same<Corruption['kind'], words.CorruptionKind>>,
  Proof<Same<Sparsity['kind'], words.SparsityKind>>,
  Proof<
    Same<Exclude<ThresholdRule['rule'], 'labels'> | 'falsePositiveRate' | 'bestF1' | words.OwnRule, words.RuleKind>
  >,
];

/** Every option: of the public type, of the engine and of the list that is looked at when a program runs. */
export type Options = [
  Proof<Same<Exclude<keyof ModelOptions, 'features' | 'columns'>, keyof wire.ModelOptions>>,
  Proof<Same<(typeof modelNames)[number], keyof wire.ModelOptions>>,
  Proof<Same<keyof typeof modelChecks, keyof ModelOptions>>,
  Proof<
    Same<Exclude<keyof TrainOptions, 'signal' | 'onProgress' | 'sliceMs'>, Exclude<keyof wire.TrainOptions, 'resume'>>
  >,
  Proof<Same<(typeof trainNames)[number], Exclude<keyof wire.TrainOptions, 'resume'>>>,
  Proof<Same<keyof typeof trainChecks, keyof TrainOptions>>,
  Proof<Same<keyof (ArticleOptions & WaveOptions & PatternsOptions), keyof wire.SyntheticOptions>>,
  Proof<Same<keyof (typeof syntheticChecks)['article'], keyof ArticleOptions>>,
  Proof<Same<keyof (typeof syntheticChecks)['brokenRelation'], keyof SyntheticOptions>>,
  Proof<Same<keyof (typeof syntheticChecks)['wave'], keyof WaveOptions>>,
  Proof<Same<keyof (typeof syntheticChecks)['patterns'], keyof PatternsOptions>>,
];

/** Every result that is passed on field by field. */
export type Results = [
  Proof<Same<keyof Progress, keyof wire.Progress>>,
  Proof<Same<Exclude<keyof TrainReport, 'skipped' | 'notes'>, Exclude<keyof wire.TrainReport, 'delete'>>>,
  Proof<Same<keyof ScoreTerm, keyof wire.Part>>,
  Proof<Same<Exclude<keyof FeaturePart, 'part'>, Exclude<keyof wire.ColumnParts, 'column'> | 'feature'>>,
  Proof<Same<keyof Anatomy['terms'], Exclude<keyof wire.Anatomy, 'score' | 'departures' | 'columns'>>>,
];
