// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// One file of node:test, in a process of its own.

import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { root } from '../../bindings/tools/shared/places.mjs';

const longest = 10 * 60_000; // a hung browser must not hold the run for ever

export async function runFile(file) {
  const result = { passed: 0, failed: 0, skipped: [], output: '' };
  const full = join(root, file);
  for await (const { type, data } of run({ files: [full], concurrency: 1, timeout: longest })) {
    if (type === 'test:pass') count(result, data, full);
    if (type === 'test:fail') fail(result, data);
    if (type === 'test:stdout' || type === 'test:stderr') result.output += data.message;
  }
  if (result.passed + result.failed + result.skipped.length === 0) {
    result.failed = 1;
    result.output += `${file} holds no test.\n`;
  }
  return result;
}

function count(result, { name, details, skip, todo }, file) {
  // node:test reports groups, and a file without tests, as if they were passing tests.
  if (details.type === 'suite' || resolve(root, name) === file) return;
  const reason = skip ?? todo;
  if (reason === undefined || reason === false) result.passed += 1;
  else result.skipped.push({ test: name, reason: typeof reason === 'string' && reason ? reason : 'no reason given' });
}

function fail(result, { name, details, todo }) {
  const { error } = details;
  if (error?.failureType === 'subtestsFailed') return; // its failing part is reported by itself
  if (todo !== undefined && todo !== false) result.skipped.push({ test: name, reason: `todo: ${todo}` });
  else result.failed += 1;
  result.output += `\nnot ok: ${name}\n${inspect(error?.cause ?? error, { depth: 6 })}\n`;
}
