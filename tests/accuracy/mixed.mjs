// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The suite `mixed`: real tables of numbers, texts and gaps with faults put in. Are the faults found, is the spoilt column
// named, and how many untouched rows are flagged?

import { step } from '../../bindings/tools/shared/terminal.mjs';
import { casesOf, makeCases } from './mixed_tables.mjs';
import { asDetect, asTrain } from './ours.mjs';

export const mostTables = 40;
const peers = { forest: 'isolation forest', knn: '5th neighbour' };

/** Percent, means over the tables; `untouched` at most, everything else at least. */
const required = {
  'clean x10': { auroc: 90, averagePrecision: 64, named: 83, flagged: 68, untouched: 6 },
  'clean far': { auroc: 99, averagePrecision: 88, named: 96, flagged: 94, untouched: 6 },
  'clean unseen': { auroc: 94, averagePrecision: 52, named: 97, flagged: 72, untouched: 6 },
  'dirty x10': { auroc: 93, averagePrecision: 67, named: 88, flagged: 76, untouched: 5 },
  'dirty far': { auroc: 98, averagePrecision: 76, named: 98, flagged: 91, untouched: 5 },
};
const words = {
  auroc: 'AUROC',
  averagePrecision: 'AP',
  named: 'first reason',
  flagged: 'spoilt rows flagged',
  untouched: 'untouched rows flagged',
};

/** The suite: a report in Markdown, every result, and a sentence for every required mean that is missed. */
export async function mixed(library, { tables, draws, nets }) {
  await makeCases(draws);
  const results = [];
  let table;
  for await (const item of casesOf(draws, tables)) {
    if (item.table !== table) step(`Our detector: ${item.table}, ${item.columns} columns`);
    table = item.table;
    results.push(await judged(library, item, nets));
  }
  return { report: `${means(results)}\n${worst(results)}\n${each(results)}`, results, misses: missed(results) };
}

/** Means over the seeds of our nets. */
async function judged(library, item, seeds) {
  const { table, mode, fault, seed: draw, columns, test, bad } = item;
  const labels = new Uint8Array(test.length);
  for (const row of bad) labels[row] = 1;
  const others = Object.fromEntries(
    Object.keys(peers).map((peer) => [peer, ranking(library, Float64Array.from(item[peer]), labels)]),
  );
  const place = { table, mode, fault, draw, rows: test.length, columns, others };
  try {
    const found = [];
    for (const seed of seeds) found.push(await judge(library, item, labels, seed));
    const means = Object.keys(found[0]).map((measure) => [measure, mean(found.map((one) => one[measure]))]);
    return { ...place, ...Object.fromEntries(means) };
  } catch (error) {
    if (error.name !== 'AnomalensError') throw error;
    // A table that is refused has found nothing: rows in no order, nothing flagged.
    const nothing = { auroc: 0.5, averagePrecision: bad.length / test.length, named: 0, flagged: 0, untouched: 0 };
    return { ...place, ...nothing, refused: error.message };
  }
}

async function judge(library, { mode, train, test, bad, spoilt }, labels, seed) {
  const started = performance.now();
  const dirty = mode === 'dirty';
  const { model, scores } = await (dirty ? asDetect : asTrain)(library, dirty ? test : train, test, seed);
  const seconds = (performance.now() - started) / 1000;
  const { threshold } = model;
  const reasons = firstReasons(
    model,
    bad.map((row) => test[row]),
  );
  model.dispose();
  const flagged = (wanted) =>
    share(
      [...scores.keys()].filter((row) => labels[row] === wanted),
      (row) => scores[row] > threshold,
    );
  return {
    ...ranking(library, scores, labels),
    named: share(spoilt, (column, index) => reasons[index] === column),
    flagged: flagged(1),
    untouched: flagged(0),
    seconds,
  };
}

const ranking = ({ metrics }, scores, labels) => ({
  auroc: metrics.auroc(scores, labels),
  averagePrecision: metrics.averagePrecision(scores, labels),
});

/** The feature of the first reason of each row. */
function firstReasons(model, rows) {
  const found = [];
  for (const { row, reasons } of model.findings(rows, { top: Infinity, reasons: 1 })) found[row] = reasons[0]?.feature;
  return found;
}

// ------------------------------------------------------------------------------------------------ the report
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (list, holds) => mean(list.map((item, index) => Number(holds(item, index))));
const percent = (results, measure) => 100 * mean(results.map((result) => result[measure]));
const both = (results) => `${percent(results, 'auroc').toFixed(1)}/${percent(results, 'averagePrecision').toFixed(1)}`;
const peersOf = (results) => Object.keys(peers).map((peer) => both(results.map(({ others }) => others[peer])));
const shares = (results) => ['named', 'flagged', 'untouched'].map((measure) => percent(results, measure).toFixed(1));
const markdown = (lines) => lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
const combinations = (results) =>
  Object.keys(required).map((name) => ({
    name,
    own: results.filter(({ mode, fault }) => `${mode} ${fault}` === name),
  }));

function means(results) {
  const tables = new Set(results.map(({ table }) => table)).size;
  const lines = [
    [
      '',
      'AUROC/AP',
      'first reason, %',
      'spoilt rows flagged, %',
      'untouched rows flagged, %',
      ...Object.values(peers),
      'required',
    ],
    ['---', ...Array(5 + Object.keys(peers).length).fill('---:')],
  ];
  for (const { name, own } of combinations(results)) {
    const { auroc, averagePrecision, named, flagged, untouched } = required[name];
    const wanted = `${auroc}/${averagePrecision}, ${named}, ${flagged}, at most ${untouched}`;
    lines.push([name, both(own), ...shares(own), ...peersOf(own), wanted]);
  }
  const seconds = mean(results.filter(({ refused }) => !refused).map(({ seconds }) => seconds));
  const after = `Training and scoring took ${(1000 * seconds).toFixed(0)} ms a case.`;
  return `MIXED: faults in ${tables} real tables (AUROC/AP x 100, means over tables and seeds)\n\n${markdown(lines)}\n\n${after}\n`;
}

/** Where the spoilt rows are found worst: three tables for each combination. */
function worst(results) {
  const lines = [
    [
      'worst tables by AP',
      'table',
      'rows x columns',
      'AUROC/AP',
      'first reason, %',
      'flagged, %',
      'untouched, %',
      ...Object.values(peers),
    ],
    ['---', '---', '---', ...Array(4 + Object.keys(peers).length).fill('---:')],
  ];
  for (const { name, own } of combinations(results)) {
    const order = [...own].sort((a, b) => a.averagePrecision - b.averagePrecision);
    for (const result of order.slice(0, 3)) lines.push([name, ...described(result), ...peersOf([result])]);
  }
  const refused = results.filter((result) => result.refused);
  const said = refused.map(({ table, mode, fault, refused: why }) => `\nRefused: ${table}, ${mode} ${fault}: ${why}`);
  return `${markdown(lines)}\n${said.join('')}`;
}

const described = (result) => [result.table, `${result.rows} x ${result.columns}`, both([result]), ...shares([result])];

/** All tables: what is found in each combination. */
function each(results) {
  const names = Object.keys(required);
  const lines = [
    ['AUROC/AP, first reason %', ...names],
    ['---', ...names.map(() => '---:')],
  ];
  for (const table of new Set(results.map((result) => result.table))) {
    const own = results.filter((result) => result.table === table);
    const cell = ({ own: some }) => (some.length ? `${both(some)}, ${percent(some, 'named').toFixed(0)}` : '-');
    lines.push([table, ...combinations(own).map(cell)]);
  }
  return `${markdown(lines)}\n`;
}

/** A sentence for every required mean that is not reached. */
function missed(results) {
  return combinations(results).flatMap(({ name, own }) =>
    Object.entries(required[name]).flatMap(([measure, wanted]) => {
      const found = Number(percent(own, measure).toFixed(1)); // as printed
      const kept = measure === 'untouched' ? found <= wanted : found >= wanted;
      const limit = measure === 'untouched' ? 'at most' : 'at least';
      return kept ? [] : [`${name}, ${words[measure]}: ${found} instead of ${limit} ${wanted}`];
    }),
  );
}
