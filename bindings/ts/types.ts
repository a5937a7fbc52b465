// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Activation, AskedKind, Compatibility, Loss, Missing, Optimizer, QuantileRows, Scaler } from './words.ts';

/** A cell: numbers, texts, booleans and dates; null and undefined where there is nothing. Objects are taken as what they write. */
export type Cell = number | string | boolean | bigint | Date | object | null | undefined;

/** A row by the names of its columns. An object of a class or an interface of your own will do. */
export type RowRecord = object;

/** A column: a list, a typed array, or anything with a length that gives its cells one by one, as Arrow's vectors do. */
export type ColumnOfCells =
  | ArrayLike<Cell>
  | { readonly length: number; get(row: number): unknown }
  | { readonly length: number; at(row: number): unknown };

/** A table of Arrow, or what runs a query of DuckDB: known by what it can do. */
export type Frame =
  | { readonly schema: { readonly fields: ArrayLike<{ readonly name: string }> }; getChildAt(index: number): unknown }
  | { getColumnsObject(): object }
  | { readonly columns: readonly string[]; readonly values: ArrayLike<unknown>; readonly shape: ArrayLike<number> };

/**
 * Rows to learn from or to judge, in whichever form they already are.
 *
 * - **Rows**: `[[1, 2], [3, 4]]`, also typed arrays as rows. The first row may hold names above columns of numbers.
 * - **One flat array**: `{ data: Float32Array.of(1, 2, 3, 4), columns: 2 }`, one row after another. The quickest form.
 * - **Columns by name**: `{ length: [1, 3], width: [2, 4] }`; tables of Arrow, readers of DuckDB, frames of Danfo.
 * - **Records**: `[{ length: 1, width: 2 }, { length: 3, width: 4 }]`, as CSV parsers give them.
 *
 * What each column holds is learned from the training rows and told in `notes`: numbers, also those in texts; categories
 * (texts, booleans); dates, of which hour, weekday and day of the year count (of texts as they are written, whatever the zone;
 * of `Date` objects and numbers of milliseconds in UTC). Columns that identify rows, or hold nothing,
 * are left out. The option `columns` overrules. A blank last row is skipped.
 *
 * Numbers keep their double precision until they have been centred and scaled. A cell may be missing (null, undefined, NaN;
 * in texts also nothing, `NA`, `null`, `-`, `?` and the like) as the option `missing` has it; an infinite one is a
 * `NON_FINITE` error that names its row and column.
 */
export type Table =
  | ReadonlyArray<ArrayLike<Cell>>
  | { readonly data: ArrayLike<number>; readonly columns: number }
  | { readonly [name: string]: ColumnOfCells }
  | ReadonlyArray<RowRecord>
  | Frame;

/** One row: cells in the order of the training rows, or a record by the names of their columns. */
export type Row = ArrayLike<Cell> | RowRecord;

export type * from './results.ts';
export type { Activation, AppliedRule, AskedKind, OwnRule, ReasonKind, Scaler } from './words.ts';

/**
 * What a model is. Everything is optional. Without any of the first five, `members` or `compatibility` it is the default
 * detector, a committee that takes the columns as they are: numbers as numbers, texts and booleans as categories.
 */
export interface ModelOptions {
  /**
   * Widths of the encoder's hidden layers, outermost first; the decoder mirrors them. 0 to 16 layers of 1 to 4096.
   * Default: one layer, sized from the number of columns; 16 in a committee.
   */
  readonly hidden?: readonly number[] | undefined;
  /** Widths of the decoder's hidden layers, innermost first, where they are not the mirror image. 0 to 16 layers of 1 to 4096. */
  readonly decoder?: readonly number[] | undefined;
  /**
   * Width of the bottleneck, 1 to 4096. Narrower = a stricter idea of normal. Default: the root of the number of columns;
   * in a committee three widths from that to half of the columns, in turn.
   */
  readonly latent?: number | undefined;
  /** Of the hidden layers; the output is linear. Default `'relu'`, in a committee `'tanh'`. */
  readonly activation?: Activation | undefined;
  /** Of the bottleneck. Default `'linear'`; a `kl` sparsity needs `'sigmoid'`. */
  readonly latentActivation?: Activation | undefined;
  /** Of a single net; the default detector scales every column sturdily, or by its logarithm, of itself. Default `'standard'`. */
  readonly scaler?: Scaler | undefined;
  /**
   * What becomes of a missing cell (null, undefined, NaN). `'learn'`, only and by default in the default detector: whether
   * the cell is there is something to learn; a gap in a column that had none in training is strange. `'mask'`: gaps never
   * count against a row; they neither train nor score, and one cell a row must be there. `'error'`, the default of single
   * nets: `NON_FINITE`, naming row and column.
   */
  readonly missing?: Missing | undefined;
  /**
   * Names of the features. Default: the names in the table, or `f1`, `f2`, ... For a table without names there must be
   * one a column; for a table with names this is which features to use, in this order.
   */
  readonly features?: readonly string[] | undefined;
  /**
   * What columns are, where they are to be taken otherwise than their cells suggest: `{ zip: 'category', note: 'ignore' }`.
   * Words for nothing (`NA`, `None`) are values like any other in a column said to be a category.
   */
  readonly columns?: Readonly<Record<string, AskedKind>> | undefined;
  /**
   * Nets that judge together, 1 to 64. A committee stays a good judge when the rows it learns from are not all normal,
   * and needs no tuning; a single net has codes and activations to look at. Default 9 where no architecture is named,
   * else 1.
   */
  readonly members?: number | undefined;
  /** Seeds the first weights and the order of the rows, 0 to 4294967295. Equal seeds, options and rows give equal bits. Default 0. */
  readonly seed?: number | undefined;
  /** `'pytorch'`: draw first weights and row orders as PyTorch does after `torch.manual_seed(seed)`. Default: our own way. */
  readonly compatibility?: Compatibility | undefined;
}

/**
 * Spoils the input of a step while the target stays clean, on scaled values, anew in every step. `gaussian`: x + σ n;
 * `mask`: the column's centre with probability `rate`; `saltPepper`: its least or largest value; `swap`: the cell of
 * another row; `scale`: x (1 + σ n). `sigma` 0 to 100, `rate` 0 to 1.
 */
export type Corruption =
  | { readonly kind: 'gaussian'; readonly sigma: number }
  | { readonly kind: 'mask'; readonly rate: number }
  | { readonly kind: 'saltPepper'; readonly rate: number }
  | { readonly kind: 'swap'; readonly rate: number }
  | { readonly kind: 'scale'; readonly sigma: number };

/**
 * Pressure on the codes. `l1`: loss + weight · mean |code|. `kl`: loss + weight · Σ KL(target ‖ mean code), for codes in
 * (0, 1): `latentActivation: 'sigmoid'`. `topK`: only the k largest codes of a row stay, in training and in scoring.
 * `weight` 0 to 1000000, `target` above 0 and below 1, `k` 1 to `latent`.
 */
export type Sparsity =
  | { readonly kind: 'l1'; readonly weight: number }
  | { readonly kind: 'kl'; readonly weight: number; readonly target: number }
  | { readonly kind: 'topK'; readonly k: number };

/**
 * The learning rate over the epochs. `cosine`: up in a line over `warmup` epochs (default 0), then down to 0 along a
 * cosine. `step`: times `factor` after each `every` epochs. `plateau`: times `factor` when the loss has not fallen for
 * more than `patience` epochs. `factor` above 0 and below 1.
 */
export type Schedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'cosine'; readonly warmup?: number | undefined }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  | { readonly kind: 'plateau'; readonly patience: number; readonly factor: number };

/** How the threshold is chosen. A row is an anomaly when its score is strictly above the threshold. */
export type ThresholdRule =
  /** False alarms at most the share `alpha` in expectation, above 0 to 0.5, from rows held out of the training. */
  | { readonly rule: 'conformal'; readonly alpha: number }
  /** The `q` quantile of the scores, 0 < q < 1, interpolated between neighbours as numpy does; of the training rows, or of held-out ones. */
  | { readonly rule: 'quantile'; readonly q: number; readonly of?: QuantileRows | undefined }
  /** Flags this share of the rows it is taken from, above 0 to 0.5. */
  | { readonly rule: 'contamination'; readonly share: number }
  /** Median + k · 1.4826 · median absolute deviation, k above 0 to 100. Default 3.5. */
  | { readonly rule: 'mad'; readonly k?: number | undefined }
  /** Exceeded by a normal row with probability `risk`, above 0 to 0.02: peaks over threshold, from 500 held-out rows at least. */
  | { readonly rule: 'tail'; readonly risk: number }
  /** This very number, in the score's own unit. */
  | { readonly rule: 'fixed'; readonly value: number }
  /** From rows whose labels are known, 1 = anomaly and 0 = normal, one a row: at most this share of false alarms (0 to below 1), or the best F1. */
  | {
      readonly rule: 'labels';
      readonly labels: ArrayLike<number>;
      readonly goal: { readonly falsePositiveRate: number } | 'bestF1';
    };

/** How a model learns. Everything is optional. */
export interface TrainOptions {
  /**
   * Passes over all rows, 1 to 1000000. Default: as many as give about 4,000 steps, between 30 and 300; in a committee 400
   * steps a member, each on 256 of the rows.
   */
  readonly epochs?: number | undefined;
  /** Rows a step, 1 to 65536; the last batch of an epoch may be shorter. Default 32, in a committee 64. */
  readonly batchSize?: number | undefined;
  /** `adam`, `sgd` and `rmsprop` as PyTorch's; `adamw` takes the weight decay off the weights themselves. Default `'adam'`. */
  readonly optimizer?: Optimizer | undefined;
  /** Step width, above 0, at most 10. Default 0.001, in a committee 0.01. */
  readonly learningRate?: number | undefined;
  /** Of `sgd` and `rmsprop`, 0 to below 1. Default 0. */
  readonly momentum?: number | undefined;
  /** Default `{ kind: 'constant' }`. */
  readonly schedule?: Schedule | undefined;
  /** Of a residual r in scaled units: `mse` r², `mae` |r|, `huber` r²/2 up to 1 and |r| - ½ beyond. Default `'mse'`. */
  readonly loss?: Loss | undefined;
  /** Pull of every weight towards zero, added to the gradient as PyTorch's Adam does, 0 to 10. Default 0. */
  readonly weightDecay?: number | undefined;
  /** Constant pull of every weight towards zero (L1 penalty), 0 to 10. Default 0. */
  readonly l1?: number | undefined;
  /** Share of the hidden units left out of a step, 0 to below 1. Default 0. */
  readonly dropout?: number | undefined;
  /** Largest length of a step's gradient, 0 (no limit) to 1000000. Default 0. */
  readonly clipNorm?: number | undefined;
  /** What is done to the input so that the net has to restore it; several are applied one after another, 8 at most. */
  readonly corruption?: Corruption | readonly Corruption[] | undefined;
  /** Pressure on the codes. Default none. */
  readonly sparsity?: Sparsity | undefined;
  /** The promise that all rows are normal. Default true, in `detect` false. It decides `trim` and `threshold`. */
  readonly clean?: boolean | undefined;
  /** Share of the worst rows of every mini-batch left out of the gradient, 0 to 0.9. Default 0 for clean rows, else 0.3. */
  readonly trim?: number | undefined;
  /** Share of the rows held out to watch the loss, 0 to 0.5; the weights of the best epoch are kept. Default 0. */
  readonly validationSplit?: number | undefined;
  /**
   * Epochs without an improvement of the held-out loss by a ten-thousandth after which training stops; 0 never stops.
   * Without `validationSplit` a tenth of the rows is held out for it. Default 0.
   */
  readonly patience?: number | undefined;
  /**
   * Default: `{ rule: 'conformal', alpha: 0.05 }` where there are 150 clean rows at least (a tenth of them, at least 50,
   * is held out for it); the 0.95 quantile of the training scores where there are fewer or with `compatibility`;
   * `{ rule: 'mad' }` where the rows are not clean. The default detector judges every training row by nets that did not see
   * it and takes every rule from these scores; by default their 95 % quantile where the rows are clean, else an exponential
   * tail continued to 4 %. `TrainReport.rule` says which it was.
   */
  readonly threshold?: ThresholdRule | undefined;
  /**
   * Training rows that the default detector keeps, encoded, where the rows are clean, 0 to 4096: how far a row is from the
   * nearest of them is part of its score. More find finer departures and make scoring slower and files larger; with 0 no
   * row is kept in the model or in its files. Default 512. Of no effect in a single net.
   */
  readonly neighbours?: number | undefined;
  /**
   * Stops training within one slice: the promise is rejected with `signal.reason`, as soon as the model has a threshold
   * for what it has learned so far. Where not one step was done, it is as before. A `Trainer` does not look at it.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called after every slice and at the end. What it throws ends the training: the model is as before. A `Trainer` does not call it. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Milliseconds of work between two turns of the event loop and looks at `signal`, 1 to 1000. Default 10. Looking over a
   * table of records for texts and empty columns is one piece. Of no effect in a `Trainer`.
   */
  readonly sliceMs?: number | undefined;
}

/** Where a training stands. */
export interface Progress {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Epochs there will be. */
  readonly epochs: number;
  /** Steps (batches) done. */
  readonly step: number;
  /** Steps there will be. */
  readonly steps: number;
  /** Mean loss of the last whole epoch; before the first is over, of its batches so far; NaN before the first step. */
  readonly loss: number;
  /** Mean loss of the rows held out to watch, after the last whole epoch; absent without them and before the first. */
  readonly validationLoss?: number;
  /** Milliseconds of computing so far, pauses left out. */
  readonly elapsedMs: number;
  /** Milliseconds of computing still to come at this pace; NaN before the first step. */
  readonly etaMs: number;
  /** Whether nothing is left to do: all epochs are done, patience ran out, or the loss diverged. */
  readonly done: boolean;
}

/** How long a trainer may work at a time. */
export type Budget = { readonly ms: number } | { readonly steps: number } | { readonly epochs: number };

/** A model as plain JSON, for localStorage, IndexedDB or a file. Treat everything but `format` as private. */
export interface AutoencoderJSON {
  /** `anomalens/1` a single net, `anomalens/2` the default detector, which holds `rowsInside` training rows, encoded. */
  readonly format: 'anomalens/1' | 'anomalens/2';
  readonly [key: string]: unknown;
}
