// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A short run of all properties, the same cases every time. `npm run fuzz` takes others, and many more.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { properties } from './properties/index.mjs';
import { Rounds, told } from './rounds.mjs';
import { renewed } from './world.mjs';

const seed = 1;
/** Cases for every unit of weight: some seconds in all. */
const share = 20;
const rounds = new Rounds();

for (const property of properties) {
  test(`whatever comes in: ${property.name}`, async () => {
    rounds.violations.clear();
    await rounds.run(property, { seed, numRuns: Math.ceil(property.weight * share) });
    assert.equal(rounds.violations.size, 0, [...rounds.violations.values()].map(told).join('\n\n'));
  });
}

after(renewed);
