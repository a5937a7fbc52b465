// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Engine } from './engine.ts';
import { show } from './error.ts';

/** What the engine says went wrong, and why exactly. core/include/anomalens/error.hpp tells what goes with each reason. */
export type CodeWord = keyof Engine['ErrorCode'];
export type ReasonWord = keyof typeof sentences;

/** A failure of the engine in the caller's words. */
export interface Told {
  readonly row?: number | undefined;
  readonly column?: number | undefined;
  /** Name of that column. */
  readonly name?: string | undefined;
  readonly option?: string | undefined;
  readonly numbers: readonly [number, number, number];
}

type Sentence = (told: Told) => string;

const ranges =
  (range: (low: number, high: number) => string): Sentence =>
  ({ option, numbers: [low, high, value] }) =>
    `${option} must be ${range(low, high)}, but it is ${value}.`;

/** Tables with so many times more columns than rows are rare. */
const manyTimes = 10;

const plural = (count: number, noun: string) => `${count} ${count === 1 ? noun : `${noun}s`}`;

const column = ({ column: at, name }: Told) =>
  name === undefined ? `Column ${at} (counted from 0)` : `Column ${at} (${show(name)}; counted from 0)`;

/** Name of a list or a number in the file of a saved model. */
const saved = ({ option = '' }: Told) => option.replace(/^scaler\./, '');

/**
 * The sentence for every reason, in the order of the engine's: what was expected, what came and what to do about it. That
 * each has one is proven by tests/package/boundary.test.mjs.
 */
export const sentences = {
  notFromTo: ranges((low, high) => `from ${low} to ${high}`),
  notAboveTo: ranges((low, high) => `above ${low} and at most ${high}`),
  notFromBelow: ranges((low, high) => `at least ${low} and below ${high}`),
  notAboveBelow: ranges((low, high) => `above ${low} and below ${high}`),
  notAbove: ({ option, numbers: [low, value] }) => `${option} must be above ${low}, but it is ${value}.`,
  notFinite: ({ option, numbers: [value] }) => `${option} must be a finite number, but it is ${value}.`,
  notWhole: ({ option, numbers: [value] }) => `${option} must be a whole number, but it is ${value}.`,
  tooManyLayers: ({ option, numbers: [most, count] }) =>
    `${option} must name at most ${most} layers, but it names ${count}.`,
  tooManyCorruptions: ({ option, numbers: [most, count] }) =>
    `${option} must name at most ${most} kinds, but it names ${count}.`,
  committeeOfPytorch: ({ numbers: [members] }) =>
    `members must be 1 with compatibility to PyTorch, but it is ${members}.`,
  needsSingleNet: ({ numbers: [members] }) =>
    `This needs a single net, but members is ${members}. Name an architecture (hidden, latent) or members: 1.`,
  needsDetector: ({ option }) =>
    option === 'missing'
      ? "missing: 'learn' goes with the default detector; a single net knows 'mask' and 'error'."
      : 'Only the default detector can tell this: name no architecture (hidden, latent) and no members: 1.',
  momentumOfAdam: () => 'momentum goes with the optimizers sgd and rmsprop; adam has its own.',
  topKAboveLatent: ({ numbers: [latent, k] }) =>
    `sparsity must keep from 1 to ${latent} codes, the width of the bottleneck, but its k is ${k}.`,
  klNeedsSigmoid: () => 'sparsity of kind kl needs codes between 0 and 1: set latentActivation to sigmoid.',
  warmupAboveEpochs: ({ numbers: [epochs, warmup] }) =>
    `schedule must have a warmup below the number of epochs, ${epochs}, but it is ${warmup}.`,
  tooFewRowsToHoldOut: ({ numbers: [heldOut, rows] }) =>
    `threshold of this kind needs ${heldOut} rows held out and as many to train on, but there are ${rows}.`,
  tooFewRowsToLearn: ({ numbers: [rows] }) => `validationSplit leaves fewer than two of ${rows} rows to train on.`,
  labelsPerRow: ({ numbers: [rows, labels] }) =>
    `threshold must have one label a row, ${rows} in all, but it has ${labels}.`,
  labelNotZeroOrOne: ({ numbers: [label] }) => `Labels must be 0 or 1, but label ${label} is neither.`,
  labelsOfOneKind: ({ numbers: [kind] }) =>
    `There must be labels of both kinds, but all rows are labelled ${kind}: 1 is an anomaly, 0 a normal row.`,
  tooFewScores: ({ numbers: [fewest, scores] }) =>
    `threshold needs at least ${fewest} rows to be taken from for this rule, but there are ${scores}.`,
  ruleOfItsOwn: () =>
    'threshold must be a rule that can be asked for: outOfBag, exponential and none are what the default detector does by itself.',
  membersWatched: ({ numbers: [member] }) =>
    `member ${member} cannot be trained apart: a plateau schedule, patience and validationSplit watch all members together.`,
  membersRunning: ({ numbers: [member] }) =>
    `member ${member} cannot be trained apart: run() has begun to train the members together.`,
  needsScaler: () =>
    "scaler must be 'standard', 'robust' or 'minmax': as they are, float32 tells the cells of no column apart.",
  columns: ({ numbers: [expected, columns] }) => `The rows must have ${expected} columns, but they have ${columns}.`,
  noColumns: () => 'Training needs at least one column, but the rows have none.',
  noFeatures: ({ numbers: [columns] }) =>
    `There is nothing to learn from: ${columns === 1 ? 'the only column is' : `all ${columns} columns are`} empty, or hold${columns === 1 ? 's' : ''} texts that hardly ever repeat, as identifiers do.`,
  tooFewRows: ({ numbers: [fewest, rows] }) =>
    `There must be at least ${plural(fewest, 'row')}, but there are ${rows}.`,
  cellNotANumber: ({ row, column: at }) => `The cell in row ${row}, column ${at} is not a number.`,
  cellInfinite: ({ row, column: at }) => `The cell in row ${row}, column ${at} is infinite.`,
  rowMissing: ({ row }) => `Row ${row} (counted from 0) holds nothing at all: every one of its cells is missing.`,
  columnMissing: (told) =>
    `${column(told)} holds nothing at all: every one of its cells is missing. Leave it out with the option features.`,
  spreadNotFinite: (told) => `${column(told)} holds cells too large to be scaled: their spread is not finite.`,
  codeNotFinite: ({ row, column: at }) => `The code in row ${row}, column ${at} is not a finite number.`,
  rowsNotObserved: ({ numbers: [rows] }) =>
    `The rows appended must be the ${rows} rows observed, after all were observed.`,
  rowsIncomplete: () => 'The training set is not complete: rows are missing.',
  otherScaler: () => 'To train on, the rows must be scaled with the model’s own scaler.',
  notOneRow: ({ numbers: [rows] }) => `Expected one row, but there are ${rows}.`,
  featureNumbers: () => 'The columns must be given the numbers of their features, 0, 1, ... in order.',
  room: ({ numbers: [needed, room] }) => `The results need room for ${needed} numbers, but there is room for ${room}.`,
  parameters: ({ numbers: [member, expected, parameters] }) =>
    `Member ${member} has ${expected} parameters, but ${parameters} came.`,
  scoresAndLabels: ({ numbers: [scores, labels] }) =>
    `There must be one label a score, but there are ${scores} scores and ${labels} labels.`,
  scoreNotANumber: ({ row }) => `Score ${row} is not a number.`,
  notTrained: () => 'The model has not been trained yet: call fit() first.',
  noCalibration: () => 'The model has no calibration rows to take p-values from: call calibrate() first.',
  replaced: () => 'Another training of the same model has begun since; this trainer is void.',
  finished: () => 'The training has been finished; start another one to go on.',
  diverged: ({ numbers: [epoch] }) =>
    `Training diverged in epoch ${epoch}: the loss is no longer finite. Try a smaller learningRate; the last good weights were kept.`,
  memberDiverged: ({ numbers: [member] }) =>
    `Training of member ${member} diverged: the loss is no longer finite. Try a smaller learningRate.`,
  scoresDiverged: () =>
    'Training diverged: the last weights give infinite scores. Try a smaller learningRate; the last good weights were kept.',
  savedCount: (told) =>
    `${saved(told)} must hold ${plural(told.numbers[0], 'number')}, but it holds ${told.numbers[1]}.`,
  savedNotFinite: (told) => `number ${told.numbers[0]} of ${saved(told)} is not finite.`,
  savedNotPositive: (told) => `number ${told.numbers[0]} of ${saved(told)} must be above 0.`,
  savedNotAbove: (told) => `number ${told.numbers[0]} of ${saved(told)} must be above its counterpart.`,
  savedNotAscending: (told) => `${saved(told)} must ascend.`,
  savedOutOfRange: (told) =>
    `${saved(told)} must be from ${told.numbers[0]} to ${told.numbers[1]}, but it is ${told.numbers[2]}.`,
  savedOverflow: () => 'its weights give infinite scores.',
  noMemory: () =>
    'There is not enough memory for so many rows, columns or weights (WebAssembly memory ends at 2 GB). Nothing was changed.',
  tooLarge: ({ numbers: [rows, columns, gigabytes] }) =>
    `There is not enough memory for ${plural(rows, 'row')} of ${plural(columns, 'column')}: training needs ${gigabytes} GB, but WebAssembly memory ends at 2 GB. ${columns > manyTimes * rows ? 'Were rows and columns swapped?' : 'Take fewer rows, fewer columns or a smaller net.'}`,
  defect: () => 'Anomalens has a defect: the engine failed for a reason that it does not know. Please report it.',
} satisfies Readonly<Record<string, Sentence>>;

/** The word for a number of the engine. */
export const reasonOf = (number: number): ReasonWord => Object.keys(sentences)[number] as ReasonWord;
