// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What must hold of results: finite, in range, of the right length, and in agreement with one another.

import { Autoencoder } from 'anomalens';
import { must, mustBeAsBefore, mustBeFinite, mustHaveLength, sameBits, stateOf } from './invariants.mjs';

/** What must hold of the results of each method. */
export const checks = {
  score: (found, _, rows) => {
    mustBeFinite(found, 'score');
    if (rows !== undefined) mustHaveLength(found, rows, 'score');
  },
  predict: (found) =>
    must(
      found.every((verdict) => verdict === 0 || verdict === 1),
      'a verdict that is none',
    ),
  pValues: (found) =>
    must(
      found.every((p) => p > 0 && p <= 1),
      () => `a p-value is ${found.find((p) => !(p > 0 && p <= 1))}`,
    ),
  findings: (found) => {
    for (const [index, finding] of found.entries()) checkFinding(finding, found[index - 1]);
  },
  featureErrors: (found, model, rows) => {
    mustBeFinite(found, 'featureErrors');
    if (rows !== undefined) mustHaveLength(found, rows * model.features.length, 'featureErrors');
  },
  reconstruct: (found, model, rows) => {
    const { columns } = model;
    // The default detector may expect that there is no cell.
    mustBeFinite(found, 'reconstruct', { but: (value) => model.members > 1 && Number.isNaN(value) });
    if (rows !== undefined) mustHaveLength(found, rows * columns.length, 'reconstruct');
  },
  encode: (found) => mustBeFinite(found, 'encode'),
  decode: (found) => mustBeFinite(found, 'decode'),
  explain: (found) => checkReasons(found),
  repair: (found, model) => {
    mustBeFinite([found.score, ...found.steps.map((step) => step.score)], 'repair.score');
    for (const { to } of found.steps) must(typeof to !== 'number' || Number.isFinite(to), `repair: to is ${to}`);
    must(found.normal === !(found.score > model.threshold), 'repair: normal disagrees with the threshold');
  },
  anatomy: ({ score: whole, terms, departures }) => {
    const sum = Object.values(terms).reduce((points, term) => points + term.points, departures);
    must(Math.abs(sum - whole) <= 1e-5 * Math.max(1, Math.abs(whole)), () => `anatomy adds up to ${sum}, not ${whole}`);
  },
  activations: (found) => {
    for (const layer of found) mustBeFinite(layer, 'activations');
  },
  scorer: (found) => mustBeFinite([found], 'scorer'),
};

function checkFinding({ score: strange, pValue, reasons }, before) {
  must(before === undefined || before.score >= strange, 'findings are not in order');
  must(pValue > 0 && pValue <= 1, () => `findings: the p-value is ${pValue}`);
  mustBeFinite([strange], 'findings.score');
  for (const reason of reasons) checkReason(reason);
}

function checkReason({ share, residual, expected, percentile }) {
  must(share >= 0 && share <= 1, () => `a share is ${share}`);
  must(Number.isFinite(residual), () => `a residual is ${residual}`);
  must(typeof expected !== 'number' || Number.isFinite(expected), () => `an expected value is ${expected}`);
  must(percentile === undefined || (percentile >= 0 && percentile <= 100), () => `a percentile is ${percentile}`);
}

function checkReasons(reasons) {
  for (const reason of reasons) checkReason(reason);
  const sum = reasons.reduce((shares, { share }) => shares + share, 0);
  must(sum === 0 || Math.abs(sum - 1) < 1e-6, () => `shares add up to ${sum}`);
}

const ofTables = ['score', 'predict', 'pValues', 'findings', 'featureErrors'];

/** What must hold of a model that has been trained on `rows`, or loaded: its file makes the same model, too. */
export async function mustBeWhole(model, rows) {
  const { threshold } = model;
  const promisesNothing = threshold === Infinity && model.members > 1;
  must(Number.isFinite(threshold) || promisesNothing, () => `the threshold is ${threshold}`);
  for (const { weights, bias } of model.layers()) {
    mustBeFinite(weights, 'weights');
    mustBeFinite(bias, 'bias');
  }
  for (const method of ofTables) checks[method](model[method](rows), model);
  const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
  try {
    mustBeAsBefore(stateOf(model, rows), stateOf(again, rows), 'saving and loading');
    must(sameBits(model.pValues(rows), again.pValues(rows)), 'p-values differ after saving and loading');
  } finally {
    again.dispose();
  }
  checks.reconstruct(model.reconstruct(rows), model);
}

/** The same of one row. */
export function mustJudge(model, row) {
  checks.explain(model.explain(row), model);
  checks.repair(model.repair(row, { most: 2 }), model);
  if (model.members > 1) checks.anatomy(model.anatomy(row), model);
  else checks.activations(model.activations(row), model);
  checks.scorer(model.scorer()(row), model);
}
