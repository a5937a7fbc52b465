// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { calibrated } from './calibration.ts';
import { Encoder } from './encoder.ts';
import { AnomalensError } from './error.ts';
import { fit } from './fit.ts';
import { isInstance } from './guards.ts';
import { Judge } from './judge.ts';
import { type Found, foundInTraining, inSlices } from './judging.ts';
import { activationsOf, architectureOf, layersOf } from './layers.ts';
import { loadCore } from './loading.ts';
import { fingerprintOf, Model } from './model.ts';
import { checkOptions, checkThreshold, modelChecks, pick, repairChecks, trainChecks } from './options.ts';
import { reasonsOf } from './reasons.ts';
import { guardReceivers } from './receivers.ts';
import { anatomy, repair } from './repair.ts';
import type { Rows } from './rows.ts';
import { restored, takenApart } from './saved.ts';
import { scorerOf } from './scorer.ts';
import { sourceOf } from './sources.ts';
import { Trainer } from './trainer.ts';
import type {
  Anatomy,
  AutoencoderJSON,
  FeatureReason,
  FindingsOptions,
  Layer,
  MemoryUsage,
  ModelOptions,
  ModelReport,
  Repair,
  RepairOptions,
  Row,
  Table,
  ThresholdRule,
  TrainOptions,
  TrainReport,
} from './types.ts';

/**
 * A dense autoencoder, or a committee of several, with its scaler and its threshold: learns what normal rows look like,
 * then tells how strange a row is, and which of its features make it so.
 *
 * Its memory lies outside the garbage collector's reach: call `dispose()` when you are done, or declare it with `using`.
 * (Forgotten models are given back some time after they have become unreachable.)
 *
 * Every method checks its arguments and throws an `AnomalensError`; a call that throws leaves the model as it was. Two
 * codes are not repeated below: `DISPOSED` after `dispose()`, and for everything that takes rows, `SHAPE`,
 * `NON_FINITE` and `OUT_OF_MEMORY`.
 */
export class Autoencoder extends Judge {
  static {
    guardReceivers(Autoencoder.prototype, 'model', (self) => #model in self);
    if (Symbol.dispose)
      Object.defineProperty(Autoencoder.prototype, Symbol.dispose, { value: Autoencoder.prototype.dispose });
  }
  /** The same as `dispose()`, for `using`. Absent from engines that do not know `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  readonly #model: Model;

  private constructor(model: Model) {
    // JavaScript knows nothing of private constructors.
    if (!isInstance(model, Model)) {
      const message =
        'new Autoencoder() makes no model: call await Autoencoder.create(options), which loads the engine.';
      throw new AnomalensError('BAD_OPTION', message, { option: 'model' });
    }
    super(model);
    this.#model = model;
  }

  /** A model that has not been trained yet. Rejects with `BAD_OPTION` and `WASM_LOAD`. */
  static async create(options: ModelOptions = {}): Promise<Autoencoder> {
    return Autoencoder.#made(checkOptions(options, modelChecks));
  }

  /** The same of options that have been checked. */
  static async #made(options: ModelOptions): Promise<Autoencoder> {
    return new Autoencoder(Model.create(await loadCore(), options));
  }

  /** A model that `toJSON()` saved, the same to the last bit. Rejects with `BAD_FILE` and the reason, and with `WASM_LOAD`. */
  static async load(saved: AutoencoderJSON): Promise<Autoencoder> {
    return new Autoencoder(await restored(saved, loadCore));
  }

  /** @internal A model of those `options` that have been checked, trained on `rows`. Nothing is left of it if that fails. */
  static async trained(rows: Table, options: ModelOptions & TrainOptions): Promise<Autoencoder> {
    return Autoencoder.#trained(rows, options, async (model) => model);
  }

  /** @internal The same, and what it finds among those rows. */
  static async detected(
    rows: Table,
    options: ModelOptions & TrainOptions,
    asked: FindingsOptions,
  ): Promise<Found & { model: Autoencoder }> {
    return Autoencoder.#trained(
      rows,
      options,
      async (model, report, source) => {
        const steps = foundInTraining(model.#model, source, report, asked);
        return { model, ...(await inSlices(model.#model, steps, options)) };
      },
      true,
    );
  }

  static async #trained<Result>(
    rows: Table,
    options: ModelOptions & TrainOptions,
    use: (model: Autoencoder, report: TrainReport, source: Rows) => Promise<Result>,
    keepRows = false,
  ): Promise<Result> {
    const model = await Autoencoder.#made(pick<ModelOptions>(options, modelChecks));
    try {
      let source: Rows | undefined;
      const take = (read: Rows) => {
        source = read;
      };
      const how = { keep: false, ...(keepRows && { take }) };
      const report = await fit(model.#model, rows, pick<TrainOptions>(options, trainChecks), how);
      return await use(model, report, source as Rows);
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  // ---------------------------------------------------------------------------------------------- learning
  /**
   * Trains from scratch on at least two rows, a second time too, and sets the threshold. Gives way to the event loop every
   * `sliceMs`; a large table is taken in between, so leave it unchanged until then. Training the same model anew, or
   * disposing it, meanwhile rejects the promise with `DISPOSED`.
   *
   * Rejects with `BAD_OPTION`, `DIVERGED`, the reason of `signal`, or what `onProgress` threw.
   */
  async fit(rows: Table, options: TrainOptions = {}): Promise<TrainReport> {
    return fit(this.#model, rows, checkOptions(options, trainChecks));
  }

  /**
   * Trains on from the present weights with the present scaler and categories, and sets a new threshold. Closes a training
   * of this model that is still open. Rejects as `fit` does, and with `NOT_FITTED`.
   */
  async partialFit(rows: Table, options: TrainOptions = {}): Promise<TrainReport> {
    return fit(this.#model, rows, checkOptions(options, trainChecks), { resume: true });
  }

  /**
   * The same training as `fit`, in the caller's hands, to be run in pieces. The rows are copied. Closes a training of this
   * model that is still open. `signal`, `onProgress` and `sliceMs` are of no effect. Throws `BAD_OPTION`.
   */
  trainer(rows: Table, options: TrainOptions = {}): Trainer {
    return Trainer.open(this.#model, rows, options);
  }

  /**
   * Sets a new threshold from the scores of these rows, without training, and returns it; p-values come from these scores
   * from now on (of labelled rows, from those of the normal ones). With `{ rule: 'fixed' }` the rows are not looked at and
   * may be `[]`. Throws `NOT_FITTED` and `BAD_OPTION`.
   */
  calibrate(rows: Table, rule: ThresholdRule): number {
    return calibrated(this.#model, rows, checkThreshold(rule));
  }

  // ---------------------------------------------------------------------------------------------- judging one row
  /**
   * A function that scores one row after another, as `score` does, for loops that run at every frame: for a row of numbers
   * it takes well under a microsecond in small nets and allocates nothing, where the model has only features of numbers and
   * is a single net. It follows the model through further trainings. Throws what `score` throws.
   *
   * @example
   * const scoreOf = model.scorer();
   * function frame() { bar.style.height = `${scoreOf(sensors)}px`; requestAnimationFrame(frame); }
   */
  scorer(): (row: Row) => number {
    return scorerOf(this.#model);
  }

  /**
   * What the features have to do with the score of one row, heaviest first: how much the score falls when one of them is
   * put right. Features that were left out, and those that were constant and still are, have nothing to do with it and are
   * not listed. Throws `NOT_FITTED`.
   */
  explain(row: Row): FeatureReason[] {
    const source = this.#model.source([row] as Table);
    return reasonsOf(this.#model, source, [0], Infinity)[0] ?? [];
  }

  /**
   * The smallest set of cells to look at: changes one feature after another, each time the one that helps most, until the
   * score is no longer above the threshold, `most` at most (default 1). The first change lies within the range of the
   * training rows; a single net makes it wherever it lowers the score, the default detector only in rows above the
   * threshold. Throws `NOT_FITTED` and `BAD_OPTION`.
   *
   * @example
   * for (const { feature, from, to } of model.repair(row, { most: 3 }).steps) console.log(`${feature}: ${to}, not ${from}?`);
   */
  repair(row: Row, options: RepairOptions = {}): Repair {
    const { most = 1 } = checkOptions(options, repairChecks);
    this.#model.requireTrained();
    this.#model.requireThreshold();
    return repair(this.#model, this.#model.source([row] as Table), most);
  }

  /**
   * The score of one row taken apart: the points of its terms and the price of departures add up to it. Only the default
   * detector has such a score. Throws `NOT_FITTED` and `BAD_OPTION`.
   */
  anatomy(row: Row): Anatomy {
    return anatomy(this.#model, this.#model.source([row] as Table));
  }

  /** What the decoder makes of codes (rows x `latent`): rows x `columns`, as `reconstruct` gives them. Throws as `encode`. */
  decode(codes: Table): Float32Array {
    const { columns } = this.#model.requireTrained();
    this.#model.requireSingle('decode');
    const code = new Encoder(
      Array.from({ length: this.latent }, (_, index) => ({ name: `z${index + 1}`, kind: 'number' })),
    );
    const source = this.#model.watched(() => sourceOf(code, codes));
    return this.#model.read('decode', source, columns);
  }

  /** What every layer makes of one row: the scaled row itself, then the outputs of each layer of `layers()`. Throws as `encode`. */
  activations(row: Row): readonly Float32Array[] {
    const model = this.#model;
    model.requireTrained();
    model.requireSingle('activations');
    return activationsOf(model, model.source([row] as Table));
  }

  // ---------------------------------------------------------------------------------------------- looking inside
  /**
   * A row is an anomaly when its score is strictly above this. NaN until the model has been trained or calibrated; Infinity
   * where the default detector learned from fewer than nine rows.
   */
  get threshold(): number {
    return this.#model.own.threshold ?? Number.NaN;
  }

  /** Whether a training has been finished. */
  get fitted(): boolean {
    return this.#model.own.fitted;
  }

  /** The caller's features, in the order of the training rows or of the option `features`. Empty before training, unless that option was given. */
  get features(): readonly string[] {
    this.#model.requireOpen();
    return this.#model.encoder?.plans.map(({ name }) => name) ?? [...(this.#model.options.features ?? [])];
  }

  /**
   * The columns that the model takes: the `features`, in a single net with `colour=blue`, `colour=red` in the place of a
   * category. Empty before training.
   */
  get columns(): readonly string[] {
    this.#model.requireOpen();
    return this.#model.encoder?.columnNames ?? [];
  }

  /** Width of the bottleneck, in a committee that of its first member; before training the one asked for, 0 if none was. */
  get latent(): number {
    return this.#model.own.latent || (this.#model.options.latent ?? 0);
  }

  /** Nets that judge together: 1, or the number of a committee. Where the training rows were not clean there are two committees. */
  get members(): number {
    return this.#model.own.members;
  }

  /** Number of weights and biases of all members; 0 before training. */
  get parameters(): number {
    return this.#model.own.parameterCount;
  }

  /**
   * All layers with copies of their weights, encoder first. In a committee the layers of all nets, one net after another:
   * `members` nets, and where the training rows were not clean those of the trimmed committee: `members` again, beyond 1,000
   * rows two thirds of them, but at least three. Empty before training.
   */
  layers(): readonly Layer[] {
    return layersOf(this.#model);
  }

  /**
   * What is known of the last finished training: when, how many rows, the rule of the threshold, the options, and how the
   * rows were read. Saved with the model. undefined before the first one, and in files of earlier versions.
   */
  get report(): ModelReport | undefined {
    this.#model.requireOpen();
    return this.#model.report;
  }

  /** Columns that are left out: identifiers, and those that hold nothing. `report.notes` says why. */
  get skipped(): readonly string[] {
    return this.#model.skipped;
  }

  /**
   * Training rows that the model keeps, encoded, to compare others with, and that are saved with it: those of the option
   * `neighbours`. 0 in single nets and where the rows were not clean.
   */
  get rowsInside(): number {
    return this.#model.own.rowsInside;
  }

  /** 16 hexadecimal digits. Equal shapes and equal bits of all weights, on whatever engine, give equal digits. Throws `NOT_FITTED`. */
  fingerprint(): string {
    this.#model.requireTrained();
    return fingerprintOf(this.#model);
  }

  /** The trained model as plain JSON; `JSON.stringify(model)` calls it. `Autoencoder.load` reads it. Throws `NOT_FITTED`. */
  toJSON(): AutoencoderJSON {
    const { fitted } = this;
    this.#model.requireTrained();
    if (!fitted) {
      throw new AnomalensError('NOT_FITTED', 'The model is still being trained: call finish() of its trainer first.');
    }
    return takenApart(this.#model, this.fingerprint(), architectureOf(this.#model));
  }

  /** Memory of the module that all models share. May be called after `dispose()` too. */
  memoryUsage(): MemoryUsage {
    const { heap, models } = this.#model.core;
    const { usedBytes, stackAddress, buffer } = heap;
    return { heapBytes: usedBytes, reservedBytes: buffer.byteLength, stackAddress, models };
  }

  // ---------------------------------------------------------------------------------------------- the end
  /** Whether `dispose()` has been called. */
  get disposed(): boolean {
    return this.#model.disposed;
  }

  /** Gives the model's memory back, and that of its trainer. May be called again. */
  dispose(): void {
    this.#model.dispose();
  }
}
