// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Core } from './core.ts';
import type { Encoder, Rows } from './encoder.ts';
import { AnomalensError } from './error.ts';
import { modelFields } from './fields.ts';
import type { Read } from './glue.ts';
import type { Source } from './source.ts';
import type { ModelOptions, Table } from './types.ts';

/** What a model owns in the heap. Apart from the model, so that it can be given back when the model has gone. */
export class Holdings {
  /** Address of the open training, or 0. */
  trainer = 0;
  constructor(
    readonly core: Core,
    /** Address of the C++ model, or 0 once it has been given back. */
    public model: number,
  ) {
    core.models++;
  }

  /** Gives back the training, which puts the model into the state before it, unless it was finished. */
  releaseTrainer(): void {
    if (this.trainer !== 0) this.core.glue.trainerDestroy(this.trainer);
    this.trainer = 0;
  }

  /** Gives back everything. */
  release(): void {
    this.releaseTrainer();
    if (this.model === 0) return;
    this.core.glue.modelDestroy(this.model);
    this.core.models--;
    this.model = 0;
  }
}

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
  training: { dispose(): void } | undefined;
  /** Trainings that were asked for so far, and the number of the one that was opened last. */
  asked = 0;
  opened = 0;

  /** Takes over the C++ model at `address`. */
  constructor(core: Core, options: ModelOptions, address: number, encoder?: Encoder) {
    this.core = core;
    this.options = options;
    this.holdings = new Holdings(core, address);
    this.encoder = encoder;
    forgotten.register(this, this.holdings, this);
  }

  /** Throws `BAD_OPTION`. The options' types have been checked. */
  static create(core: Core, options: ModelOptions): Model {
    const wire = core.write('model', modelFields(options));
    return new Model(core, options, core.number(core.glue.modelCreate, wire));
  }

  get disposed(): boolean {
    return this.holdings.model === 0;
  }

  /** Throws `DISPOSED`. */
  requireOpen(): void {
    if (this.disposed) throw new AnomalensError('DISPOSED', 'The model has been disposed and can no longer be used.');
  }

  /** Address of the C++ model. Throws `DISPOSED`. */
  get address(): number {
    this.requireOpen();
    return this.holdings.model;
  }

  get status(): Readonly<Record<'fitted' | 'threshold' | 'columns' | 'latent' | 'members' | 'parameters', number>> {
    const { address, core } = this;
    return core.read('status', core.glue.modelStatus, address);
  }

  /** How rows become columns. Throws `DISPOSED` and `NOT_FITTED`. */
  requireTrained(): Encoder {
    this.requireOpen();
    if (this.encoder) return this.encoder;
    throw new AnomalensError('NOT_FITTED', 'The model has not been trained yet: call fit() first.');
  }

  /** Throws `BAD_OPTION` in a committee, which has no one code or activation to show. */
  requireSingle(what: string): void {
    const { members } = this.status;
    if (members === 1) return;
    const message = `${what} needs a single net, but members is ${members}. Name an architecture (hidden, latent) or members: 1.`;
    throw new AnomalensError('BAD_OPTION', message, { option: 'members' });
  }

  /** Throws `NOT_FITTED` while a training is open, which has no threshold and no calibration rows yet. */
  requireThreshold(): number {
    const { threshold } = this.status;
    if (!Number.isNaN(threshold)) return threshold;
    this.requireTrained();
    throw new AnomalensError(
      'NOT_FITTED',
      'The model has no threshold yet: call finish() of its trainer, or calibrate().',
    );
  }

  /** The rows of `table` as this model takes them. Throws `DISPOSED`, `NOT_FITTED` and `SHAPE`. */
  source(table: Table): Rows {
    return this.requireTrained().source(table);
  }

  /** `perRow` numbers a row, through one of the reading functions. */
  read(method: Read, source: Source, perRow: number): Float32Array<ArrayBuffer> {
    return this.core.readRows(this.address, method, source, perRow);
  }

  dispose(): void {
    this.training = undefined;
    forgotten.unregister(this);
    this.holdings.release();
  }
}
