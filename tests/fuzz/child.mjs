// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A process that runs the rounds it is given. Where it stands it writes into a file before every case: one that hangs
// can tell nobody, and one that dies leaves that behind.

import { openSync, writeSync } from 'node:fs';
import { Rounds } from './rounds.mjs';

const [, , place, share] = process.argv;
const file = openSync(place, 'w');
const where = new Float64Array(4);

const rounds = new Rounds((...numbers) => {
  where.set(numbers);
  writeSync(file, where, 0, where.byteLength, 0);
});

process.on('message', async ({ seed }) => {
  const before = rounds.cases;
  await rounds.round(seed, Number(share));
  process.send({ cases: rounds.cases - before, violations: [...rounds.violations] });
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
