// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type * as wire from 'anomalens:core';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import { modelNames, trainNames } from './options.ts';
import type { Corruption, ModelOptions, Schedule, Sparsity, ThresholdRule, TrainOptions } from './types.ts';

// From options, whose types have been checked, to the value objects of the engine. Embind wants every field to be there;
// undefined means "not given".

/** The options that cross as they are. */
export type Plain<Options> = {
  readonly [Name in keyof Options as Options[Name] extends number | boolean | undefined
    ? Name
    : never]-?: Options[Name];
};

export function plain<Options extends object>(names: readonly string[], options: Options): Plain<Options> {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map((name) => [name, given[name]])) as Plain<Options>;
}

/** The engine's value for a word; undefined for an option that was not given. */
const chosen = <Words extends object, Word extends keyof Words>(words: Words, word: Word | undefined) =>
  word === undefined ? undefined : words[word];

/** Calls `work` with the engine's form of a model's options, which is good as long as that takes. */
export function withModel<Result>(
  { engine, heap }: Core,
  options: ModelOptions,
  work: (options: wire.ModelOptions) => Result,
): Result {
  return heap.lend('integer', options.hidden, (hidden) =>
    heap.lend('integer', options.decoder, (decoder) =>
      work({
        ...plain(modelNames, options),
        hidden,
        decoder,
        activation: chosen(engine.Activation, options.activation),
        latentActivation: chosen(engine.Activation, options.latentActivation),
        scaler: chosen(engine.Scaler, options.scaler),
        missing: chosen(engine.Missing, options.missing),
        compatibility: chosen(engine.Compatibility, options.compatibility),
      }),
    ),
  );
}

function scheduleOf(engine: Engine, schedule: Schedule): wire.Schedule {
  const { warmup, every, patience, factor }: Partial<Record<'warmup' | 'every' | 'patience' | 'factor', number>> =
    schedule as object;
  return { kind: engine.ScheduleKind[schedule.kind], warmup, every, patience, factor };
}

function sparsityOf(engine: Engine, sparsity: Sparsity): wire.Sparsity {
  const { weight, target, k }: Partial<Record<'weight' | 'target' | 'k', number>> = sparsity as object;
  return { kind: engine.SparsityKind[sparsity.kind], weight, target, k };
}

/** Calls `work` with a list of the engine, which is given back afterwards. */
function withCorruption<Result>(
  core: Core,
  corruption: TrainOptions['corruption'],
  work: (list: wire.Corruptions | undefined) => Result,
): Result {
  if (corruption === undefined) return work(undefined);
  return core.holding(new core.engine.Corruptions(), (list) => {
    for (const one of [corruption].flat() as readonly Corruption[]) {
      const amount = 'sigma' in one ? one.sigma : one.rate;
      list.push_back({ kind: core.engine.CorruptionKind[one.kind], amount });
    }
    return work(list);
  });
}

/** The usual distance in robust standard deviations (Iglewicz & Hoaglin 1993). */
const defaultMad = 3.5;

/** The numbers of all rules; each rule has one of them. */
type Amounts = Partial<Record<'alpha' | 'q' | 'share' | 'risk' | 'value' | 'k', number | undefined>>;

function ruleOf({ RuleKind }: Engine, rule: ThresholdRule, labels: wire.Span | undefined): wire.ThresholdRule {
  if (rule.rule === 'labels') {
    const { goal } = rule;
    const best = goal === 'bestF1';
    const kind = best ? RuleKind.bestF1 : RuleKind.falsePositiveRate;
    return { kind, value: best ? undefined : goal.falsePositiveRate, heldOut: undefined, labels };
  }
  const { alpha, q, share, risk, value, k = defaultMad }: Amounts = rule;
  const heldOut = rule.rule === 'quantile' ? rule.of === 'holdout' : undefined;
  return { kind: RuleKind[rule.rule], value: alpha ?? q ?? share ?? risk ?? value ?? k, heldOut, labels };
}

/** Calls `work` with a rule, its labels being in the heap as long as that takes. */
export function withRule<Result>(
  { engine, heap }: Core,
  rule: ThresholdRule,
  work: (rule: wire.ThresholdRule) => Result,
): Result {
  const labels = rule.rule === 'labels' ? rule.labels : undefined;
  return heap.lend('byte', labels, (span) => work(ruleOf(engine, rule, span)));
}

/** Calls `work` with the engine's form of a training's options, which is good as long as that takes. */
export function withTraining<Result>(
  core: Core,
  options: TrainOptions,
  resume: boolean,
  work: (options: wire.TrainOptions) => Result,
): Result {
  const { engine } = core;
  const { threshold, schedule, sparsity } = options;
  const withThreshold = (use: (rule: wire.ThresholdRule | undefined) => Result) =>
    threshold ? withRule(core, threshold, use) : use(undefined);
  return withCorruption(core, options.corruption, (corruption) =>
    withThreshold((rule) =>
      work({
        ...plain(trainNames, options),
        optimizer: chosen(engine.Optimizer, options.optimizer),
        schedule: schedule && scheduleOf(engine, schedule),
        loss: chosen(engine.Loss, options.loss),
        corruption,
        sparsity: sparsity && sparsityOf(engine, sparsity),
        threshold: rule,
        resume,
      }),
    ),
  );
}
