// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { compared } from './comparing.ts';
import { encoding, errorsByFeature, finding, inSlices, predicting, scoring, told, valuing } from './judging.ts';
import type { Model } from './model.ts';
import { checkOptions, findingsChecks, sliceChecks, streamChecks } from './options.ts';
import { guardReceivers } from './receivers.ts';
import { atOnce, type Steps } from './slices.ts';
import { type RowSource, RowStream } from './stream.ts';
import type { Comparison, Finding, FindingsOptions, SliceOptions, StreamOptions, Table } from './types.ts';

/**
 * What a trained model says about many rows: at once, in slices that leave the event loop its turns, or as they come.
 * `Autoencoder` has all of it.
 *
 * The methods whose names end in `Async` give the same bits as those without, and give way to the event loop every `sliceMs`; a
 * table of records is looked over in one piece. Leave the table unchanged until then. They reject with what the others
 * throw, with the reason of `signal`, with `DISPOSED` where the model is disposed or trained anew meanwhile, and with
 * `NOT_FITTED` while a training is open. Of no rows, `[]`, every method here but `compare` makes an empty list.
 */
export class Judge {
  static {
    guardReceivers(Judge.prototype, 'model', (self) => #model in self);
  }
  readonly #model: Model;

  /** @internal */
  constructor(model: Model) {
    this.#model = model;
  }

  /**
   * How strange each row is, higher is stranger. A single net: the mean over all encoded columns that are there of
   * (reconstruction - value)², both in scaled units, where 1 is a column's own variance. The default detector: how badly its
   * nets rebuild the row, how rare its values are, how grossly its worst cells are off and, after clean rows, how far the
   * nearest known row is, each compared with the training rows (`anatomy` takes it apart); may be negative. All nets judge,
   * those that learned from the very row too: of training rows `TrainReport.scores` has the honest scores.
   * Throws `NOT_FITTED`.
   */
  score(rows: Table): Float32Array {
    return atOnce(scoring(this.#model, rows));
  }

  /** One a row: 1 = the score is strictly above the threshold, 0 = it is not. Throws `NOT_FITTED`. */
  predict(rows: Table): Uint8Array {
    return atOnce(predicting(this.#model, rows));
  }

  /**
   * How often a normal row would score as high, one number a row, above 0 to 1: (1 + calibration scores >= score) /
   * (1 + calibration scores). A promise only where the calibration scores come from nets that did not see the rows: in the
   * default detector from nine clean rows on, in a single net with the default threshold for 150 clean rows or more, with
   * `conformal` and `tail`, and after `calibrate` with other rows. Throws `NOT_FITTED`.
   */
  pValues(rows: Table): Float64Array {
    return atOnce(valuing(this.#model, rows));
  }

  /**
   * The strangest rows, strangest first, each with its reasons. Throws `NOT_FITTED` and `BAD_OPTION`.
   *
   * @example
   * for (const { row, pValue, reasons } of model.findings(rows, { top: 5 })) console.log(row, pValue, reasons[0]?.feature);
   */
  findings(rows: Table, options: FindingsOptions = {}): Finding[] {
    return atOnce(finding(this.#model, rows, checkOptions(options, findingsChecks)));
  }

  /**
   * How badly each feature fits, rows x `features`, row by row. A single net: squared residuals in scaled units, the columns
   * of a category summed, 0 for a missing cell; the score is the sum over a row's features divided by the number of
   * `columns` that are there. The default detector: 1 is what the training rows have, 0 a feature that is left out or
   * constant. Throws `NOT_FITTED`.
   */
  featureErrors(rows: Table): Float32Array {
    return atOnce(errorsByFeature(this.#model, rows));
  }

  /**
   * The rows as the model would have them, rows x `columns`, row by row, in the columns' own units. A single net has a
   * column for each value of a category, 1 where it is sure of it. The default detector has one for each feature: of a
   * category the number of its likeliest value (0, 1, ... in sorted order, no before yes), -1 where that is none of the
   * frequent ones; NaN where it expects no cell, or can name no value. Throws `NOT_FITTED`.
   */
  reconstruct(rows: Table): Float32Array {
    return atOnce(told(this.#model, 'reconstruct', rows));
  }

  /** The codes of the bottleneck, rows x `latent`, row by row. Throws `NOT_FITTED`, and `BAD_OPTION` in a committee. */
  encode(rows: Table): Float32Array {
    return atOnce(encoding(this.#model, rows));
  }

  /** `score` in slices. */
  async scoreAsync(rows: Table, options: SliceOptions = {}): Promise<Float32Array> {
    return this.#sliced(scoring(this.#model, rows), options);
  }

  /** `predict` in slices. */
  async predictAsync(rows: Table, options: SliceOptions = {}): Promise<Uint8Array> {
    return this.#sliced(predicting(this.#model, rows), options);
  }

  /** `pValues` in slices. */
  async pValuesAsync(rows: Table, options: SliceOptions = {}): Promise<Float64Array> {
    return this.#sliced(valuing(this.#model, rows), options);
  }

  /** `findings` in slices; what `falseDiscoveryRate` asks for is one piece. */
  async findingsAsync(rows: Table, options: FindingsOptions & SliceOptions = {}): Promise<Finding[]> {
    const asked = checkOptions(options, { ...findingsChecks, ...sliceChecks });
    return inSlices(this.#model, finding(this.#model, rows, asked), asked);
  }

  /** `featureErrors` in slices. */
  async featureErrorsAsync(rows: Table, options: SliceOptions = {}): Promise<Float32Array> {
    return this.#sliced(errorsByFeature(this.#model, rows), options);
  }

  /** `reconstruct` in slices. */
  async reconstructAsync(rows: Table, options: SliceOptions = {}): Promise<Float32Array> {
    return this.#sliced(told(this.#model, 'reconstruct', rows), options);
  }

  /** `encode` in slices. */
  async encodeAsync(rows: Table, options: SliceOptions = {}): Promise<Float32Array> {
    return this.#sliced(encoding(this.#model, rows), options);
  }

  #sliced<Result>(steps: Steps<Result>, options: SliceOptions): Promise<Result> {
    return inSlices(this.#model, steps, checkOptions(options, sliceChecks));
  }

  /**
   * Judges rows as they come, in bounded memory: `source` yields rows, or batches (tables of any form), at once or as
   * promises do. Yields every row's score and verdict, and keeps the `top` strangest (default 10) with their `reasons`
   * (default 3). Throws `NOT_FITTED`, `BAD_OPTION`, and `SHAPE` for what is no iterable.
   *
   * @example
   * const stream = model.stream(readings, { top: 10 });
   * for await (const { row, score, anomaly } of stream) if (anomaly) console.log(row, score);
   * console.log(stream.findings);
   */
  stream(source: RowSource, options: StreamOptions = {}): RowStream {
    const asked = checkOptions(options, streamChecks);
    this.#model.requireThreshold();
    return new RowStream(this.#model, source, asked);
  }

  /**
   * Whether rows, of last night say, are still what the default detector has learned from: the share that is flagged, the
   * distribution of the scores, and every column, its gaps included, each with a p-value, and with one that is corrected for
   * their number. Without a change, a corrected one is below 0.05 in about 5 % of comparisons. The tests take the rows of
   * either side as drawn independently of each other, and leave out what is expected less than five times: a handful of rows
   * proves nothing. Throws `NOT_FITTED`, and `BAD_OPTION` in a single net, which keeps too little of its rows.
   *
   * @example
   * const { changed, columns } = model.compare(lastNight);
   * if (changed) console.log(columns.filter(({ corrected }) => corrected < 0.05).map(({ feature }) => feature));
   */
  compare(rows: Table): Comparison {
    return compared(this.#model, rows);
  }
}
