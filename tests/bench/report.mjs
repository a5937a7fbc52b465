// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The results as tables.

import { ours } from './competitors.mjs';
import { sizes } from './default.mjs';
import { isMet, shareOf } from './goals.mjs';
import { curves } from './scaling.mjs';
import { scoringFlop, shapes, trainingFlop, widths } from './shapes.mjs';

const titles = {
  train: 'Training, warm: median of the rounds (quartiles); times ours in the same round',
  score: 'Scoring all rows',
  row: 'Scoring one row, a call',
};

export function tables(results, goals) {
  return [
    `${results.machine.cpu}, Node ${results.machine.node}, ${results.rounds} rounds; one thread each.`,
    shapes.map(shapeLine).join('\n'),
    ...Object.keys(titles)
      .filter((kind) => results.jobs[`${kind} S`])
      .map((kind) => jobTable(results, kind, titles[kind], shapes)),
    results.jobs['train S'] && learning(results),
    roofLines(results),
    notes(results),
    results.scaling && scalingTables(results.scaling),
    results.default && defaultTables(results.default),
    results.package && packageTables(results.package),
    goals.length > 0 && goalTable(goals),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const shapeLine = (shape) =>
  `${shape.name}: ${shape.rows} x ${shape.columns}, ${widths(shape).join('-')}, batch ${shape.batch}, ${shape.epochs} epoch(s)`;

/** Three significant digits, without an exponent. */
export function digits(value) {
  if (!Number.isFinite(value)) return '-';
  return value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

const time = (ms) => (ms < 0.1 ? `${digits(1000 * ms)} µs` : `${digits(ms)} ms`);
const between = ({ low, high }, show) => `(${show(low)} - ${show(high)})`;

const rows = (lines) => lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
export const withHead = (head, lines) => rows([head, head.map(() => '---'), ...lines]);

function jobTable({ jobs, labels, versions, missing }, kind, title, sizes) {
  const keys = sizes.map(({ name }) => `${kind} ${name}`);
  const names = Object.keys(labels).filter((name) => name !== 'roof' && keys.some((key) => jobs[key][name]));
  const lines = names.map((name) => [
    `${labels[name]} ${versions[name] ?? ''}`.trim(),
    ...keys.map((key) => cell(jobs[key][name], name === ours)),
  ]);
  const gone = Object.entries(missing).map(([name, reason]) => `${labels[name]} is missing: ${reason}`);
  return [`${title}\n`, withHead(['', ...sizes.map(({ name }) => name)], lines), ...gone].join('\n');
}

function cell(result, isOurs) {
  if (!result) return '-';
  if (result.error) return result.error;
  const taken = `${time(result.time.median)} ${between(result.time, time)}`;
  return isOurs ? taken : `${taken}; x${digits(result.ratio.median)} ${between(result.ratio, digits)}`;
}

function roofLines(results) {
  const roof = (kind) => results.jobs[`${kind} L`]?.roof?.time;
  const line = (kind, verb, flop) => {
    const share = shareOf(results, kind, flop);
    if (!share) return undefined;
    const percent = (value) => `${(100 * value).toFixed(0)} %`;
    const rounds = `in the rounds ${percent(share.median)} ${between(share, percent)}`;
    return `${verb} L reaches ${percent(share.best)} of the roof at best, ${rounds}; the roof is ${digits(roof(kind).median)} GFLOP/s.`;
  };
  const lines = [line('train', 'Training', trainingFlop), line('score', 'Scoring', scoringFlop)].filter(Boolean);
  return lines.join('\n');
}

function notes(results) {
  const { notes: given, labels, doubts, agreement } = results;
  const lines = Object.entries(given).map(([name, note]) => `${labels[name]} ${note}.`);
  if (agreement !== undefined) lines.push(`With equal weights all scores agree to ${agreement.toExponential(1)}.`);
  return [...lines, ...doubts.map((doubt) => `DOUBT: ${doubt}`)].join('\n');
}

/** That everybody learns, and what the first job took: opening and compiling included. */
function learning({ jobs, labels }) {
  const results = shapes.map(({ name }) => jobs[`train ${name}`]);
  const names = Object.keys(labels).filter((name) => results.some((job) => job[name]?.loss));
  const lines = names.map((name) => [
    labels[name],
    ...results.map((job) => {
      const { first, loss } = job[name] ?? {};
      return loss ? `${time(first)}; ${digits(loss[0])} -> ${digits(loss[1])}` : '-';
    }),
  ]);
  const title = 'First job of its size in the process, opening included; loss after it and after the last job';
  return `${title}\n\n${withHead(['', ...shapes.map(({ name }) => name)], lines)}`;
}

function scalingTables(scaling) {
  return curves
    .map(({ name, unit }) => {
      const { points, overhead, worst } = scaling[name];
      const lines = points.map((point) => [
        `${point.rows} x ${point.columns}`,
        point.hidden,
        time(point.ms),
        `${digits(point.plain)} ns`,
        `${digits(point.unit)} ns`,
      ]);
      const head = ['rows x columns', 'hidden', 'an epoch', `a ${unit}`, 'beyond the fixed part'];
      return `Scaling with ${name}: fixed part ${time(overhead)}, farthest from the median x${digits(worst)}\n\n${withHead(head, lines)}`;
    })
    .join('\n\n');
}

function defaultTables(results) {
  const lines = Object.entries(results.blocks).map(([job, { first, shortest, ...block }]) => [
    `${job}(rows)`,
    time(shortest),
    `${time(block.median)} ${between(block, time)}`,
    time(first),
  ]);
  return [
    sizes.map(({ name, rows, columns }) => `${name}: ${rows} x ${columns}`).join('\n'),
    jobTable(results, 'train', 'Learning with the defaults: train(rows), fit; times ours in the same round', sizes),
    jobTable(results, 'detect', 'Learning and the scores of the same rows: detect(rows), fit and score', sizes),
    `The longest block of the event loop, 1M\n\n${withHead(['', 'at best', 'median (quartiles)', 'first in its process'], lines)}`,
  ].join('\n\n');
}

function packageTables({ sizes, first, memory }) {
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const megabytes = (bytes) => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  const weights = Object.entries(sizes).map(([part, { raw, gzip }]) => [part, kilobytes(raw), kilobytes(gzip)]);
  const firsts = Object.entries(first).map(([what, span]) => [what, `${time(span.median)} ${between(span, time)}`]);
  const room = memory.map(({ name, table, reserved }) => [name, megabytes(table), megabytes(reserved)]);
  return [
    `Package\n\n${withHead(['part', 'bytes', 'gzipped'], weights)}`,
    `The first time in a fresh process\n\n${withHead(['', 'took'], firsts)}`,
    `Memory\n\n${withHead(['trained on', 'the rows alone', 'WebAssembly memory'], room)}`,
  ].join('\n\n');
}

function goalTable(goals) {
  const lines = goals.map((goal) => {
    const { name, measured, unit, least, reason } = goal;
    const found = measured === undefined ? `missing: ${reason ?? 'not measured'}` : `${digits(measured)} ${unit}`;
    const asked = `${least ? 'at least' : 'at most'} ${goal.goal} ${unit}`;
    return [name, found, asked, isMet(goal) ? 'ok' : 'MISSED'];
  });
  return `Goals\n\n${withHead(['', 'measured', 'asked', ''], lines)}`;
}
