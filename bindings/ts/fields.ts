// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Core, FieldsOf } from './core.ts';
import type { Corruption, ModelOptions, ThresholdRule, TrainOptions } from './types.ts';
import {
  activations,
  bestF1,
  compatibilities,
  corruptions,
  losses,
  missings,
  optimizers,
  rules,
  scalers,
  schedules,
  sparsities,
} from './wire.ts';

// From options, whose types have been checked, to the structs of the wire.

const byNumber = (name: string, values: readonly number[]) =>
  Object.fromEntries(values.map((value, index) => [`${name}${index}`, value]));

/** Fields of a `Model` struct. */
export function modelFields(options: ModelOptions): FieldsOf<'model'> {
  const { hidden, decoder, latent, members, seed } = options;
  return {
    hiddenCount: hidden?.length,
    ...byNumber('hidden', hidden ?? []),
    decoderCount: decoder?.length,
    ...byNumber('decoder', decoder ?? []),
    latent,
    activation: options.activation && activations[options.activation],
    latentActivation: options.latentActivation && activations[options.latentActivation],
    scaler: options.scaler && scalers[options.scaler],
    missing: options.missing && missings[options.missing],
    members,
    seed,
    compatibility: options.compatibility && compatibilities[options.compatibility],
  };
}

function scheduleFields({ schedule }: TrainOptions): FieldsOf<'train'> {
  if (schedule === undefined) return {};
  const { kind, warmup, every, patience, factor } = schedule as Partial<
    Record<'warmup' | 'every' | 'patience' | 'factor', number>
  > & { kind: keyof typeof schedules };
  return {
    scheduleKind: schedules[kind],
    scheduleWarmup: warmup,
    scheduleEvery: every,
    schedulePatience: patience,
    scheduleFactor: factor,
  };
}

function corruptionFields({ corruption }: TrainOptions): FieldsOf<'train'> {
  if (corruption === undefined) return {};
  const list: readonly Corruption[] = Array.isArray(corruption) ? corruption : [corruption];
  return {
    corruptionCount: list.length,
    ...byNumber(
      'corruptionKind',
      list.map(({ kind }) => corruptions[kind]),
    ),
    ...byNumber(
      'corruptionAmount',
      list.map((one) => ('sigma' in one ? one.sigma : one.rate)),
    ),
  };
}

function sparsityFields({ sparsity }: TrainOptions): FieldsOf<'train'> {
  if (sparsity === undefined) return {};
  const { kind, weight, target, k } = sparsity as Partial<Record<'weight' | 'target' | 'k', number>> & {
    kind: keyof typeof sparsities;
  };
  return { sparsityKind: sparsities[kind], sparsityWeight: weight, sparsityTarget: target, sparsityK: k };
}

/** The usual distance in robust standard deviations (Iglewicz & Hoaglin 1993). */
const defaultMad = 3.5;

/** Fields of a `Rule` struct; labels lie at `labels`. */
function ruleFields(rule: ThresholdRule, labels: number): FieldsOf<'rule'> {
  const kind = rules.indexOf(rule.rule);
  switch (rule.rule) {
    case 'conformal':
      return { kind, value: rule.alpha };
    case 'quantile':
      return { kind, value: rule.q, heldOut: Number(rule.of === 'holdout') };
    case 'contamination':
      return { kind, value: rule.share };
    case 'mad':
      return { kind, value: rule.k ?? defaultMad };
    case 'tail':
      return { kind, value: rule.risk };
    case 'fixed':
      return { kind, value: rule.value };
    case 'labels': {
      const lent = { labels, labelCount: rule.labels.length };
      return rule.goal === 'bestF1' ? { kind: bestF1, ...lent } : { kind, value: rule.goal.falsePositiveRate, ...lent };
    }
  }
}

/** Calls `work` with the fields of a rule, its labels being in the heap as long as that takes. */
export function withRule<Result>(
  core: Core,
  rule: ThresholdRule | undefined,
  work: (fields: FieldsOf<'rule'>) => Result,
): Result {
  if (rule?.rule !== 'labels') return work(rule ? ruleFields(rule, 0) : {});
  const { labels } = rule;
  return core.borrow(Math.max(1, labels.length), (address) => {
    core.bytes(address, labels.length).set(labels);
    return work(ruleFields(rule, address));
  });
}

/** Calls `work` with the fields of a `Train` struct. */
export function withTraining<Result>(
  core: Core,
  options: TrainOptions,
  work: (fields: FieldsOf<'train'>) => Result,
): Result {
  const { epochs, batchSize, learningRate, momentum, weightDecay, l1, dropout, clipNorm } = options;
  const { clean, trim, validationSplit, patience, optimizer, loss } = options;
  return withRule(core, options.threshold, (rule) =>
    work({
      epochs,
      batchSize,
      optimizer: optimizer && optimizers[optimizer],
      learningRate,
      momentum,
      ...scheduleFields(options),
      loss: loss && losses[loss],
      weightDecay,
      l1,
      dropout,
      clipNorm,
      ...corruptionFields(options),
      ...sparsityFields(options),
      clean: clean === undefined ? undefined : Number(clean),
      trim,
      validationSplit,
      patience,
      ...rule,
    }),
  );
}
