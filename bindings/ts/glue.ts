// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** The functions of bindings/embind.cpp. Numbers and addresses go in; a `Status` is 0 or the number of an error. */
export interface Glue {
  readonly HEAPF32: Float32Array<ArrayBuffer>;
  readonly HEAP32: Int32Array<ArrayBuffer>;
  _malloc(bytes: number): number;
  _free(address: number): void;

  contract(): number;
  failure(): number;
  heapBytes(): number;
  stackAddress(): number;

  modelCreate(options: number, out: number): Status;
  modelDestroy(model: number): void;
  modelStatus(model: number, out: number): Status;
  modelLayers(model: number, out: number): Status;
  modelParameters(model: number, out: number): Status;
  modelCenter(model: number, out: number): Status;
  modelScale(model: number, out: number): Status;
  modelFingerprint(model: number, out: number): Status;
  modelSetThreshold(model: number, threshold: number): Status;
  modelRestore(
    options: number,
    center: number,
    scale: number,
    columns: number,
    parameters: number,
    count: number,
    threshold: number,
    out: number,
  ): Status;
  modelScore: Read;
  modelFeatureErrors: Read;
  modelReconstruct: Read;
  modelEncode: Read;
  modelDecode: Read;
  modelActivations(model: number, data: number, doubles: boolean, columns: number, out: number, count: number): Status;
  thresholdTake(kind: number, value: number, scores: number, count: number, out: number): Status;

  trainCheck(options: number): Status;
  setCreate(scaler: number, rows: number, columns: number, out: number): Status;
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
  trainerFinish(trainer: number, out: number): Status;

  articleCheck(options: number): Status;
  article(options: number, train: number, test: number, labels: number): Status;
}

/** 0 = done, else the number of an error code. */
export type Status = number;

/** A chunk of rows in, `count` numbers out; `firstRow` is where the chunk begins in the caller's table. */
export type Read = (
  model: number,
  data: number,
  doubles: boolean,
  rows: number,
  columns: number,
  firstRow: number,
  out: number,
  count: number,
) => Status;
