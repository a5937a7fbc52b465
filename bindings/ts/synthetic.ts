// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { floats } from './core.ts';
import { loadCore } from './module.ts';
import { articleChecks, checkOptions } from './options.ts';

/** What is done to an ordinary row to make it strange: move f1, stretch f3, or put f2 far out. */
export type ArticleKind = 'shift' | 'scale' | 'extreme';

/** Options of `article`. */
export interface ArticleOptions {
  /** Equal seeds give equal bits on every engine, 0 to 4294967295. Default 42. */
  readonly seed?: number | undefined;
  /** Ordinary rows to train on, 2 to 1000000. Default 200. */
  readonly rows?: number | undefined;
  /** Further ordinary rows to test on, 0 to 1000000. Default 60. */
  readonly normals?: number | undefined;
  /** Strange rows to test on, 0 to 1000000. Default 20. */
  readonly anomalies?: number | undefined;
  /**
   * Each strange row gets one of these kinds, in turn. Default: the classic mixture, in which every strange row is shifted
   * and scaled and the first quarter is extreme as well.
   */
  readonly kinds?: readonly ArticleKind[] | undefined;
  /** How strange, from 0 (not at all) to 10. Default 1. */
  readonly strength?: number | undefined;
}

/** A table whose cells lie one after another, row by row. */
export interface FlatTable {
  readonly data: Float32Array;
  readonly columns: number;
}

/** Rows to train on and rows to test on. */
export interface ArticleData {
  /** Ordinary rows of four columns. */
  readonly train: FlatTable;
  /** Ordinary rows, then strange ones. */
  readonly test: FlatTable;
  /** One a row of `test`: 1 = strange. */
  readonly labels: Uint8Array;
}

const columns = 4;
const kindBits: Readonly<Record<ArticleKind, number>> = { shift: 1, scale: 2, extreme: 4 };

/**
 * The article's data: four columns in two linked pairs, f2 about 0.7 f1 and f4 about 0.5 f3, and strange rows that are
 * shifted, stretched or extreme. Throws `BAD_OPTION`, `OUT_OF_MEMORY` and `WASM_LOAD`.
 */
export async function article(options: ArticleOptions = {}): Promise<ArticleData> {
  checkOptions(options, articleChecks);
  const core = await loadCore();
  const { rows = 200, normals = 60, anomalies = 20, kinds = [], ...rest } = options;
  const fields = { ...rest, rows, normals, anomalies, kinds: kinds.reduce((bits, kind) => bits | kindBits[kind], 0) };
  core.check(core.glue.articleCheck(core.write('article', fields)));
  const train = floats(rows * columns);
  const test = floats((normals + anomalies) * columns);
  const labels = new Uint8Array(normals + anomalies);
  const bytes = train.byteLength + test.byteLength + labels.byteLength;
  core.borrow(bytes, (address) => {
    const testAt = address + train.byteLength;
    const labelsAt = testAt + test.byteLength;
    core.check(core.glue.article(core.write('article', fields), address, testAt, labelsAt));
    train.set(core.floats(address, train.length));
    test.set(core.floats(testAt, test.length));
    labels.set(core.bytes(labelsAt, labels.length));
  });
  return { train: { data: train, columns }, test: { data: test, columns }, labels };
}
