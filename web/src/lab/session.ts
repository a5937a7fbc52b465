// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { Autoencoder, synthetic } from 'anomalens';
import type { Settings } from '../page/properties';
import type { Data, Frame } from './messages';

const BATCH = 32;
const HIDDEN = [16];
/** The promise the threshold makes: this share of the training rows stays below it. */
const QUANTILE = 0.95;

/** One model on one set of rows, trained in as many pieces as the page asks for. */
export class Session {
  readonly #model: Autoencoder;
  readonly #trainer: ReturnType<Autoencoder['trainer']>;
  readonly #settings: Settings;
  readonly #perEpoch: number;
  readonly #normalMeans: number[] = [];
  readonly #anomalyMeans: number[] = [];
  #step = 0;
  #computeMs = 0;
  readonly data: Data;

  static async create(settings: Settings): Promise<Session> {
    const { train, test, labels } = await synthetic.article({
      seed: settings.seed,
      rows: settings.rows,
      normals: settings.normals,
      anomalies: settings.anomalies,
      strength: settings.strength,
      ...(settings.kinds.length ? { kinds: settings.kinds } : {}),
    });
    const { columns } = train;
    const features = Array.from({ length: columns }, (_, i) => `f${i + 1}`);
    const data: Data = { train: train.data, test: test.data, labels, columns, features };
    const model = await Autoencoder.create({
      hidden: HIDDEN,
      latent: settings.latent,
      activation: 'relu',
      // First weights as the original experiment draws them; at 60 epochs it matters where one starts.
      compatibility: 'pytorch',
      seed: settings.seed,
      features,
    });
    return new Session(settings, data, model);
  }

  private constructor(settings: Settings, data: Data, model: Autoencoder) {
    this.#settings = settings;
    this.#model = model;
    this.data = data;
    this.#perEpoch = Math.ceil(settings.rows / BATCH);
    this.#trainer = model.trainer(this.#rows(data.train), {
      epochs: settings.epochs,
      batchSize: BATCH,
      learningRate: settings.rate,
      weightDecay: settings.decay,
      threshold: { rule: 'quantile', q: QUANTILE },
    });
    this.#noteMeans();
  }

  get #total(): number {
    return this.#perEpoch * this.#settings.epochs;
  }

  /** Trains up to `steps` further steps, stopping early once `ms` have been used. */
  advance(steps: number, ms: number): void {
    const goal = Math.min(this.#step + steps, this.#total);
    const start = performance.now();
    while (this.#step < goal && performance.now() - start < ms) {
      const toEpochEnd = this.#perEpoch - (this.#step % this.#perEpoch);
      const chunk = Math.min(goal - this.#step, toEpochEnd);
      this.#trainer.run({ steps: chunk });
      this.#step += chunk;
      if (chunk === toEpochEnd) this.#noteMeans();
    }
    this.#computeMs += performance.now() - start;
  }

  frame(): Frame {
    const test = this.#rows(this.data.test);
    const train = this.#rows(this.data.train);
    return {
      step: this.#step,
      steps: this.#total,
      epoch: Math.floor(this.#step / this.#perEpoch),
      epochs: this.#settings.epochs,
      done: this.#step >= this.#total,
      trainErrors: this.#model.score(train),
      testErrors: this.#model.score(test),
      featureErrors: this.#model.featureErrors(test),
      copies: this.#model.reconstruct(test),
      quantile: this.#model.calibrate(train, { rule: 'quantile', q: QUANTILE }),
      losses: this.#trainer.losses.slice(),
      normalMeans: Float64Array.from(this.#normalMeans),
      anomalyMeans: Float64Array.from(this.#anomalyMeans),
      parameters: this.#model.parameters,
      fingerprint: this.#model.fingerprint(),
      computeMs: this.#computeMs,
    };
  }

  dispose(): void {
    this.#trainer.dispose();
    this.#model.dispose();
  }

  #rows(data: Float32Array) {
    return { data, columns: this.data.columns };
  }

  #noteMeans(): void {
    const errors = this.#model.score(this.#rows(this.data.test));
    const { normals } = this.#settings;
    this.#normalMeans.push(mean(errors.subarray(0, normals)));
    this.#anomalyMeans.push(mean(errors.subarray(normals)));
  }
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
