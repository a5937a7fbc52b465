// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { withRule } from './conversion.ts';
import { Encoder } from './encoder.ts';
import { AnomalensError } from './error.ts';
import { wordOf } from './failures.ts';
import { fit } from './fit.ts';
import { loadCore } from './loading.ts';
import { fingerprintOf, Model } from './model.ts';
import { checkOptions, checkThreshold, findingsChecks, modelChecks, pick, trainChecks } from './options.ts';
import { findings, pValues, reasonsOf, repair } from './reasons.ts';
import { restored, takenApart } from './saved.ts';
import { Trainer } from './trainer.ts';
import type {
  Activation,
  AutoencoderJSON,
  FeatureReason,
  Finding,
  FindingsOptions,
  Layer,
  MemoryUsage,
  ModelOptions,
  Repair,
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
export class Autoencoder {
  static {
    if (Symbol.dispose)
      Object.defineProperty(Autoencoder.prototype, Symbol.dispose, { value: Autoencoder.prototype.dispose });
  }
  /** The same as `dispose()`, for `using`. Absent from engines that do not know `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  readonly #model: Model;

  private constructor(model: Model) {
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
    const model = await Autoencoder.#made(pick<ModelOptions>(options, modelChecks));
    try {
      await fit(model.#model, rows, pick<TrainOptions>(options, trainChecks), { keep: false });
      return model;
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
    checkThreshold(rule);
    const model = this.#model;
    const { core, own } = model;
    const said = { threshold: rule };
    model.requireTrained();
    if (rule.rule === 'fixed') {
      core.check(own.setThreshold(rule.value));
      return rule.value;
    }
    const source = model.source(rows);
    return withRule(core, rule, (given) => {
      core.check(core.engine.checkRule(given, source.rows), said);
      const scores = model.read('score', source, 1);
      return core.heap.borrow(scores.byteLength, (at) => {
        core.heap.fill('float', at, scores);
        return core.got(own.calibrate(at, scores.length, given), said);
      });
    });
  }

  // ---------------------------------------------------------------------------------------------- judging
  /**
   * How strange each row is, higher is stranger. A single net: the mean over all encoded columns that are there of
   * (reconstruction - value)², both in scaled units, where 1 is a column's own variance. A committee: how far its residuals
   * and the rarity of the row's values lie above the middle of the training rows, in quartile distances; may be negative.
   * Throws `NOT_FITTED`.
   */
  score(rows: Table): Float32Array {
    return this.#model.read('score', this.#model.source(rows), 1);
  }

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
    const model = this.#model;
    const slow = (row: Row) => this.score([row] as Table)[0] as number;
    let known: Encoder | undefined;
    let numeric = false;
    return (row) => {
      const encoder = model.requireTrained();
      if (encoder !== known) {
        known = encoder;
        numeric = encoder.features.every(({ categories }) => categories === undefined);
      }
      if (!numeric || (row as ArrayLike<number> | undefined)?.length !== encoder.columns) return slow(row);
      const score = model.core.transfer.scoreRow(model.own, row as ArrayLike<number>);
      return Number.isNaN(score) ? slow(row) : score;
    };
  }

  /** One a row: 1 = the score is strictly above the threshold, 0 = it is not. Throws `NOT_FITTED`. */
  predict(rows: Table): Uint8Array {
    const { threshold } = this;
    const scores = this.score(rows);
    this.#model.requireThreshold();
    return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
  }

  /**
   * How often a normal row would score as high, one number a row, above 0 to 1: (1 + calibration scores >= score) /
   * (1 + calibration scores). A promise only where the calibration rows took no part in the training: with the default
   * threshold for 150 clean rows or more, with `conformal` and `tail`, and after `calibrate`. Throws `NOT_FITTED`.
   */
  pValues(rows: Table): Float64Array {
    const scores = this.score(rows);
    this.#model.requireThreshold();
    return pValues(this.#model, scores);
  }

  /**
   * The strangest rows, strangest first, each with its reasons. Throws `NOT_FITTED` and `BAD_OPTION`.
   *
   * @example
   * for (const { row, pValue, reasons } of model.findings(rows, { top: 5 })) console.log(row, pValue, reasons[0]?.feature);
   */
  findings(rows: Table, options: FindingsOptions = {}): Finding[] {
    return findings(this.#model, rows, checkOptions(options, findingsChecks));
  }

  /** What every feature has to do with the score of one row, heaviest first. Throws `NOT_FITTED`. */
  explain(row: Row): FeatureReason[] {
    const source = this.#model.source([row] as Table);
    return reasonsOf(this.#model, source, [0], Infinity)[0] ?? [];
  }

  /**
   * The change of one feature, within the range of the training rows, that most lowers the score of one row. A category is
   * one feature. Throws `NOT_FITTED`.
   */
  repair(row: Row): Repair {
    this.#model.requireTrained();
    this.#model.requireThreshold();
    return repair(this.#model, this.#model.source([row] as Table));
  }

  /**
   * Squared residuals in scaled units, rows x `features`, row by row; in a committee their mean over the members. The
   * columns of a category are summed, a missing cell gives 0. A single net's score is the sum over a row's features divided
   * by the number of `columns` that are there. Throws `NOT_FITTED`.
   */
  featureErrors(rows: Table): Float32Array {
    const model = this.#model;
    const source = model.source(rows);
    return model.requireTrained().byFeature(model.read('featureErrors', source, source.columns));
  }

  /**
   * The rows as the model would have them, rows x `columns`, row by row, in the columns' own units. A category has a
   * column for each of its values, 1 where the model is sure of it. Throws `NOT_FITTED`.
   */
  reconstruct(rows: Table): Float32Array {
    const source = this.#model.source(rows);
    return this.#model.read('reconstruct', source, source.columns);
  }

  /** The codes of the bottleneck, rows x `latent`, row by row. Throws `NOT_FITTED`, and `BAD_OPTION` in a committee. */
  encode(rows: Table): Float32Array {
    this.#model.requireTrained();
    this.#model.requireSingle('encode');
    const source = this.#model.source(rows);
    return this.#model.read('encode', source, this.latent);
  }

  /** What the decoder makes of codes (rows x `latent`): rows x `columns`, as `reconstruct` gives them. Throws as `encode`. */
  decode(codes: Table): Float32Array {
    const { columns } = this.#model.requireTrained();
    this.#model.requireSingle('decode');
    const code = new Encoder(Array.from({ length: this.latent }, (_, index) => ({ name: `z${index + 1}` })));
    return this.#model.read('decode', code.source(codes), columns);
  }

  /** What every layer makes of one row: the scaled row itself, then the outputs of each layer of `layers()`. Throws as `encode`. */
  activations(row: Row): readonly Float32Array[] {
    const model = this.#model;
    model.requireTrained();
    model.requireSingle('activations');
    const { core, own } = model;
    const source = model.source([row] as Table);
    const widths = [source.columns, ...this.#shapes().map(({ outputs }) => outputs)];
    const total = widths.reduce((sum, width) => sum + width, 0);
    const found: Float32Array[] = [];
    core.heap.borrow(total * 4, (out) => {
      core.transfer.inChunks(source, 1, (address) =>
        own.activations(address, !source.single, source.columns, out, total),
      );
      for (let index = 0, at = out; index < widths.length; at += (widths[index++] as number) * 4) {
        found.push(core.heap.list('float', { address: at, count: widths[index] as number }));
      }
    });
    return found;
  }

  // ---------------------------------------------------------------------------------------------- looking inside
  /** A row is an anomaly when its score is strictly above this. NaN until the model has been trained or calibrated. */
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
    return this.#model.encoder?.features.map(({ name }) => name) ?? [...(this.#model.options.features ?? [])];
  }

  /** The columns that the net sees: as `features`, but `colour=blue`, `colour=red` in the place of a category. Empty before training. */
  get columns(): readonly string[] {
    this.#model.requireOpen();
    return this.#model.encoder?.columnNames ?? [];
  }

  /** Width of the bottleneck, in a committee that of its first member; before training the one asked for, 0 if none was. */
  get latent(): number {
    return this.#model.own.latent || (this.#model.options.latent ?? 0);
  }

  /** Nets that judge together: 1, or the number of a committee. */
  get members(): number {
    return this.#model.own.members;
  }

  /** Number of weights and biases of all members; 0 before training. */
  get parameters(): number {
    return this.#model.own.parameterCount;
  }

  /**
   * All layers with copies of their weights, encoder first. In a committee the layers of all members, one member after
   * another, `layers().length / members` each. Empty before training.
   */
  layers(): readonly Layer[] {
    const { core, own } = this.#model;
    return Array.from({ length: this.members }, (_, member) => {
      const parameters = core.heap.list('float', own.parameters(member));
      return this.#shapes(member).map(({ inputs, outputs, activation, weights, bias }) => ({
        inputs,
        outputs,
        activation,
        weights: parameters.slice(weights, weights + inputs * outputs),
        bias: parameters.slice(bias, bias + outputs),
      }));
    }).flat();
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
    return takenApart(this.#model, this.fingerprint(), this.#architecture());
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

  #shapes(member = 0): { inputs: number; outputs: number; activation: Activation; weights: number; bias: number }[] {
    const { core, own } = this.#model;
    return Array.from({ length: own.layerCount(member) }, (_, index) => {
      const { activation, ...shape } = own.layer(member, index);
      return { ...shape, activation: wordOf(core.engine.Activation, activation) };
    });
  }

  /** What the options left to be chosen, as it came out. A committee chooses its members' widths one by one. */
  #architecture(): ModelOptions {
    const { members } = this;
    const { options } = this.#model;
    if (members > 1) return { members };
    const shapes = this.#shapes();
    const code = shapes.length - 2 - (options.decoder ?? options.hidden ?? [0]).length;
    return { members, hidden: shapes.slice(0, code).map(({ outputs }) => outputs), latent: this.latent };
  }
}
