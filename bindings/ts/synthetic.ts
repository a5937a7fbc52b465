// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type * as wire from 'anomalens:core';
import type { Engine } from './engine.ts';
import { loadCore } from './loading.ts';
import { checkOptions, syntheticChecks } from './options.ts';
import type { ArticleKind, PatternKind } from './words.ts';

/** Sizes and seed, which all generators have. */
export interface SyntheticOptions {
  /** Equal seeds give equal bits on every engine, 0 to 4294967295. Default 42. */
  readonly seed?: number | undefined;
  /** Ordinary rows to train on, 2 to 1000000. Default 200; `wave` 300, `patterns` 600. */
  readonly rows?: number | undefined;
  /** Further ordinary rows to test on, 0 to 1000000. Default 60; `wave` and `patterns` 300. */
  readonly normals?: number | undefined;
  /** Strange rows to test on, 0 to 1000000. Default 20; `wave` and `patterns` 100. */
  readonly anomalies?: number | undefined;
}

export type { ArticleKind } from './words.ts';

/** Options of `article`. */
export interface ArticleOptions extends SyntheticOptions {
  /**
   * Each strange row gets one of these kinds, in turn. Default: the classic mixture, in which every strange row is shifted
   * and scaled and the first quarter is extreme as well.
   */
  readonly kinds?: readonly ArticleKind[] | undefined;
  /** How strange, from 0 (not at all) to 10. Default 1. */
  readonly strength?: number | undefined;
}

/** Options of `wave`. */
export interface WaveOptions extends SyntheticOptions {
  /** Standard deviation of y around the curve, 0 to 1. Default 0.08. */
  readonly noise?: number | undefined;
  /** Least distance of a strange row from the curve, 0 to 1. Default 0.35. */
  readonly distance?: number | undefined;
}

/** Options of `patterns`. */
export interface PatternsOptions extends SyntheticOptions {
  /** `'wiring'`: half of the columns come from another row; `'everything'`: five patterns at once. Default `'wiring'`. */
  readonly kind?: PatternKind | undefined;
  /** Standard deviation added to every cell, 0 to 1. Default 0.05. */
  readonly noise?: number | undefined;
}

/** A table whose cells lie one after another, row by row. */
export interface FlatTable {
  readonly data: Float32Array;
  readonly columns: number;
}

/** Rows to train on and rows to test on. */
export interface SyntheticData {
  /** Ordinary rows. */
  readonly train: FlatTable;
  /** Ordinary rows, then strange ones. */
  readonly test: FlatTable;
  /** One a row of `test`: 1 = strange. */
  readonly labels: Uint8Array;
}

/** Rows made of six patterns, and those patterns. */
export interface PatternsData extends SyntheticData {
  /** The six patterns, one after another, each 16 numbers of length 1. */
  readonly patterns: Float32Array;
}

async function generated(
  columns: number,
  generate: (engine: Engine) => wire.SyntheticData | null,
): Promise<PatternsData> {
  const core = await loadCore();
  const { heap } = core;
  return core.holding(core.got(generate(core.engine)), (data) => ({
    train: { data: heap.list('float', data.train), columns },
    test: { data: heap.list('float', data.test), columns },
    labels: heap.list('byte', data.labels),
    patterns: heap.list('float', data.patterns),
  }));
}

/** The options that cross as they are, of whichever generator. */
interface Numbers extends WaveOptions {
  readonly strength?: number | undefined;
}

/** A generator's options as the engine takes them; undefined means "not given". */
const given = ({ seed, rows, normals, anomalies, strength, noise, distance }: Numbers): wire.SyntheticOptions => ({
  ...{ seed, rows, normals, anomalies, strength, noise, distance },
  ...{ kinds: undefined, kind: undefined },
});

const withoutPatterns = ({ train, test, labels }: PatternsData): SyntheticData => ({ train, test, labels });

/**
 * The article's data: four columns in two linked pairs, f2 about 0.7 f1 and f4 about 0.5 f3, and strange rows that are
 * shifted, stretched or extreme. Rejects with `BAD_OPTION`, `OUT_OF_MEMORY` and `WASM_LOAD`.
 */
export async function article(options: ArticleOptions = {}): Promise<SyntheticData> {
  const asked = checkOptions(options, syntheticChecks.article);
  const data = await generated(4, ({ SyntheticData, ArticleKind }) => {
    const kinds = asked.kinds?.reduce((mask, kind) => mask | ArticleKind[kind].value, 0);
    return SyntheticData.article({ ...given(asked), kinds });
  });
  return withoutPatterns(data);
}

/**
 * The article's columns; in strange rows the sign of f2 is turned, so that every value is an ordinary one and only the
 * link between two columns is broken. Rejects as `article`.
 */
export async function brokenRelation(options: SyntheticOptions = {}): Promise<SyntheticData> {
  const fields = given(checkOptions(options, syntheticChecks.brokenRelation));
  return withoutPatterns(await generated(4, ({ SyntheticData }) => SyntheticData.brokenRelation(fields)));
}

/**
 * Two columns, x from -3 to 3 and y about sin(1.5 x): a curve in the plane, with strange rows above and below it. Rejects
 * as `article`.
 */
export async function wave(options: WaveOptions = {}): Promise<SyntheticData> {
  const fields = given(checkOptions(options, syntheticChecks.wave));
  return withoutPatterns(await generated(2, ({ SyntheticData }) => SyntheticData.wave(fields)));
}

/** Sixteen columns, each row the sum of one or two of six patterns and a little noise. Rejects as `article`. */
export async function patterns(options: PatternsOptions = {}): Promise<PatternsData> {
  const asked = checkOptions(options, syntheticChecks.patterns);
  return generated(16, ({ SyntheticData, PatternKind: kinds }) => {
    const kind = asked.kind && kinds[asked.kind];
    return SyntheticData.patterns({ ...given(asked), kind });
  });
}
