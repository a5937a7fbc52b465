// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the page and its worker say to each other. Arrays are transferred, never shared.
import type { Settings } from '../page/properties';

export type Request =
  | { readonly id: number; readonly call: 'configure'; readonly settings: Settings; readonly steps: number }
  | { readonly id: number; readonly call: 'advance'; readonly steps: number; readonly ms: number };

export type Reply =
  | { readonly id: number; readonly data?: Data; readonly frame: Frame }
  | { readonly id: number; readonly failure: Failure };

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The rows of a run; test rows are the normal ones first, then the anomalies. */
export interface Data {
  readonly train: Float32Array;
  readonly test: Float32Array;
  readonly labels: Uint8Array;
  readonly columns: number;
  readonly features: readonly string[];
}

/** Everything the figures show, at one moment of training. */
export interface Frame {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly done: boolean;
  readonly trainErrors: Float32Array;
  readonly testErrors: Float32Array;
  readonly featureErrors: Float32Array;
  readonly copies: Float32Array;
  /** The 95 % quantile of the training errors of this moment. */
  readonly quantile: number;
  /** Mean error over each finished epoch, on the rows it learns from. */
  readonly losses: Float64Array;
  /** Mean error of new normal rows and of anomalies: before training, then after every epoch. */
  readonly normalMeans: Float64Array;
  readonly anomalyMeans: Float64Array;
  readonly parameters: number;
  readonly fingerprint: string;
  /** Time spent computing steps, without the pauses that let the eye follow. */
  readonly computeMs: number;
}
