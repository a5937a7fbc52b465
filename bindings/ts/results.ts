// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type { Activation, AppliedRule, Ending, ReasonKind } from './words.ts';

/** What a training came to. */
export interface TrainReport {
  /** Whole epochs done. */
  readonly epochs: number;
  /** Mean loss of every epoch. */
  readonly loss: Float64Array;
  /** Mean loss of the rows held out to watch, after every epoch; absent without them. */
  readonly validationLoss?: Float64Array;
  /** The model's threshold. */
  readonly threshold: number;
  /** The rule it was taken with: the one asked for, or the default that these rows allow. */
  readonly rule: AppliedRule;
  /**
   * Rows that the threshold was taken from: in a single net those held out for it, 0 where it was taken from the training
   * rows; in the default detector those that were judged by nets which had not seen them.
   */
  readonly calibrationRows: number;
  /**
   * Of the default detector: scores of training rows, each by nets that did not learn from it (below nine rows all did).
   * `detect` ranks by them. Absent otherwise.
   */
  readonly scores?: Float32Array;
  /** Numbers of the rows that `scores` belong to, ascending: all rows, or 20,000 evenly chosen ones. */
  readonly scoredRows?: Int32Array;
  /** Columns that were left out: identifiers, and those that hold nothing. `notes` say why. */
  readonly skipped: readonly string[];
  /** `'epochs'`: all were done; `'patience'`: the held-out loss fell no more; `'aborted'`: `finish()` was called before that. */
  readonly stopped: Ending;
  /** Training rows seen a second. */
  readonly rowsPerSecond: number;
  /** How the rows were read; of `partialFit`, how those of the first training were. Empty for numbers without names. */
  readonly notes: readonly Note[];
}

/** What a column is. Numbers with two values are a category. */
export type ColumnKind = 'number' | 'category' | 'date' | 'time' | 'id' | 'constant' | 'empty' | 'ignored';

/** One thing to know about how a table was read. */
export interface Note {
  /** `read` as what; `leftOut` and why; `converted` to numbers; `missing` texts; `skipped` rows; `names` in the first row. */
  readonly what: 'read' | 'leftOut' | 'converted' | 'missing' | 'skipped' | 'names';
  /** Name of the column; absent where it is about rows. */
  readonly column?: string;
  /** What that column is. */
  readonly kind?: ColumnKind;
  /** Cells that are meant, or rows. */
  readonly count: number;
  /** The same as a sentence. */
  readonly text: string;
}

/** What is known of the training of a model; saved with it. */
export interface ModelReport {
  /** When it ended, as ISO 8601 writes it, in UTC. */
  readonly when: string;
  /** Training rows. */
  readonly rows: number;
  /** The rule that the threshold was taken with, and the rows it was taken from. */
  readonly rule: AppliedRule;
  readonly calibrationRows: number;
  /** The options that were given, without functions and signals. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How the rows were read. */
  readonly notes: readonly Note[];
}

/** What one feature has to do with a row's score. */
export interface FeatureReason {
  /** Name of the column. */
  readonly feature: string;
  /** Of a column of dates: which part of the date is meant. */
  readonly part?: 'hour' | 'weekday' | 'day';
  /** What the row holds: a number, a category, `03:00`, `Sunday` or `March 5` of a date, or null where it holds nothing. */
  readonly value: number | string | boolean | null;
  /**
   * What the model would rather have there: the value with which the score is lowest, in the feature's own unit and written
   * with as many decimals as the training rows; a category; a constant feature's constant. null where no cell is expected;
   * undefined where it is some other value of a category than the frequent ones.
   */
  readonly expected: number | string | boolean | null | undefined;
  /** Why the value is strange, where it is. */
  readonly kind: ReasonKind;
  /**
   * How badly the value fits. A single net: value minus what the net makes of it in scaled units, where 1 is a column's own
   * spread; of a category the length of that difference over its columns. The default detector: in units of an ordinary
   * row's, negative where the value is below the expected one. Of a constant feature that departed 10 or -10; 0 where
   * nothing is there.
   */
  readonly residual: number;
  /**
   * The feature's part in the score, 0 to 1: how much the score falls when it is put right, compared with the others. The
   * parts of a row add up to 1, or are all 0 where no change lowers the score.
   */
  readonly share: number;
  /**
   * Where the value lies in its column, 0 to 100: the percentile of a number, of a category the percentage of training
   * rows that have the same. Absent in single nets and where nothing is there.
   */
  readonly percentile?: number;
  /** Present where the feature was the same in all training rows and is not in this one. */
  readonly constant?: true;
}

/** One row, judged. */
export interface Finding {
  /** Its number in the table, counted from 0. */
  readonly row: number;
  readonly score: number;
  /** How often a normal row would score so high: (1 + calibration scores >= score) / (1 + calibration scores). */
  readonly pValue: number;
  /** Whether the score is above the threshold; with `falseDiscoveryRate`, whether the row is a discovery at that rate. */
  readonly anomaly: boolean;
  /** Heaviest first. */
  readonly reasons: readonly FeatureReason[];
  /** With `group`: all rows of the finding, strangest first, `row` being the first of them. */
  readonly rows?: readonly number[];
}

/** What to look for among rows. */
export interface FindingsOptions {
  /** Most findings, 1 or more; `Infinity` for all rows. Default 10. */
  readonly top?: number | undefined;
  /** Most reasons a finding, 0 or more. Default 3. */
  readonly reasons?: number | undefined;
  /** Share of false discoveries that is put up with, above 0, at most 1 (Benjamini & Hochberg 1995). Default: the threshold decides. */
  readonly falseDiscoveryRate?: number | undefined;
  /**
   * Makes one finding of the rows that have the same first reason (the same feature, kind and category, or numbers that are
   * a tenth of the way to the expected one apart) and scores that follow one another at a tenth at most. `top` counts
   * findings. Takes the reasons of every row it looks at. Default false.
   */
  readonly group?: boolean | undefined;
}

/** How work that takes longer is cut into slices. */
export interface SliceOptions {
  /** Milliseconds of work between two turns of the event loop, 1 to 1000. Default 10. */
  readonly sliceMs?: number | undefined;
  /** Stops the work within a slice: the promise is rejected with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/** How a stream of rows is judged. */
export interface StreamOptions extends Pick<FindingsOptions, 'top' | 'reasons'> {
  /**
   * Rows that are gathered and judged together, 1 or more; with 1 every row is judged as soon as it is there. Batches that
   * the source yields are judged as they come. Default 256.
   */
  readonly batch?: number | undefined;
  /** Milliseconds of work between two turns of the event loop, 1 to 1000. Default 10. */
  readonly sliceMs?: number | undefined;
}

/** One row of a stream, judged. */
export interface Judged {
  /** Its number in the stream, counted from 0. */
  readonly row: number;
  readonly score: number;
  /** As in `Finding`. */
  readonly pValue: number;
  /** Whether the score is above the threshold. */
  readonly anomaly: boolean;
}

/** How two distributions differ, and whether by chance. */
export interface Difference {
  /** How far they lie apart, 0 to 1: the part of the rows that would have to lie elsewhere. Some 0.05 in small samples by chance. */
  readonly distance: number;
  /** How often rows like those of the training would differ as much (chi-squared test of homogeneity). */
  readonly pValue: number;
  /** The same after Holm's correction for all p-values of the comparison: one below 0.05 in 5 % of comparisons without a change. */
  readonly corrected: number;
}

/** Whether rows are still what a model has learned from. */
export interface Comparison {
  /** Rows that were compared. */
  readonly rows: number;
  /** Whether any corrected p-value is below 0.05. */
  readonly changed: boolean;
  /** The share of the rows above the threshold, and that of the calibration scores. */
  readonly flagged: Difference & { readonly share: number; readonly promised: number };
  /** Scores of the rows beside the calibration scores: the quantiles 0.05, 0.25, 0.5, 0.75, 0.95 of both. */
  readonly scores: Difference & { readonly quantiles: readonly number[]; readonly calibration: readonly number[] };
  /** Every column that is not left out, by rising p-value; after `partialFit` still beside the rows of the first training. */
  readonly columns: readonly (Difference & { readonly feature: string; readonly part?: 'hour' | 'weekday' | 'day' })[];
}

/** How to repair. */
export interface RepairOptions {
  /** Most features to change, 1 or more; `Infinity` for as many as it takes. Default 1. */
  readonly most?: number | undefined;
}

/** One change on the way to an ordinary row. */
export interface RepairStep {
  /** Name of the column. */
  readonly feature: string;
  /** Of a column of dates: which part of the date is meant. */
  readonly part?: 'hour' | 'weekday' | 'day';
  /** What the row holds there; null where it holds nothing. */
  readonly from: number | string | boolean | null;
  /** What it should hold; null and undefined as in `FeatureReason.expected`. */
  readonly to: number | string | boolean | null | undefined;
  /** Of the row after this and all earlier changes. */
  readonly score: number;
}

/** The changes that make a row most ordinary: the first one, and where they lead. */
export interface Repair extends RepairStep {
  /** Name of the feature to change first; where no change lowers the score, of the heaviest one. */
  readonly feature: string;
  /** What it should hold; the same as `from` where no change lowers the score. */
  readonly to: number | string | boolean | null | undefined;
  /** Of the row after all `steps`. */
  readonly score: number;
  /** Whether that score is no longer above the threshold. */
  readonly normal: boolean;
  /** All changes, the one that helps most first: the smallest set of cells to look at. Empty where none lowers the score. */
  readonly steps: readonly RepairStep[];
}

/** A term of a score: `points` come from (value - middle) / spread. */
export interface ScoreTerm {
  /** Of the row, a logarithm. */
  readonly value: number;
  /** Its median over the training rows. */
  readonly middle: number;
  /** The distance of its quartiles over the training rows, 0.05 at least. */
  readonly spread: number;
  /** What the term adds to the score; may be negative. */
  readonly points: number;
}

/** What one feature brings to the terms of a score. */
export interface FeaturePart {
  /** Name of the column. */
  readonly feature: string;
  /** Of a column of dates: which part of the date is meant. */
  readonly part?: 'hour' | 'weekday' | 'day';
  /** How badly the nets that learned from all rows rebuild it, 1 being ordinary. */
  readonly free: number;
  /** The same of the nets that left out the worst rows; equal to `free` where the rows were clean and there are none. */
  readonly trimmed: number;
  /** How rare the value is, in nats: 0 for the most common ones, 2.3 for a tenth of their frequency. */
  readonly rarity: number;
}

/** A score of the default detector, taken apart: all points and `departures` add up to it. */
export interface Anatomy {
  readonly score: number;
  readonly terms: {
    /** How badly the nets rebuild the row. */
    readonly residual: ScoreTerm;
    /** How rare its values are; counts half. */
    readonly rarity: ScoreTerm;
    /** How grossly its worst cells are off: no points for ordinary rows, many for absurd cells. */
    readonly excess: ScoreTerm;
    /** How far the nearest known row is. Absent where the training rows were not clean, and with `neighbours: 0`. */
    readonly distance?: ScoreTerm;
  };
  /** The price of cells that depart from what all training rows had in common: a constant, or that there is a cell. */
  readonly departures: number;
  /** In the order of the model; without features that are left out or were constant. */
  readonly features: readonly FeaturePart[];
}

/** One dense layer: `outputs` sums over `inputs`, then the activation. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** `outputs` rows of `inputs` weights, one row after another. A copy. */
  readonly weights: Float32Array;
  /** One a row of weights. A copy. */
  readonly bias: Float32Array;
}

/** Where the memory is. */
export interface MemoryUsage {
  /** Bytes in use in the WebAssembly heap by all models together, work space included. */
  readonly heapBytes: number;
  /** Bytes the WebAssembly memory has taken from the system; it never shrinks. */
  readonly reservedBytes: number;
  /** Position of the C++ stack between two calls; it never moves. */
  readonly stackAddress: number;
  /** Models that have not been disposed. */
  readonly models: number;
}
