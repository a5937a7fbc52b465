// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// One process at a time.

import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { step } from './terminal.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const longestHold = 30 * 60_000; // no download or compilation of ours holds the lock for half an hour

/** Runs `work` while no other process of this user does the same under this name. */
export async function exclusively(name, folder, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.lock`);
  for (let told = false; !take(file); told = true) {
    if (!told) step(`Waiting for another run that holds ${file}`);
    if (abandoned(file)) rmSync(file, { force: true });
    else await pause(500);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, JSON.stringify({ pid: process.pid, host: hostname() }));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function abandoned(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const text = readFileSync(file, 'utf8');
    if (!text) return age > 5_000; // its owner is writing it this moment, or died doing so
    const owner = JSON.parse(text);
    return age > longestHold || (owner.host === hostname() && !alive(owner.pid));
  } catch {
    return false; // released in the meantime
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
