// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AnomalensError, Autoencoder } from 'anomalens';

const corpus = new URL('corpus/', import.meta.url);
/** Those that nobody has altered. */
const whole = new Set(['net', 'mask', 'words', 'detector', 'unsure']);

for (const file of readdirSync(corpus)) {
  const name = file.replace('.json', '');
  test(`the file ${name} is ${whole.has(name) ? 'loaded and saved as it was' : 'refused, or a model that judges'}`, async () => {
    const text = readFileSync(new URL(file, corpus), 'utf8');
    let saved;
    try {
      saved = JSON.parse(text);
    } catch {
      saved = text; // a caller who forgets to parse it, too
    }
    const model = await Autoencoder.load(saved).catch((error) => error);
    if (whole.has(name)) {
      const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
      assert.equal(model.fingerprint(), saved.fingerprint);
      assert.deepEqual(again.toJSON(), model.toJSON());
      again.dispose();
    } else if (model instanceof Error) {
      assert.ok(model instanceof AnomalensError, model.stack);
      assert.equal(model.code, 'BAD_FILE', model.message);
      return;
    }
    const scores = model.score(rowsFor(model));
    assert.ok(scores.every(Number.isFinite), `scores are ${scores}`);
    model.dispose();
  });
}

/** Two records with a 0 or a text for every feature. */
function rowsFor(model) {
  const { features: saved } = JSON.parse(JSON.stringify(model));
  const record = Object.fromEntries(saved.map(({ name, categories }) => [name, categories ? categories[0] : 0]));
  return [record, record];
}
