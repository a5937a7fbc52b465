// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Properties that our own modules use of each other and nobody else does: in the bundle they are a letter or two long.

/**
 * None of these may be a property that callers, saved models, C++ (Embind's functions, the fields in wire.ts) or the
 * platform's own objects know by its name. A test compares them with the declarations and with every prototype in Node.
 */
export const ownNames = `
  core glue holdings encoder training requireOpen requireTrained requireThreshold requireSingle releaseTrainer
  release inChunks readRows readDoubles requireRoom allocate borrow holding lent doubles floats integers
  byFeature columnNames groups featureOf problem single checkRow cell offset chosen optionBytes messageBytes begin
  imports address width number check list names table learn unpacked unpackedNow
`
  .trim()
  .split(/\s+/);
