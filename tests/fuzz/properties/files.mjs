// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Files of saved models, altered in many ways: refused with BAD_FILE, or a model that works.

import { Autoencoder } from 'anomalens';
import fc from 'fast-check';
import { anything, real } from '../inputs/cells.mjs';
import { alteration, altered, checksumOf, fingerprintOf } from '../inputs/files.mjs';
import { attempt, keepingMemory, must, settled } from '../invariants.mjs';
import { mustBeWhole, mustJudge } from '../results.mjs';
import { modelNames, probeOf, world } from '../world.mjs';

const known = new Map();
/** The text of a saved model, and its layers. */
async function savedOf(name) {
  if (known.has(name)) return known.get(name);
  const { models } = await world();
  const layers = models[name].layers();
  // The nets of the detectors have one hidden layer on each side.
  const saved = {
    text: JSON.stringify(models[name]),
    shape: { layers, perNet: models[name].members > 1 ? 4 : layers.length },
  };
  const file = JSON.parse(saved.text);
  // Where files are written in another way than here, nothing altered would ever be let through.
  must(file.checksum === checksumOf(file), 'tests/fuzz/inputs/files.mjs does not know how a checksum is made');
  must(
    file.fingerprint === fingerprintOf(saved.shape, file.parameters),
    'tests/fuzz/inputs/files.mjs does not know how a fingerprint is made',
  );
  known.set(name, saved);
  return saved;
}

/** A model of an altered file may judge in any way, but as any model does. */
async function mustWork(model, name) {
  const { error } = attempt(() => model.score(probeOf(name)));
  if (error) {
    // Its columns may have become others.
    must(error.code === 'SHAPE' || error.code === 'NON_FINITE', () => `score: ${error.code} ${error.message}`);
    return;
  }
  if (attempt(() => model.pValues(probeOf(name))).error) return; // a file without calibration rows
  mustJudge(model, probeOf(name)[0]);
  await mustBeWhole(model, probeOf(name));
}

async function loaded(file, name) {
  const { keeper } = await world();
  await keepingMemory(keeper, async () => {
    const { value: model, error } = await settled(() => Autoencoder.load(file));
    if (error) {
      must(error.code === 'BAD_FILE', () => `load: ${error.code} ${error.message}`);
      return;
    }
    try {
      await mustWork(model, name);
    } finally {
      model.dispose();
    }
  });
}

const alterations = fc.record({
  name: fc.constantFrom(...modelNames),
  alterations: fc.array(alteration, { minLength: 1, maxLength: 3 }),
});

export const files = [
  {
    name: 'an altered file with a fitting checksum',
    weight: 20,
    input: alterations,
    async run({ name, alterations: all }) {
      const { text, shape } = await savedOf(name);
      await loaded(altered(text, all, { fitting: true, shape }), name);
    },
  },
  {
    name: 'an altered file',
    weight: 6,
    input: alterations,
    async run({ name, alterations: all }) {
      const { text } = await savedOf(name);
      await loaded(altered(text, all, { fitting: false }), name);
    },
  },
  {
    name: 'no file at all',
    weight: 3,
    input: anything,
    run: (file) => loaded(real(file), 'net'),
  },
];
