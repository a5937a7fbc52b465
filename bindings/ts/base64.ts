// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

interface Native {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

/** The bytes behind `text`. Throws a SyntaxError (or InvalidCharacterError) for anything that is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as Native).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The bytes as base64 text. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const step = 8192; // arguments of one call: engines allow at least 65,535
  for (let at = 0; at < bytes.length; at += step) pieces.push(String.fromCharCode(...bytes.subarray(at, at + step)));
  return btoa(pieces.join(''));
}
