// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Trained models that the properties ask things of: small, of every kind, and the same every time.

import { Autoencoder, train } from 'anomalens';

const noise = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Rows in which every column is a multiple of one hidden number, and a little noise. */
export function numbers(rows, columns = 3, seed = 1) {
  const random = noise(seed);
  return Array.from({ length: rows }, () => {
    const hidden = random();
    return Array.from({ length: columns }, (_, column) => hidden * (column + 1) + 0.1 * random());
  });
}

export function records(rows, seed = 2) {
  const random = noise(seed);
  return Array.from({ length: rows }, () => {
    const hidden = random();
    const colour = ['red', 'green', 'blue'][Math.floor(hidden * 3)];
    return { price: hidden * 10 + random(), constructor: hidden + random(), colour, sold: hidden > 0.4 };
  });
}

const gappy = (rows) =>
  records(rows).map((record, row) => ({
    ...record,
    price: row % 5 ? record.price : null,
    sold: row % 7 ? record.sold : undefined,
  }));

const three = ['number', 'number', 'number'];
const mixed = ['finite', 'number', 'text', 'yesOrNo'];
const mixedNames = ['price', 'constructor', 'colour', 'sold'];
const gaps = ['gappy', 'finite', 'gappyText', 'yesOrNo'];

/** What each model is, what it learned from, and the columns of tables for it. */
const recipes = {
  net: { rows: numbers(40), options: { hidden: [3], latent: 2, epochs: 2 }, kinds: ['finite', ...three.slice(1)] },
  codes: {
    rows: numbers(40),
    options: { hidden: [4], latent: 3, latentActivation: 'sigmoid', sparsity: { kind: 'topK', k: 2 }, epochs: 1 },
    kinds: ['extreme', 'number', 'finite'],
  },
  mask: {
    rows: numbers(40).map((row, index) => (index % 4 ? row : [row[0], Number.NaN, row[2]])),
    options: { hidden: [3], latent: 1, missing: 'mask', scaler: 'robust', epochs: 1 },
    kinds: ['number', 'gappy', 'finite'],
  },
  categories: {
    rows: records(40),
    options: { hidden: [4], latent: 2, epochs: 2 },
    kinds: mixed,
    names: mixedNames,
  },
  bare: {
    rows: numbers(30, 2),
    options: { hidden: [], latent: 1, scaler: 'none', epochs: 1 },
    kinds: ['finite', 'finite'],
  },
  detector: { rows: numbers(60), options: { members: 2, epochs: 2 }, kinds: ['finite', 'number', 'extreme'] },
  unsure: {
    rows: gappy(60),
    options: { members: 3, epochs: 2, clean: false },
    kinds: gaps,
    names: mixedNames,
  },
  few: { rows: numbers(6), options: { members: 2, epochs: 1 }, kinds: three },
};

export const modelNames = Object.keys(recipes);
export const kindsOf = (name) => recipes[name];

let built;
/** All models by name, made once. `keeper` is one more, which nobody uses but to look at the memory. */
export function world() {
  built ??= build();
  return built;
}

async function build() {
  const models = {};
  for (const [name, { rows, options }] of Object.entries(recipes))
    models[name] = await train(rows, { seed: 1, ...options });
  for (const name of modelNames) warmUp(models[name], probeOf(name)[0]);
  const keeper = await Autoencoder.create({ hidden: [2], latent: 1 });
  return { models, keeper };
}

/** The module keeps its work space: it must have what it needs before anybody looks for bytes that are left behind. */
function warmUp(model, row) {
  model.explain(row);
  model.repair(row, { most: 4 });
  if (model.members > 1) model.anatomy(row);
}

/** Gives the models back, so that the next case finds fresh ones. */
export async function renewed() {
  const old = built;
  built = undefined;
  if (!old) return;
  const { models, keeper } = await old;
  for (const model of [...Object.values(models), keeper]) model.dispose();
}

/** A table that every state of this model takes. */
export const probeOf = (name) => recipes[name].rows.slice(0, 4);
export const trainingOf = (name) => recipes[name].rows;
