// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The bits that are pinned for native builds and for Node, in real browsers.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../bindings/tools/shared/places.mjs';
import { serve } from '../../web/tools/serve.mjs';
import { inEveryBrowser } from './harness.mjs';

const pins = JSON.parse(readFileSync(join(root, 'tests/data/fingerprints.json'), 'utf8'));

/** Runs inside the browser. */
async function fingerprints({ smallOptions, shortTraining, activations, everyOption }) {
  const { train, synthetic } = await import('/index.js');
  const rows = async (count) => (await synthetic.article({ seed: 5, rows: count, normals: 0, anomalies: 0 })).train;
  const of = async (table, options) => (await train(table, options)).fingerprint();
  const each = {};
  for (const activation of Object.keys(activations))
    each[activation] = await of(await rows(61), { ...smallOptions, activation, ...shortTraining });
  const holes = await rows(90);
  for (let cell = 3; cell < holes.data.length; cell += 7) holes.data[cell] = Number.NaN;
  return {
    activations: each,
    committee: await of(await rows(200), {}),
    everyOption: await of(holes, everyOption),
    three: await of(holes, { ...everyOption, members: 3, scaler: 'standard' }),
  };
}

await inEveryBrowser((open, name) => {
  test(`${name} trains to the native bits, with each activation, the committee and every option switched on`, async () => {
    const server = await serve(join(root, 'dist'), 0);
    const reader = await open();
    try {
      await reader.page.goto(`${server.url}THIRD-PARTY-NOTICES.txt`);
      const found = await reader.page.evaluate(fingerprints, pins);
      assert.deepEqual(found, {
        activations: pins.activations,
        committee: pins.committee,
        everyOption: pins.everyOptionPin,
        three: pins.everyOptionThreePin,
      });
    } finally {
      await reader.close();
      server.close();
    }
  });
});
