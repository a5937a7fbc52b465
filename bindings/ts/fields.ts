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
  quantileRows,
  rules,
  scalers,
  schedules,
  sparsities,
} from './wire.ts';

// From options, whose types have been checked, to the structs of the wire.

/** The number behind a name; undefined for an option that was not given. */
const code = <Name extends string>(table: Readonly<Record<Name, number>>, name: Name | undefined) =>
  name && table[name];

/** `hiddenCount`, `hidden0`, `hidden1`, ... Nothing for a list that was not given. */
const listFields = (name: string, values: readonly number[] | undefined) =>
  values && {
    [`${name}Count`]: values.length,
    ...Object.fromEntries(values.map((value, index) => [`${name}${index}`, value])),
  };

/** Of an option with several forms `scheduleKind`, `scheduleWarmup` and so on. */
const formFields = (name: string, form: object | undefined, kinds: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(form ?? {}).map(([field, value]) => [
      `${name}${field[0]?.toUpperCase()}${field.slice(1)}`,
      field === 'kind' ? kinds[value] : value,
    ]),
  );

/** Fields of a `Model` struct. Options that are numbers go by the same name. */
export function modelFields(options: ModelOptions): FieldsOf<'model'> {
  return {
    ...(options as object),
    ...listFields('hidden', options.hidden),
    ...listFields('decoder', options.decoder),
    activation: code(activations, options.activation),
    latentActivation: code(activations, options.latentActivation),
    scaler: code(scalers, options.scaler),
    missing: code(missings, options.missing),
    compatibility: code(compatibilities, options.compatibility),
  };
}

function corruptionFields({ corruption }: TrainOptions): FieldsOf<'train'> {
  if (corruption === undefined) return {};
  const list = [corruption].flat() as readonly Corruption[];
  const amounts = list.map((one) => ('sigma' in one ? one.sigma : one.rate));
  const kinds = list.map(({ kind }) => corruptions[kind]);
  return {
    ...listFields('corruptionKind', kinds),
    ...listFields('corruptionAmount', amounts),
    corruptionCount: list.length,
  };
}

/** The usual distance in robust standard deviations (Iglewicz & Hoaglin 1993). */
const defaultMad = 3.5;

/** The numbers of all rules; each rule has one of them. */
type Amounts = Partial<Record<'alpha' | 'q' | 'share' | 'risk' | 'value' | 'k', number>>;

/** Fields of a `Rule` struct; labels lie at `labels`. */
function ruleFields(rule: ThresholdRule, labels: number): FieldsOf<'rule'> {
  const kind = rules.indexOf(rule.rule);
  if (rule.rule === 'labels') {
    const lent = { labels, labelCount: rule.labels.length };
    return rule.goal === 'bestF1' ? { kind: bestF1, ...lent } : { kind, value: rule.goal.falsePositiveRate, ...lent };
  }
  const { alpha, q, share, risk, value, k = defaultMad } = rule as Amounts;
  const heldOut = rule.rule === 'quantile' ? quantileRows[rule.of ?? 'training'] : undefined;
  return { kind, value: alpha ?? q ?? share ?? risk ?? value ?? k, heldOut };
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

/** Calls `work` with the fields of a `Train` struct. Options that are numbers go by the same name. */
export function withTraining<Result>(
  core: Core,
  options: TrainOptions,
  work: (fields: FieldsOf<'train'>) => Result,
): Result {
  const { clean, optimizer, loss } = options;
  return withRule(core, options.threshold, (rule) =>
    work({
      ...(options as object),
      optimizer: code(optimizers, optimizer),
      ...formFields('schedule', options.schedule, schedules),
      loss: code(losses, loss),
      ...corruptionFields(options),
      ...formFields('sparsity', options.sparsity, sparsities),
      clean: clean === undefined ? undefined : Number(clean),
      ...rule,
    }),
  );
}
