// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Options: good ones, and ones with something odd in them.

import fc from 'fast-check';
import { anything, name, real, withOwn } from './cells.mjs';

const activation = fc.constantFrom('linear', 'relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'softplus');
const widths = fc.array(fc.constantFrom(1, 2, 3, 8), { maxLength: 3 });
const rate = fc.constantFrom(0, 1e-9, 0.1, 0.5, 0.9);

/** A value for every option, all inside their ranges. Small nets: a case must take no longer than a blink. */
const goodModel = {
  hidden: widths,
  decoder: widths,
  latent: fc.constantFrom(1, 2, 5),
  activation,
  latentActivation: activation,
  scaler: fc.constantFrom('standard', 'robust', 'minmax', 'none'),
  missing: fc.constantFrom('error', 'mask', 'learn'),
  members: fc.constantFrom(1, 1, 2, 3),
  seed: fc.oneof(fc.nat(5), fc.constantFrom(2 ** 31, 2 ** 32 - 1)),
  compatibility: fc.constant('pytorch'),
};

const corruption = fc.oneof(
  fc.record({ kind: fc.constantFrom('gaussian', 'scale'), sigma: fc.constantFrom(0, 0.1, 100) }),
  fc.record({ kind: fc.constantFrom('mask', 'saltPepper', 'swap'), rate: fc.constantFrom(0, 0.1, 1) }),
);

const threshold = fc.oneof(
  fc.record({ rule: fc.constant('conformal'), alpha: fc.constantFrom(0.05, 0.3, 0.5) }),
  fc.record({
    rule: fc.constant('quantile'),
    q: fc.constantFrom(1e-9, 0.5, 0.95),
    of: fc.constantFrom(undefined, 'training', 'holdout'),
  }),
  fc.record({ rule: fc.constant('contamination'), share: fc.constantFrom(1e-9, 0.1, 0.5) }),
  fc.record({ rule: fc.constant('mad'), k: fc.constantFrom(undefined, 1e-9, 3.5, 100) }),
  fc.record({ rule: fc.constant('tail'), risk: fc.constantFrom(1e-9, 0.02) }),
  fc.record({ rule: fc.constant('fixed'), value: fc.constantFrom(-1, 0, 1e300) }),
  fc.record({
    rule: fc.constant('labels'),
    labels: fc.array(fc.constantFrom(0, 1), { minLength: 2, maxLength: 12 }),
    goal: fc.oneof(fc.constant('bestF1'), fc.record({ falsePositiveRate: fc.constantFrom(0, 0.5, 0.99) })),
  }),
);

const goodTrain = {
  epochs: fc.constantFrom(1, 2, 3),
  batchSize: fc.constantFrom(1, 2, 7, 32, 65536),
  optimizer: fc.constantFrom('adam', 'adamw', 'sgd', 'rmsprop'),
  learningRate: fc.constantFrom(1e-9, 0.001, 0.01, 0.5, 10),
  momentum: fc.constantFrom(0, 0.5, 0.99),
  schedule: fc.oneof(
    fc.constant({ kind: 'constant' }),
    fc.record({ kind: fc.constant('cosine'), warmup: fc.constantFrom(undefined, 0, 1) }),
    fc.record({ kind: fc.constant('step'), every: fc.constantFrom(1, 2), factor: fc.constantFrom(1e-9, 0.5) }),
    fc.record({ kind: fc.constant('plateau'), patience: fc.constantFrom(0, 1), factor: fc.constantFrom(0.1, 0.99) }),
  ),
  loss: fc.constantFrom('mse', 'mae', 'huber'),
  weightDecay: fc.constantFrom(0, 1e-5, 10),
  l1: fc.constantFrom(0, 1e-5, 10),
  dropout: rate,
  clipNorm: fc.constantFrom(0, 1e-9, 1, 1e6),
  corruption: fc.oneof(corruption, fc.array(corruption, { maxLength: 9 })),
  sparsity: fc.oneof(
    fc.record({ kind: fc.constant('l1'), weight: fc.constantFrom(0, 0.1, 1e6) }),
    fc.record({ kind: fc.constant('kl'), weight: fc.constantFrom(0, 0.1, 1e6), target: fc.constantFrom(1e-9, 0.5) }),
    fc.record({ kind: fc.constant('topK'), k: fc.constantFrom(1, 2, 5) }),
  ),
  clean: fc.boolean(),
  trim: rate,
  validationSplit: fc.constantFrom(0, 0.1, 0.5),
  patience: fc.constantFrom(0, 1, 3),
  threshold,
  neighbours: fc.constantFrom(0, 1, 512, 4096),
  sliceMs: fc.constantFrom(1, 10, 1000),
};

/** Some of the options in `good`. */
const someOf = (good, share) =>
  fc
    .record(Object.fromEntries(Object.entries(good).map(([key, value]) => [key, maybe(value, share)])))
    .map((options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)));

/** `value` in one of `share` cases. */
const maybe = (value, share) =>
  fc.oneof({ weight: share - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

export const modelOptions = someOf(goodModel, 4);
export const trainOptions = fc
  .tuple(someOf(goodTrain, 6), goodTrain.epochs)
  .map(([options, epochs]) => ({ epochs, ...options }));
export const bothOptions = fc.tuple(modelOptions, trainOptions).map(([model, train]) => ({ ...model, ...train }));
export const thresholdRule = threshold;

/** A change to options: a key, an inner key or all of it becomes something else. */
const change = (good) =>
  fc.record({
    where: fc.constantFrom('value', 'value', 'value', 'inner', 'element', 'unknown', 'whole', 'getter', 'prototype'),
    key: fc.constantFrom(...Object.keys(good)),
    inner: fc.constantFrom(
      'kind',
      'rule',
      'sigma',
      'rate',
      'k',
      'q',
      'labels',
      'goal',
      'weight',
      'length',
      '0',
      'aborted',
    ),
    odd: name,
    to: fc.oneof(anything, fc.constantFrom(-1, 0, 0.5, 1.5, 4097, 2 ** 31, 2 ** 32, Number.NaN, Infinity, '3', 'adam')),
  });

const spoilt = (options, good) =>
  fc.record({ options, changes: fc.array(change(good), { minLength: 1, maxLength: 2 }) });

export const oddModelOptions = spoilt(modelOptions, { ...goodModel, features: 0 });
export const oddTrainOptions = spoilt(trainOptions, { ...goodTrain, signal: 0, onProgress: 0 });
export const oddOptions = spoilt(bothOptions, {
  ...goodModel,
  ...goodTrain,
  features: 0,
  signal: 0,
  onProgress: 0,
  top: 0,
});

/** The same with no more epochs than take a moment: the largest good number is a million. */
export function briefly(options) {
  try {
    const epochs = Object.getOwnPropertyDescriptor(options, 'epochs')?.value;
    return typeof epochs === 'number' && epochs > 3 ? { ...options, epochs: 3 } : options;
  } catch {
    return options; // what cannot even be looked at is refused
  }
}

/** The options that a description of spoilt ones stands for. */
export function optionsFrom({ options, changes }) {
  return changes.reduce(changed, real(options));
}

function changed(options, change) {
  try {
    return oneChanged(options, change);
  } catch {
    return options; // what cannot be changed further is odd enough
  }
}

function oneChanged(options, { where, key, inner, odd, to }) {
  if (typeof options !== 'object' || options === null) return options;
  if (where === 'whole') return real(to);
  if (where === 'prototype') return Object.create(options);
  if (where === 'getter') {
    let reads = 0;
    const get = () => (reads++ === 0 ? options[key] : real(to));
    return Object.defineProperty({ ...options }, key, { get, enumerable: true, configurable: true });
  }
  if (where === 'unknown') return withOwn([...Object.entries(options), [odd, real(to)]]);
  if (where === 'element') return { ...options, [key]: [real(to), options[key]] };
  const held = options[key];
  if (where === 'inner' && typeof held === 'object' && held !== null)
    return { ...options, [key]: Array.isArray(held) ? [...held, real(to)] : { ...held, [inner]: real(to) } };
  return { ...options, [key]: real(to) };
}
