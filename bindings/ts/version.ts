// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

/** Version of this package; the WebAssembly must be of the same one. */
export const version = '0.1.0';
