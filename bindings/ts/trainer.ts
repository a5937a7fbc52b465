// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { Encoder } from './encoder.ts';
import { AnomalensError } from './error.ts';
import type { Model } from './model.ts';
import { checkBudget, checkOptions, settableChecks, trainChecks, trainFields } from './options.ts';
import { refuse } from './table.ts';
import type { Budget, Progress, Table, TrainOptions, TrainReport } from './types.ts';
import { budgets, scalers } from './wire.ts';

/**
 * A training in the caller's hands: made by `model.trainer(rows)`, run in pieces of any size, paused for as long as you
 * like. Many short runs end in the same bits as one long run.
 *
 * While it is open the model scores with the weights of the moment (at first random ones) and has no threshold, so that a
 * figure can follow it. `finish()` makes the model a trained one; `dispose()` before that, or another training of the
 * same model, gives it back the state it had before. Iterating trains one epoch at a time.
 *
 * @example
 * const trainer = model.trainer(rows, { epochs: 60 });
 * for (const { epoch, loss } of trainer) console.log(epoch, loss);
 * const { threshold } = trainer.finish();
 */
export class Trainer implements Iterable<Progress> {
  static {
    if (Symbol.dispose) Object.defineProperty(Trainer.prototype, Symbol.dispose, { value: Trainer.prototype.dispose });
  }
  /** The same as `dispose()`, for `using`. Absent from engines that do not know `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  readonly #model: Model;
  readonly #before: Encoder | undefined;
  #report: TrainReport | undefined;

  private constructor(model: Model, encoder: Encoder, address: number) {
    this.#model = model;
    this.#before = model.encoder;
    model.encoder = encoder;
    model.holdings.trainer = address;
    model.training = this;
  }

  /** @internal Everything that can fail does so before the training that may be open is closed. */
  static open(model: Model, rows: Table, options: TrainOptions): Trainer {
    const { core, address } = model;
    checkOptions(options, trainChecks);
    const fields = trainFields(options);
    core.check(core.glue.trainCheck(core.write('train', fields)));
    const { encoder, source } = Encoder.learn(rows, model.options.features);
    if (source.rows < 2) refuse('Training needs at least two rows, but there is one.');
    const set = core.trainingSet(scalers[model.options.scaler ?? 'standard'], source);
    try {
      model.training?.dispose();
      const wire = core.write('train', fields);
      return new Trainer(
        model,
        encoder,
        core.number((out) => core.glue.trainerCreate(address, set, wire, out)),
      );
    } finally {
      core.glue.setDestroy(set);
    }
  }

  /** Address of the C++ trainer. Throws `DISPOSED`. */
  get #address(): number {
    this.#model.requireOpen();
    if (this.#model.training === this) return this.#model.holdings.trainer;
    const why = this.#report
      ? 'The training has been finished'
      : 'The trainer has been disposed, or another training of its model has begun';
    throw new AnomalensError('DISPOSED', `${why}: call model.trainer() for a new one.`);
  }

  /**
   * Trains on until the budget is spent or all epochs are done, and tells how far it got. Whole steps only; the bound is
   * passed by one step at most. Parts of an epoch are rounded up to steps.
   *
   * Throws `DIVERGED` when the loss is no longer finite: the model then has the weights of the last whole epoch, and
   * `finish()` may be called. Throws `BAD_OPTION` and `DISPOSED`.
   */
  run(budget: Budget): Progress {
    const address = this.#address;
    const [kind, amount] = checkBudget(budget);
    const { core } = this.#model;
    core.check(core.glue.trainerRun(address, budgets[kind], amount));
    return this.progress;
  }

  /** Where the training stands. Throws `DISPOSED`. */
  get progress(): Progress {
    const { done: _, ...progress } = this.#read();
    return progress;
  }

  /** Whether nothing is left to do: all epochs are done, it diverged, or it was finished. Throws `DISPOSED`. */
  get done(): boolean {
    return this.#report !== undefined || this.#read().done !== 0;
  }

  /** Mean loss of every whole epoch so far. A copy. Throws `DISPOSED`. */
  get losses(): Float64Array {
    if (this.#report) return this.#report.loss.slice();
    const address = this.#address;
    const { core } = this.#model;
    const lent = core.lent((out) => core.glue.trainerLosses(address, out));
    return core.doubles(lent.address, lent.count).slice();
  }

  /** Changes options from the next step on. Throws `BAD_OPTION` (then nothing has changed) and `DISPOSED`. */
  set(options: Pick<TrainOptions, 'learningRate' | 'weightDecay'>): void {
    const address = this.#address;
    checkOptions(options, settableChecks);
    const { core } = this.#model;
    const { learningRate, weightDecay } = options;
    core.check(core.glue.trainCheck(core.write('train', { learningRate, weightDecay })));
    if (learningRate !== undefined) core.check(core.glue.trainerSetLearningRate(address, learningRate));
    if (weightDecay !== undefined) core.check(core.glue.trainerSetWeightDecay(address, weightDecay));
  }

  /**
   * Ends the training where it stands: the model is trained, its threshold is taken from the training rows. Calling it
   * again gives the same report. Throws `DISPOSED`, and `OUT_OF_MEMORY` (the training is then still open).
   */
  finish(): TrainReport {
    if (this.#report) return this.#report;
    const address = this.#address;
    const { core, holdings } = this.#model;
    const { epochs } = this.progress;
    const loss = this.losses;
    const report = core.read('report', (out) => core.glue.trainerFinish(address, out));
    this.#report = { ...report, loss, stopped: report.epochs < epochs ? 'aborted' : 'epochs' };
    holdings.releaseTrainer();
    this.#model.training = undefined;
    return this.#report;
  }

  /** Gives the training up and the model back its state before it. Does nothing after `finish()` or a second time. */
  dispose(): void {
    if (this.#model.training !== this) return;
    this.#model.holdings.releaseTrainer();
    this.#model.training = undefined;
    this.#model.encoder = this.#before;
  }

  /** Trains one epoch at a time until all are done. Leaving the loop early leaves the training open. */
  *[Symbol.iterator](): Iterator<Progress> {
    while (!this.done) yield this.run({ epochs: 1 });
  }

  #read(): Progress & { readonly done: number } {
    const address = this.#address;
    const { core } = this.#model;
    return core.read('progress', (out) => core.glue.trainerProgress(address, out));
  }
}
