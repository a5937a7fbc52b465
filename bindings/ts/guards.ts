// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

// Which kind of value something is, whichever realm (a frame, a worker, Node's vm, Jest) it comes from.

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** An object of named things: no array, no null. */
export const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value);

export const isTyped = (value: unknown): value is Float32Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** An array, or a typed one. */
export const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || isTyped(value);
