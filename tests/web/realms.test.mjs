// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Tables of another frame, and half floats, which Node does not have.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../bindings/tools/shared/places.mjs';
import { serve } from '../../web/tools/serve.mjs';
import { inEveryBrowser } from './harness.mjs';

/** Runs inside the browser. */
async function scores() {
  const { train, synthetic } = await import('/index.js');
  const { data } = (await synthetic.article({ seed: 5, rows: 200, normals: 0, anomalies: 0 })).train;
  const columns = data.length / 200;
  const frame = document.body.appendChild(document.createElement('iframe'));
  const { Float64Array: Foreign, Date: ForeignDate, Array: ForeignArray } = frame.contentWindow;
  const rows = ForeignArray.from({ length: 200 }, (_, row) =>
    ForeignArray.from(data.subarray(row * columns, (row + 1) * columns)),
  );
  const model = await train({ data, columns }, { seed: 1 });
  const own = Array.from(model.score({ data: Float64Array.from(data), columns }));
  const { Float16Array: Half } = globalThis;
  const halves = Half?.from(data);
  const dated = (Kind) => rows.map(([x], row) => ({ x, when: new Kind(1.7e12 + row * 864e5) }));
  const days = await train(dated(Date), { seed: 1, epochs: 2 });
  return {
    own,
    flat: Array.from(model.score({ data: Foreign.from(data), columns })),
    rows: Array.from(model.score(rows)),
    ...(halves && {
      half: Array.from(model.score({ data: halves, columns })),
      rounded: Array.from(model.score({ data: Float64Array.from(halves), columns })),
    }),
    days: Array.from(days.score(dated(Date))),
    foreignDays: Array.from(days.score(dated(ForeignDate))),
  };
}

await inEveryBrowser((open, name) => {
  test(`${name} reads arrays and dates of another frame, and half floats, like its own`, async () => {
    const server = await serve(join(root, 'dist'), 0);
    const reader = await open();
    try {
      await reader.page.goto(`${server.url}THIRD-PARTY-NOTICES.txt`);
      const found = await reader.page.evaluate(scores);
      assert.deepEqual(found.flat, found.own);
      assert.deepEqual(found.rows, found.own);
      assert.deepEqual(found.half, found.rounded);
      assert.deepEqual(found.foreignDays, found.days);
      if (name === 'chromium') assert.equal(found.half?.length, 200);
    } finally {
      await reader.close();
      server.close();
    }
  });
});
