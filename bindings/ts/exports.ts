// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

export { Autoencoder, score, train } from './autoencoder.ts';
export { AnomalensError, type ErrorCode, type ErrorPlace } from './error.ts';
export { type InitOptions, init, type WasmSource } from './module.ts';
export * as synthetic from './synthetic.ts';
export type { Trainer } from './trainer.ts';
export type * from './types.ts';
export { version } from './version.ts';
