// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Autoencoder, Trainer } from 'anomalens:core';
import { withModel } from './conversion.ts';
import type { Core } from './core.ts';
import type { Encoder, Manner } from './encoder.ts';
import { AnomalensError } from './error.ts';
import type { Rows } from './rows.ts';
import type { Source } from './source.ts';
import { sourceOf } from './sources.ts';
import type { Reading } from './transfer.ts';
import type { ModelOptions, ModelReport, Table } from './types.ts';

/** How a model takes tables. */
export const mannerOf = ({ missing }: ModelOptions, detects: boolean): Manner => ({
  form: detects ? 'codes' : 'indicators',
  missing: (missing ?? (detects ? 'learn' : 'error')) !== 'error',
});

/** What a model owns in the heap. Apart from the model, so that it can be given back when the model has gone. */
export class Holdings {
  /** The open training. */
  trainer: Trainer | undefined;
  constructor(
    readonly core: Core,
    /** The C++ model, until it is given back. */
    public model: Autoencoder | undefined,
  ) {
    core.models++;
  }

  /** Gives back the training, which puts the model into the state before it, unless it was finished. */
  releaseTrainer(): void {
    this.trainer?.delete();
    this.trainer = undefined;
  }

  /** Gives back everything. */
  release(): void {
    this.releaseTrainer();
    if (this.model === undefined) return;
    this.model.delete();
    this.core.models--;
    this.model = undefined;
  }
}

function notTrained(): never {
  throw new AnomalensError('NOT_FITTED', 'The model has not been trained yet: call fit() first.');
}

const disposed = () => new AnomalensError('DISPOSED', 'The model has been disposed and can no longer be used.');

const changedMeanwhile = () =>
  new AnomalensError(
    'SHAPE',
    'The model was trained or calibrated while these rows were being read. Read them before or after that, and copy them into plain arrays if getters among them do it.',
  );

/** A net under those who forget dispose(). */
const forgotten = new FinalizationRegistry<Holdings>((holdings) => holdings.release());

/** The C++ model and what JavaScript knows about it: what Autoencoder and Trainer share. */
export class Model {
  readonly core: Core;
  readonly options: ModelOptions;
  readonly holdings: Holdings;
  /** How rows become columns; undefined until a training has begun. */
  encoder: Encoder | undefined;
  /** The open training. There is one at most; a new one closes the one before. */
  training: { readonly before: Encoder | undefined } | undefined;
  /** What is known of the last training that was finished. */
  report: ModelReport | undefined;
  /** Trainings that were asked for so far, and the number of the one that was opened last. */
  asked = 0;
  opened = 0;
  /** Grows with whatever changes the model's answers: so a reading notices that a getter among its rows did that. */
  changes = 0;

  /** Takes over the C++ model. */
  constructor(core: Core, options: ModelOptions, own: Autoencoder, encoder?: Encoder) {
    this.core = core;
    this.options = options;
    this.holdings = new Holdings(core, own);
    this.encoder = encoder;
    forgotten.register(this, this.holdings, this);
  }

  /** Throws `BAD_OPTION`. The options' types have been checked. */
  static create(core: Core, options: ModelOptions): Model {
    const own = withModel(core, options, (given) => core.engine.Autoencoder.create(given));
    return new Model(core, options, core.got(own));
  }

  get disposed(): boolean {
    return this.holdings.model === undefined;
  }

  /** Throws `DISPOSED`. */
  requireOpen(): void {
    if (this.disposed) throw disposed();
  }

  /** The C++ model. Throws `DISPOSED`. */
  get own(): Autoencoder {
    const { model } = this.holdings;
    if (model) return model;
    throw disposed();
  }

  /** Whether it is the default detector: a committee, which takes the columns as they are. */
  get detects(): boolean {
    return this.own.members > 1;
  }

  /** How rows become columns in a training from scratch. */
  get manner(): Manner {
    return mannerOf(this.options, this.detects);
  }

  /** How rows become columns. Throws `DISPOSED` and `NOT_FITTED`. */
  requireTrained(): Encoder {
    this.requireOpen();
    return this.encoder ?? notTrained();
  }

  /** The encoder from before the open training, if there is one; undefined where there was no trained model. */
  get beneath(): Encoder | undefined {
    return this.training ? this.training.before : this.encoder;
  }

  /** The same. Throws `DISPOSED` and `NOT_FITTED`. */
  requireBeneath(): Encoder {
    this.requireOpen();
    return this.beneath ?? notTrained();
  }

  /** The features that the detector leaves out, by number and by name. */
  get skippedNumbers(): readonly number[] {
    return [...this.core.heap.list('integer', this.own.skipped())];
  }
  get skipped(): readonly string[] {
    const { names: all = [], plans = [], features = [] } = this.encoder ?? {};
    const names = this.options.features ?? all;
    const taken = new Set(plans.map(({ name }) => name));
    for (const column of this.skippedNumbers) taken.delete(features[column]?.name ?? '');
    return names.filter((name) => !taken.has(name));
  }

  /**
   * What the engine expects of a feature, in the caller's words: undefined for some other value of a category than the
   * frequent ones, null where no cell is expected.
   */
  told(feature: number, expected: number): number | string | boolean | null | undefined {
    if (Number.isNaN(expected)) return null;
    return Number.isFinite(expected) ? this.requireTrained().decoded(feature, expected) : undefined;
  }

  /** Throws `BAD_OPTION` in a committee, which has no one code or activation to show. */
  requireSingle(what: string): void {
    if (!this.detects) return;
    const message = `${what} needs a single net, but members is ${this.own.members}. Name an architecture (hidden, latent) or members: 1.`;
    throw new AnomalensError('BAD_OPTION', message, { option: 'members' });
  }

  /** Throws `NOT_FITTED` while a training is open, which has no threshold and no calibration rows yet. */
  requireThreshold(): number {
    const { threshold } = this.own;
    if (threshold !== undefined) return threshold;
    this.requireTrained();
    throw new AnomalensError(
      'NOT_FITTED',
      'The model has no threshold yet: call finish() of its trainer, or calibrate().',
    );
  }

  /** The rows of `table` as this model takes them, `whole` with blank ones at its end. Throws `DISPOSED`, `NOT_FITTED` and `SHAPE`. */
  source(table: Table, whole = false): Rows {
    const encoder = this.requireTrained();
    return this.watched(() => sourceOf(encoder, table, whole));
  }

  /** The source that `make` makes. It and its cells can be read only as long as the model stays as it is meanwhile. */
  watched(make: () => Rows): Rows {
    const { encoder } = this;
    const unchanged = <Result>(read: () => Result): Result => {
      const { changes } = this;
      const result = read();
      this.requireOpen();
      if (this.changes !== changes || this.encoder !== encoder) throw changedMeanwhile();
      return result;
    };
    const source = unchanged(make);
    const fill = source.fill.bind(source);
    const value = source.value.bind(source);
    source.fill = (into, first, count) => unchanged(() => fill(into, first, count));
    source.value = (row, column) => unchanged(() => value(row, column));
    return source;
  }

  /** `perRow` numbers a row, through one of the reading functions. */
  read(reading: Reading, source: Source, perRow: number): Float32Array<ArrayBuffer> {
    return this.core.transfer.read(this.own, reading, source, perRow);
  }

  dispose(): void {
    this.training = undefined;
    forgotten.unregister(this);
    this.holdings.release();
  }
}

/** 64 bits over the shapes and weights of a model, as 16 hexadecimal digits. */
export function fingerprintOf({ core, own }: Model): string {
  return core.got(own.fingerprint()).toString(16).padStart(16, '0');
}
