// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
/// <reference lib="esnext.disposable" preserve="true" />

import wasm from 'anomalens:wasm';
import { setOwnWasm } from './loading.ts';

setOwnWasm(wasm as () => URL);

/**
 * Anomalens: small autoencoders that learn what normal rows look like, and tell for every new row how strange it is and
 * which column makes it so. This entry loads core.wasm, which lies beside it, when it is first needed: less JavaScript
 * than the main entry, and WebAssembly that is cached apart, for applications whose bundler or server delivers a .wasm file.
 *
 * @example
 * import { train, score } from 'anomalens/slim';
 * const model = await train(normalRows);
 * const scores = score(model, newRows);       // higher is stranger
 * const verdicts = model.predict(newRows);    // 1 = anomaly
 *
 * @packageDocumentation
 */
export * from './exports.ts';
