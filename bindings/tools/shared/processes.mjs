// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Starting other programs.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from './terminal.mjs';

/** Runs to the end and returns everything printed; `ok` is false for any other exit than 0. */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const result = { ok: false, code: -1, stdout: '', output: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      result.stdout += text;
      result.output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      result.output += text;
    });
    child.on('error', (error) => resolve({ ...result, output: `${result.output}${error.message}\n` }));
    child.on('close', (code, signal) => {
      if (signal) result.output += `(ended by ${signal})\n`;
      resolve({ ...result, code: code ?? -1, ok: code === 0 });
    });
  });
}

/** As `capture`, but a failure is a Problem that shows what the program said. */
export async function run(command, args, options = {}) {
  const result = await capture(command, args, options);
  if (result.ok) return result;
  const said = result.output.trim();
  throw new Problem(`${said}\n\nThis command failed: ${[command, ...args].join(' ')}`);
}

/** Runs with this terminal's input and output; resolves to the exit code. */
export function attached(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** The full path of a program on PATH, or undefined. */
export function which(name, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The first line a program prints, or '' when it does not run. */
export function firstLine(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...options,
  });
  return status === 0 ? stdout.split('\n')[0] : '';
}
