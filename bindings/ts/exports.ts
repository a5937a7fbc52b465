// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

export { Autoencoder } from './autoencoder.ts';
export { type Detection, type DetectOptions, detect, score, train } from './detect.ts';
export { AnomalensError, type ErrorCode, type ErrorPlace } from './error.ts';
export { type InitOptions, init, type WasmSource } from './loading.ts';
export * as metrics from './metrics.ts';
export type { RowSource, RowStream } from './stream.ts';
export * as synthetic from './synthetic.ts';
export type { Trainer } from './trainer.ts';
export type * from './types.ts';
export { version } from './version.ts';
export { type Moment, type Series, type Windows, type WindowsOptions, windows } from './windows.ts';
