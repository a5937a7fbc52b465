// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
/// <reference lib="esnext.disposable" preserve="true" />

import wasm from 'anomalens:wasm';
import { setOwnWasm } from './loading.ts';
import { unpacking } from './unpack.ts';

setOwnWasm(unpacking(wasm as string));

/**
 * Anomalens: small autoencoders that learn what normal rows look like, and tell for every new row how strange it is and
 * which column makes it so. The WebAssembly is inside this module; nothing else is loaded.
 *
 * @example
 * import { train, score } from 'anomalens';
 * const model = await train(normalRows);
 * const scores = score(model, newRows);       // higher is stranger
 * const verdicts = model.predict(newRows);    // 1 = anomaly
 *
 * @packageDocumentation
 */
export * from './exports.ts';
