// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type * as wire from 'anomalens:core';
import { withTraining } from './conversion.ts';
import type { Encoder } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import { wordOf } from './failures.ts';
import { isInstance, kindOf, lengthOf } from './guards.ts';
import { type Learned, learn } from './learning.ts';
import { Model } from './model.ts';
import { checkBudget, checkMember, checkOptions, settableChecks, trainChecks } from './options.ts';
import { guardReceivers } from './receivers.ts';
import { reportOn } from './report.ts';
import type { Rows } from './rows.ts';
import { atOnce, type Steps } from './slices.ts';
import { sourceOf } from './sources.ts';
import { refuse } from './table.ts';
import type { Pass } from './transfer.ts';
import type { Budget, Note, Progress, Table, TrainOptions, TrainReport } from './types.ts';

/** So many rows that none of them is missing for what `set` changes. */
const enoughRows = 1000;

const ended = (why: string) => new AnomalensError('DISPOSED', `${why}: call model.trainer() for a new one.`);
const replaced = () => ended('The trainer has been disposed, or another training of its model has begun');

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
    guardReceivers(Trainer.prototype, 'trainer', (self) => #model in self);
    if (Symbol.dispose) Object.defineProperty(Trainer.prototype, Symbol.dispose, { value: Trainer.prototype.dispose });
  }
  /** The same as `dispose()`, for `using`. Absent from engines that do not know `Symbol.dispose`. */
  declare [Symbol.dispose]: () => void;

  readonly #model: Model;
  /** @internal How rows become columns in the model beneath. */
  readonly before: Encoder | undefined;
  #report: TrainReport | undefined;

  /** @internal The rows, for as long as somebody needs them. */
  source: Rows | undefined;
  readonly #notes: readonly Note[];
  readonly #options: TrainOptions;
  readonly #rows: number;

  private constructor(model: Model, learned: Learned, options: TrainOptions, own: wire.Trainer) {
    if (!isInstance(model, Model))
      throw new AnomalensError('BAD_OPTION', 'Trainers are made by model.trainer(rows).', { option: 'trainer' });
    const { encoder, source, notes } = learned;
    this.#model = model;
    this.source = source;
    this.#notes = notes;
    this.#options = options;
    this.#rows = source.rows;
    this.before = model.beneath;
    // The C++ model is the new training's already, and so gets nothing back from the one before.
    model.holdings.releaseTrainer();
    model.encoder = encoder;
    model.holdings.trainer = own;
    model.training = this;
    model.changes++;
  }

  /** @internal Everything that can fail does so before the training that may be open is closed. */
  static open(model: Model, rows: Table, options: TrainOptions): Trainer {
    const trainer = atOnce(Trainer.opening(model, rows, checkOptions(options, trainChecks)));
    trainer.source = undefined;
    return trainer;
  }

  /**
   * @internal The same in steps, a piece of the table each, with options that have been checked. A training that is asked for
   * later goes before this one as soon as it is open. Training on begins again when the model that it was to go on from
   * has been trained meanwhile.
   */
  static *opening(model: Model, rows: Table, options: TrainOptions, resume = false): Steps<Trainer> {
    const turn = ++model.asked;
    for (;;) {
      const trainer = yield* Trainer.#opening(model, rows, options, turn, resume ? model.requireBeneath() : undefined);
      if (trainer) return trainer;
    }
  }

  /** Goes on from `beneath` where that is given; undefined when the model is no longer that one. */
  static *#opening(
    model: Model,
    rows: Table,
    options: TrainOptions,
    turn: number,
    beneath: Encoder | undefined,
  ): Steps<Trainer | undefined> {
    model.requireOpen();
    const { core } = model;
    const { engine, transfer } = core;
    const resume = beneath !== undefined;
    const admit = (count: number, columns: number, about: TrainOptions) => {
      if (count < 2) refuse('Training needs at least two rows, but there is one.');
      if (!model.detects) transfer.requireRoom(count, columns);
      withTraining(core, about, resume, (given) => core.check(model.own.checkTraining(given, count, columns), about));
    };
    // Labels are one a row, and which rows there are is known only when the table has been read.
    const { threshold, ...others } = options;
    const unlabelled = threshold?.rule === 'labels' ? others : options;
    const learned = beneath
      ? { encoder: beneath, source: sourceOf(beneath, rows), notes: model.report?.notes ?? [] }
      : yield* learn(rows, model.options, model.manner, (count, columns) => admit(count, columns, unlabelled));
    model.requireOpen();
    const { encoder, source } = learned;
    admit(source.rows, source.columns, options);
    if (resume && model.beneath !== beneath) return undefined;
    const made = core.heap.lend('integer', source.kinds, (kinds) =>
      engine.TrainingSet.create(model.own, resume, source.rows, source.columns, kinds?.address ?? 0),
    );
    const set = core.got(made);
    // Doubles cross twice where the scaler is to be learned: keeping them until then would take twice the memory.
    const doubles: readonly Pass[] = resume ? ['append'] : ['observe', 'append'];
    const passes: readonly Pass[] = model.detects ? ['observe'] : source.single ? ['take'] : doubles;
    try {
      for (const next of transfer.filling(set, source, passes, (cells) => resume || encoder.see(cells))) {
        yield next;
        model.requireOpen();
        if (model.opened > turn) throw replaced();
        if (resume && model.beneath !== beneath) return undefined;
      }
      return withTraining(core, options, resume, (given) => {
        const opened = core.got(engine.Trainer.open(model.own, set, given), { source, ...options });
        model.opened = turn;
        return new Trainer(model, { ...learned, encoder: encoder.forgetting(model.skippedNumbers) }, options, opened);
      });
    } finally {
      set.delete();
    }
  }

  /** The C++ trainer. Throws `DISPOSED`. */
  get #own(): wire.Trainer {
    this.#model.requireOpen();
    const { trainer } = this.#model.holdings;
    if (trainer && this.#model.training === this) return trainer;
    throw this.#report ? ended('The training has been finished') : replaced();
  }

  /**
   * Trains on until the budget is spent or all epochs are done, and tells how far it got. Whole steps only; the bound is
   * passed by one step at most. Parts of an epoch are rounded up to steps.
   *
   * Throws `DIVERGED` when the loss is no longer finite: the model then has the weights of the last whole epoch, and
   * `finish()` may be called. Throws `BAD_OPTION` and `DISPOSED`.
   */
  run(budget: Budget): Progress {
    const [kind, amount] = checkBudget(budget);
    const own = this.#own;
    const { core } = this.#model;
    this.#model.changes++;
    return progressOf(core.got(own.run(core.engine.BudgetKind[kind], amount)));
  }

  /** Where the training stands. Throws `DISPOSED`. */
  get progress(): Progress {
    return progressOf(this.#model.core.got(this.#own.progress()));
  }

  /** Whether nothing is left to do: all epochs are done, it diverged, or it was finished. Throws `DISPOSED`. */
  get done(): boolean {
    return this.#report !== undefined || this.progress.done;
  }

  /** Mean loss of every whole epoch so far. A copy. Throws `DISPOSED`. */
  get losses(): Float64Array {
    if (this.#report) return this.#report.loss.slice();
    const losses = this.#own.losses();
    const { core } = this.#model;
    return core.heap.list('double', core.got(losses));
  }

  /** Changes options from the next step on. Throws `BAD_OPTION` (then nothing has changed) and `DISPOSED`. */
  set(options: Pick<TrainOptions, 'learningRate' | 'weightDecay' | 'l1'>): void {
    const { learningRate, weightDecay, l1 } = checkOptions(options, settableChecks);
    const own = this.#own;
    const { core, own: model } = this.#model;
    withTraining(core, { learningRate, weightDecay, l1 }, false, (given) =>
      core.check(model.checkTraining(given, enoughRows, model.columns)),
    );
    if (learningRate !== undefined) core.check(own.setLearningRate(learningRate));
    if (weightDecay !== undefined) core.check(own.setWeightDecay(weightDecay));
    if (l1 !== undefined) core.check(own.setL1(l1));
  }

  /**
   * For sharing the work of a committee among workers: members depend on nothing but the rows, the options and their own
   * number. Each worker opens the same training, trains some members to their end and sends their parameters; one of them
   * takes the others' over with `adoptMember`. When every member has been trained or adopted, `done` is true and `finish()`
   * gives the same bits as `run` would have. Its report then has no losses. Throws `BAD_OPTION`, `DIVERGED` and `DISPOSED`.
   *
   * @param member From 0 to the number of nets less one: those of `model.layers()`. Where the rows are not clean there are
   *   two committees, one behind the other; beyond 1,000 rows the second has two thirds of the members, but at least three.
   * @returns A copy of the member's parameters.
   */
  trainMember(member: number): Float32Array {
    const own = this.#own;
    checkMember(member);
    const { core, own: model } = this.#model;
    this.#model.changes++;
    core.check(own.trainMember(member));
    return core.heap.list('float', model.parameters(member));
  }

  /** Takes over what `trainMember` gave elsewhere. Throws `BAD_OPTION`, `SHAPE`, `NON_FINITE` and `DISPOSED`. */
  adoptMember(member: number, parameters: Float32Array): void {
    const own = this.#own;
    checkMember(member);
    if (kindOf(parameters) !== 'Float32Array')
      refuse(`The parameters of a member are a Float32Array, but got ${show(parameters)}.`);
    const length = lengthOf(parameters);
    for (let index = 0; index < length; index++) {
      if (!Number.isFinite(parameters[index]))
        throw new AnomalensError('NON_FINITE', `Parameter ${index} of member ${member} is ${parameters[index]}.`);
    }
    const { core } = this.#model;
    this.#model.changes++;
    core.heap.borrow(Math.max(4, length * 4), (at) => {
      if (length > 0) core.heap.floats(at, length).set(parameters);
      core.check(own.adoptMember(member, at, length));
    });
  }

  /**
   * Ends the training where it stands: the model is trained and its threshold taken. Calling it again gives the same
   * report. Throws `DISPOSED`, `DIVERGED` where scores or threshold are not finite, and `OUT_OF_MEMORY` (the training is then still
   * open).
   */
  finish(): TrainReport {
    if (this.#report) return this.#report;
    const own = this.#own;
    const { core, holdings } = this.#model;
    this.#model.changes++;
    this.#report = core.holding(core.got(own.finish()), (report) => reportOf(this.#model, report, this.#notes));
    holdings.releaseTrainer();
    this.#model.training = undefined;
    this.#model.report = reportOn(this.#report, this.#rows, { ...this.#model.options, ...this.#options });
    return this.#report;
  }

  /** @internal `finish()` in steps of about `ms` milliseconds. From the first one on nothing else may follow but that. */
  *finishing(ms: number): Steps<TrainReport> {
    const { core } = this.#model;
    for (let settled = false; !settled; ) {
      settled = core.got(this.#own.settle(ms));
      yield;
    }
    return this.finish();
  }

  /** Gives the training up and the model back its state before it. Does nothing after `finish()` or a second time. */
  dispose(): void {
    if (this.#model.training !== this) return;
    this.#model.holdings.releaseTrainer();
    this.#model.training = undefined;
    this.#model.encoder = this.before;
    this.#model.changes++;
  }

  /** Trains one epoch at a time until all are done. Leaving the loop early leaves the training open. */
  *[Symbol.iterator](): Iterator<Progress> {
    while (!this.done) yield this.run({ epochs: 1 });
  }
}

function progressOf({ validationLoss, ...progress }: wire.Progress): Progress {
  return validationLoss === undefined ? progress : { ...progress, validationLoss };
}

function reportOf(model: Model, report: wire.TrainReport, notes: readonly Note[]): TrainReport {
  const { engine, heap } = model.core;
  const { epochs, threshold, calibrationRows, rowsPerSecond } = report;
  const rule = wordOf(engine.RuleKind, report.rule);
  const validationLoss = heap.list('double', report.validationLoss);
  const scores = heap.list('float', report.scores);
  return {
    epochs,
    loss: heap.list('double', report.loss),
    ...(validationLoss.length > 0 && { validationLoss }),
    threshold,
    rule: rule === 'falsePositiveRate' || rule === 'bestF1' ? 'labels' : rule,
    calibrationRows,
    ...(model.detects && { scores, scoredRows: heap.list('integer', report.scoredRows) }),
    skipped: model.skipped,
    stopped: wordOf(engine.Stopped, report.stopped),
    rowsPerSecond,
    notes,
  };
}
