// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** A cell of a record: numbers are measurements, texts and booleans are categories. */
export type Cell = number | string | boolean | null | undefined;

/** A row by the names of its features. */
export type RowRecord = Readonly<Record<string, Cell>>;

/**
 * Rows to learn from or to judge, in whichever form they already are.
 *
 * - **Rows of numbers**: `[[1, 2], [3, 4]]`, also typed arrays as rows.
 * - **One flat array**: `{ data: Float32Array.of(1, 2, 3, 4), columns: 2 }`, one row after another. The quickest form.
 * - **Columns by name**: `{ length: [1, 3], width: [2, 4] }`, as Arrow, Danfo or DuckDB give them.
 * - **Records**: `[{ length: 1, width: 2 }, { length: 3, width: 4 }]`.
 *
 * In the two forms with names, texts and booleans are categories. Each becomes as many columns of zeros and ones as
 * there were different values in the training rows; a value that was not among them is all zeros when scored.
 *
 * Numbers keep their double precision until they have been centred and scaled. A missing cell (NaN, null, undefined) or
 * an infinite one is a `NON_FINITE` error that names its row and column.
 */
export type Table =
  | ReadonlyArray<ArrayLike<number>>
  | { readonly data: Float32Array | Float64Array; readonly columns: number }
  | Readonly<Record<string, ArrayLike<number> | ReadonlyArray<string | boolean | null>>>
  | ReadonlyArray<RowRecord>;

/** One row: numbers in the order of the model's features, or a record by their names. */
export type Row = ArrayLike<number> | RowRecord;

/** What a hidden layer does with its weighted sums. */
export type Activation = 'relu' | 'tanh' | 'sigmoid' | 'linear';

/** How columns are brought to a common scale. `standard`: (x - mean) / standard deviation, with n in the denominator. */
export type Scaler = 'standard';

/** What a model is. Everything is optional. */
export interface ModelOptions {
  /**
   * Widths of the encoder's hidden layers, outermost first; the decoder mirrors them. 0 to 16 layers of 1 to 4096.
   * Default: one layer, sized from the number of columns.
   */
  readonly hidden?: readonly number[] | undefined;
  /** Width of the bottleneck, 1 to 4096. Narrower = a stricter idea of normal. Default: the root of the number of columns. */
  readonly latent?: number | undefined;
  /** Of the hidden layers; bottleneck and output are linear. Default `'relu'`. */
  readonly activation?: Activation | undefined;
  /** Default `'standard'`. */
  readonly scaler?: Scaler | undefined;
  /**
   * Names of the features. Default: the names in the table, or `f1`, `f2`, ... For a table without names there must be
   * one a column; for a table with names this is which features to use, in this order.
   */
  readonly features?: readonly string[] | undefined;
  /** Seeds the first weights and the order of the rows, 0 to 4294967295. Equal seeds, options and rows give equal bits. Default 0. */
  readonly seed?: number | undefined;
  /** `'pytorch'`: draw first weights and row orders as PyTorch does after `torch.manual_seed(seed)`. Default: our own way. */
  readonly compatibility?: 'pytorch' | undefined;
}

/** From which score on a row is an anomaly. A row is one when its score is strictly above the threshold. */
export type ThresholdRule =
  /** The `q` quantile of the scores, 0 < q < 1, interpolated between neighbours as numpy does by default. */
  | { readonly rule: 'quantile'; readonly q: number }
  /** This very number, in the score's own unit. */
  | { readonly rule: 'fixed'; readonly value: number };

/** How a model learns. Everything is optional. */
export interface TrainOptions {
  /** Passes over all rows, 1 to 1000000. Default: as many as give about 2,000 steps, between 20 and 200. */
  readonly epochs?: number | undefined;
  /** Rows a step, 1 to 65536; the last batch of an epoch may be shorter. Default 32. */
  readonly batchSize?: number | undefined;
  /** Step width of Adam, above 0, at most 10. Default 0.001. */
  readonly learningRate?: number | undefined;
  /** Pull of every weight towards zero, added to the gradient as PyTorch's Adam does, 0 to 10. Default 0. */
  readonly weightDecay?: number | undefined;
  /** Taken from the training rows' scores at the end. Default `{ rule: 'quantile', q: 0.95 }`. */
  readonly threshold?: ThresholdRule | undefined;
  /**
   * Stops within one slice: the promise is rejected with `signal.reason`. The model keeps what it has learned so far
   * and has a threshold for it, unless not one step was done: then it is as before. Only `fit` and `train` look at it.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called after every slice and at the end. What it throws ends the training: the model is as before. Only `fit` and `train` call it. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Milliseconds of work between two looks at `signal` and the event loop, 1 to 1000. Default 10. Only for `fit` and `train`. */
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
  /** Mean loss of the last whole epoch; before the first is over, of its batches so far; NaN before the first step. */
  readonly loss: number;
  /** Milliseconds of computing so far, pauses left out. */
  readonly elapsedMs: number;
  /** Milliseconds of computing still to come at this pace; NaN before the first step. */
  readonly etaMs: number;
}

/** What a training came to. */
export interface TrainReport {
  /** Whole epochs done. */
  readonly epochs: number;
  /** Mean loss of every epoch. */
  readonly loss: Float64Array;
  /** The model's threshold. */
  readonly threshold: number;
  /** `'epochs'`: all were done; `'aborted'`: `finish()` was called before that. */
  readonly stopped: 'epochs' | 'aborted';
  /** Training rows seen a second. */
  readonly rowsPerSecond: number;
}

/** How long a trainer may work at a time. */
export type Budget = { readonly ms: number } | { readonly steps: number } | { readonly epochs: number };

/** One dense layer: `outputs` sums over `inputs`, then the activation. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** `outputs` rows of `inputs` weights, one row after another. A copy. */
  readonly weights: Float32Array;
  /** One a row of weights. A copy. */
  readonly bias: Float32Array;
}

/** Where the memory is. */
export interface MemoryUsage {
  /** Bytes in use in the WebAssembly heap by all models together, work space included. */
  readonly heapBytes: number;
  /** Bytes the WebAssembly memory has taken from the system; it never shrinks. */
  readonly reservedBytes: number;
  /** Position of the C++ stack between two calls; it never moves. */
  readonly stackAddress: number;
  /** Models that have not been disposed. */
  readonly models: number;
}

/** A model as plain JSON, for localStorage, IndexedDB or a file. Treat everything but `format` as private. */
export interface AutoencoderJSON {
  readonly format: 'anomalens/1';
  readonly [key: string]: unknown;
}
