// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/**
 * The memory and the functions of core.wasm, those of bindings/embind.cpp among them. Numbers and addresses go in; a
 * `Status` is 0 or the number of an error.
 */
export interface Glue {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(address: number): void;

  contract(): number;
  failure(): number;
  heapBytes(): number;
  stackAddress(): number;

  modelCreate(options: number, out: number): Status;
  modelDestroy(model: number): void;
  modelStatus(model: number, out: number): Status;
  modelLayers(model: number, member: number, out: number): Status;
  modelParameters(model: number, member: number, out: number): Status;
  modelConstant(model: number, out: number): Status;
  modelScaled(model: number, column: number, value: number, out: number): Status;
  modelFingerprint(model: number, out: number): Status;
  modelSetThreshold(model: number, threshold: number): Status;
  modelCalibrate(model: number, scores: number, count: number, rule: number, out: number): Status;
  /** A chunk of rows in, `count` numbers out; `firstRow` is where the chunk begins in the caller's table. */
  modelRead(
    which: Read,
    model: number,
    data: number,
    doubles: boolean,
    rows: number,
    columns: number,
    firstRow: number,
    out: number,
    count: number,
  ): Status;
  modelActivations(model: number, data: number, doubles: boolean, columns: number, out: number, count: number): Status;
  modelRepair(model: number, data: number, doubles: boolean, columns: number, groups: number, out: number): Status;
  modelPValues(model: number, scores: number, count: number, out: number): Status;

  ruleCheck(rule: number, rows: number): Status;
  discover(pValues: number, count: number, rate: number, out: number): Status;

  savedOf(model: number, out: number): Status;
  savedCreate(options: number, out: number): Status;
  savedDestroy(saved: number): void;
  savedList(saved: number, which: number, out: number): Status;
  savedRoom(saved: number, which: number, count: number, out: number): Status;
  savedNumbers(saved: number, out: number): Status;
  savedSetNumbers(saved: number, numbers: number): Status;
  savedRestore(saved: number, out: number): Status;

  trainCheck(model: number, options: number, rows: number, columns: number): Status;
  setCreate(model: number, resume: boolean, rows: number, columns: number, out: number): Status;
  setDestroy(set: number): void;
  setObserve(set: number, data: number, doubles: boolean, rows: number, columns: number): Status;
  setAppend(set: number, data: number, doubles: boolean, rows: number, columns: number): Status;
  trainerCreate(model: number, set: number, options: number, out: number): Status;
  trainerDestroy(trainer: number): void;
  trainerProgress(trainer: number, out: number): Status;
  trainerRun(trainer: number, kind: number, amount: number): Status;
  trainerLosses(trainer: number, out: number): Status;
  trainerSetLearningRate(trainer: number, value: number): Status;
  trainerSetWeightDecay(trainer: number, value: number): Status;
  trainerSetL1(trainer: number, value: number): Status;
  trainerTrainMember(trainer: number, member: number): Status;
  trainerAdoptMember(trainer: number, member: number, parameters: number, count: number): Status;
  trainerSettle(trainer: number, ms: number, out: number): Status;
  trainerFinish(trainer: number, out: number): Status;
  reportRead(report: number, out: number): Status;
  reportLosses(report: number, validation: boolean, out: number): Status;
  reportDestroy(report: number): void;

  auroc: Metric;
  averagePrecision: Metric;
  precisionAt(scores: number, labels: number, count: number, k: number, out: number): Status;
  confusion(scores: number, labels: number, count: number, threshold: number, out: number): Status;
  curveCreate: Metric;
  curveList(curve: number, which: number, out: number): Status;
  curveDestroy(curve: number): void;

  dataCreate(which: number, options: number, out: number): Status;
  dataList(data: number, which: number, out: number): Status;
  dataLabels(data: number, out: number): Status;
  dataDestroy(data: number): void;
}

/** 0 = done, else the number of an error code. */
export type Status = number;

/** What a model can be asked about rows, numbered as bindings/embind.cpp counts its methods. */
export type Read = (typeof reads)[keyof typeof reads];
export const reads = {
  score: 0,
  featureErrors: 1,
  shares: 2,
  reconstruct: 3,
  encode: 4,
  decode: 5,
  /** Gives doubles. */
  expected: 6,
} as const;

/** `count` scores and labels in, one number or a handle out. */
export type Metric = (scores: number, labels: number, count: number, out: number) => Status;
