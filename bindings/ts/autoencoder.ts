// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Core } from './core.ts';
import { Encoder } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import { fit } from './fit.ts';
import { Model } from './model.ts';
import { loadCore } from './module.ts';
import {
  checkOptions,
  checkThreshold,
  modelChecks,
  modelFields,
  pick,
  thresholdValue,
  trainChecks,
} from './options.ts';
import { checkFingerprint, fromJSON, toJSON } from './saved.ts';
import { Trainer } from './trainer.ts';
import type {
  Activation,
  AutoencoderJSON,
  Layer,
  MemoryUsage,
  ModelOptions,
  Row,
  Table,
  ThresholdRule,
  TrainOptions,
  TrainReport,
} from './types.ts';
import { activations, layerIntegers, nameOf, thresholds } from './wire.ts';

/**
 * A dense autoencoder with its scaler and its threshold: learns what normal rows look like, then tells how strange a row
 * is, and which of its features make it so.
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
    checkOptions(options, modelChecks);
    const kept = structuredClone(options);
    return new Autoencoder(Model.create(await loadCore(), kept));
  }

  /** A model that `toJSON()` saved, the same to the last bit. Rejects with `BAD_FILE` and the reason, and with `WASM_LOAD`. */
  static async load(saved: AutoencoderJSON): Promise<Autoencoder> {
    const parts = fromJSON(saved);
    const core = await loadCore();
    const model = new Model(core, parts.options, restored(core, parts), new Encoder(parts.features));
    try {
      checkFingerprint(parts, fingerprintOf(model));
    } catch (error) {
      model.dispose();
      throw error;
    }
    return new Autoencoder(model);
  }

  // ---------------------------------------------------------------------------------------------- learning
  /**
   * Trains from scratch on at least two rows, a second time too, and sets the threshold. Gives way to the event loop every
   * `sliceMs`. Training the same model anew, or disposing it, meanwhile rejects the promise with `DISPOSED`.
   *
   * Rejects with `BAD_OPTION`, `DIVERGED`, the reason of `signal`, or what `onProgress` threw.
   */
  async fit(rows: Table, options: TrainOptions = {}): Promise<TrainReport> {
    return fit(this.#model, rows, options);
  }

  /**
   * The same training in the caller's hands, to be run in pieces. The rows are copied. Closes a training of this model
   * that is still open. `signal`, `onProgress` and `sliceMs` are of no effect. Throws `BAD_OPTION`.
   */
  trainer(rows: Table, options: TrainOptions = {}): Trainer {
    return Trainer.open(this.#model, rows, options);
  }

  /**
   * Sets a new threshold from the scores of these rows, without training, and returns it. With `{ rule: 'fixed' }` the
   * rows are not looked at and may be `[]`. Throws `NOT_FITTED` and `BAD_OPTION`.
   */
  calibrate(rows: Table, rule: ThresholdRule): number {
    checkThreshold(rule);
    const model = this.#model;
    const { core } = model;
    const value = thresholdValue(rule);
    model.requireTrained();
    if (rule.rule === 'fixed') {
      core.check(core.glue.modelSetThreshold(model.address, value));
      return value;
    }
    const scores = this.score(rows);
    const threshold = core.borrow(scores.byteLength, (address) => {
      core.floats(address, scores.length).set(scores);
      return core.number((out) => core.glue.thresholdTake(thresholds[rule.rule], value, address, scores.length, out));
    });
    core.check(core.glue.modelSetThreshold(model.address, threshold));
    return threshold;
  }

  // ---------------------------------------------------------------------------------------------- judging
  /**
   * How strange each row is, higher is stranger: the mean over all encoded columns of (reconstruction - value)², both in
   * scaled units, where 1 is a column's own variance. Throws `NOT_FITTED`.
   */
  score(rows: Table): Float32Array {
    return this.#model.read(this.#glue.modelScore, this.#model.source(rows), 1);
  }

  /** One a row: 1 = the score is strictly above the threshold, 0 = it is not. Throws `NOT_FITTED`. */
  predict(rows: Table): Uint8Array {
    const { threshold } = this;
    const scores = this.score(rows);
    if (Number.isNaN(threshold)) {
      throw new AnomalensError(
        'NOT_FITTED',
        'The model has no threshold yet: call finish() of its trainer, or calibrate().',
      );
    }
    return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
  }

  /**
   * What each feature adds to the score: squared residuals in scaled units, rows x `features`, row by row. The columns of
   * a category are summed. A row's score is the sum over its features divided by `columns.length`; for a table of numbers
   * that is their mean. Throws `NOT_FITTED`.
   */
  featureErrors(rows: Table): Float32Array {
    const model = this.#model;
    const source = model.source(rows);
    return model.requireTrained().byFeature(model.read(this.#glue.modelFeatureErrors, source, source.columns));
  }

  /**
   * The rows as the model would have them, rows x `columns`, row by row, in the columns' own units. A category has a
   * column for each of its values, 1 where the model is sure of it. Throws `NOT_FITTED`.
   */
  reconstruct(rows: Table): Float32Array {
    const source = this.#model.source(rows);
    return this.#model.read(this.#glue.modelReconstruct, source, source.columns);
  }

  /** The codes of the bottleneck, rows x `latent`, row by row. Throws `NOT_FITTED`. */
  encode(rows: Table): Float32Array {
    const source = this.#model.source(rows);
    return this.#model.read(this.#glue.modelEncode, source, this.latent);
  }

  /** What the decoder makes of codes (rows x `latent`): rows x `columns`, as `reconstruct` gives them. Throws `NOT_FITTED`. */
  decode(codes: Table): Float32Array {
    const { columns } = this.#model.requireTrained();
    const code = new Encoder(Array.from({ length: this.latent }, (_, index) => ({ name: `z${index + 1}` })));
    return this.#model.read(this.#glue.modelDecode, code.source(codes), columns);
  }

  /** What every layer makes of one row: the scaled row itself, then the outputs of each layer of `layers()`. Throws `NOT_FITTED`. */
  activations(row: Row): readonly Float32Array[] {
    const model = this.#model;
    const { core } = model;
    const source = model.source([row] as Table);
    const widths = [source.columns, ...this.#shapes().map(({ outputs }) => outputs)];
    const total = widths.reduce((sum, width) => sum + width, 0);
    const found: Float32Array[] = [];
    core.borrow(total * 4, (out) => {
      core.inChunks(source, 1, (address) =>
        core.glue.modelActivations(model.address, address, !source.single, source.columns, out, total),
      );
      for (let index = 0, at = out; index < widths.length; at += (widths[index++] as number) * 4) {
        found.push(core.floats(at, widths[index] as number).slice());
      }
    });
    return found;
  }

  // ---------------------------------------------------------------------------------------------- looking inside
  /** From which score on a row is an anomaly; NaN until the model has been trained or calibrated. */
  get threshold(): number {
    return this.#model.status.threshold;
  }

  /** Whether a training has been finished. */
  get fitted(): boolean {
    return this.#model.status.fitted !== 0;
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

  /** Width of the bottleneck; before training the one asked for, 0 if none was. */
  get latent(): number {
    return this.#model.status.latent || (this.#model.options.latent ?? 0);
  }

  /** Number of weights and biases; 0 before training. */
  get parameters(): number {
    const { core, address } = this.#model;
    return core.lent((out) => core.glue.modelParameters(address, out)).count;
  }

  /** All layers with copies of their weights, encoder first. Empty before training. */
  layers(): readonly Layer[] {
    const parameters = parametersOf(this.#model);
    return this.#shapes().map(({ inputs, outputs, activation, weights, bias }) => ({
      inputs,
      outputs,
      activation,
      weights: parameters.slice(weights, weights + inputs * outputs),
      bias: parameters.slice(bias, bias + outputs),
    }));
  }

  /** 16 hexadecimal digits. Equal shapes and equal bits of all weights, on whatever engine, give equal digits. Throws `NOT_FITTED`. */
  fingerprint(): string {
    this.#model.requireTrained();
    return fingerprintOf(this.#model);
  }

  /** The trained model as plain JSON; `JSON.stringify(model)` calls it. `Autoencoder.load` reads it. Throws `NOT_FITTED`. */
  toJSON(): AutoencoderJSON {
    const model = this.#model;
    const { features } = model.requireTrained();
    if (!this.fitted) {
      throw new AnomalensError('NOT_FITTED', 'The model is still being trained: call finish() of its trainer first.');
    }
    const { core, address } = model;
    const numbers = (lent: { address: number; count: number }) => [...core.doubles(lent.address, lent.count)];
    return toJSON({
      options: { ...model.options, hidden: this.#hidden(), latent: this.latent },
      features: features.map(({ name, categories }) => ({ name, categories })),
      center: numbers(core.lent((out) => core.glue.modelCenter(address, out))),
      scale: numbers(core.lent((out) => core.glue.modelScale(address, out))),
      threshold: this.threshold,
      parameters: parametersOf(model),
      fingerprint: fingerprintOf(model),
    });
  }

  /** Memory of the module that all models share. May be called after `dispose()` too. */
  memoryUsage(): MemoryUsage {
    const { heapBytes, reservedBytes, stackAddress, models } = this.#model.core;
    return { heapBytes, reservedBytes, stackAddress, models };
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

  get #glue() {
    return this.#model.core.glue;
  }

  #shapes(): { inputs: number; outputs: number; activation: Activation; weights: number; bias: number }[] {
    const { core, address } = this.#model;
    const lent = core.lent((out) => core.glue.modelLayers(address, out));
    return Array.from({ length: lent.count }, (_, layer) => {
      const [inputs = 0, outputs = 0, activation = 0, weights = 0, bias = 0] = core.integers(
        lent.address + layer * layerIntegers * 4,
        layerIntegers,
      );
      return { inputs, outputs, activation: nameOf(activations, activation), weights, bias };
    });
  }

  /** Widths of the encoder's hidden layers: the first half of all layers but the bottleneck. */
  #hidden(): number[] {
    const shapes = this.#shapes();
    return shapes.slice(0, shapes.length / 2 - 1).map(({ outputs }) => outputs);
  }
}

function parametersOf({ core, address }: Model): Float32Array<ArrayBuffer> {
  const lent = core.lent((out) => core.glue.modelParameters(address, out));
  return core.floats(lent.address, lent.count).slice();
}

const fingerprintOf = ({ core, address }: Model) => core.hash((out) => core.glue.modelFingerprint(address, out));

/** Puts a saved model together in the heap and returns its address. */
function restored(core: Core, { options, center, scale, parameters, threshold }: ReturnType<typeof fromJSON>): number {
  const columns = center.length;
  return core.borrow(columns * 16 + parameters.byteLength, (address) => {
    core.doubles(address, columns).set(center);
    core.doubles(address + columns * 8, columns).set(scale);
    core.floats(address + columns * 16, parameters.length).set(parameters);
    const wire = core.write('model', modelFields(options));
    const { glue } = core;
    return core.number((out) =>
      glue.modelRestore(
        wire,
        address,
        address + columns * 8,
        columns,
        address + columns * 16,
        parameters.length,
        threshold,
        out,
      ),
    );
  });
}

/**
 * A model trained on rows that are promised to be normal. Without `hidden` and `latent` its size comes from the data.
 * Takes the options of `Autoencoder.create` and of `fit`; rejects as they do. Dispose the model when you are done.
 *
 * @example
 * const model = await train(normalRows, { epochs: 60, seed: 1 });
 */
export async function train(rows: Table, options: ModelOptions & TrainOptions = {}): Promise<Autoencoder> {
  checkOptions(options, { ...modelChecks, ...trainChecks });
  const model = await Autoencoder.create(pick<ModelOptions>(options, modelChecks));
  try {
    await model.fit(rows, pick<TrainOptions>(options, trainChecks));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** How strange each row is, higher is stranger: the same as `model.score(rows)`. */
export function score(model: Autoencoder, rows: Table): Float32Array {
  if (model instanceof Autoencoder) return model.score(rows);
  throw new AnomalensError('BAD_OPTION', `score(model, rows) expects an Autoencoder first, but got ${show(model)}.`, {
    option: 'model',
  });
}
