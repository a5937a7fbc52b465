// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A competitor in a child process: a line goes in, a line of JSON comes out. Whoever is not asked sleeps.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const single = Object.fromEntries(['OMP', 'OPENBLAS', 'MKL'].map((name) => [`${name}_NUM_THREADS`, '1']));

export class Child {
  #process;
  #waiting = [];
  #said = '';
  #ended;

  /** Resolves when the child has said that it is ready; throws an Error with its own words when it does not come to that. */
  static async start(command, args) {
    const child = new Child(command, args);
    const { error, version } = await child.#next();
    if (error) throw new Error(error);
    child.version = version;
    return child;
  }

  constructor(command, args) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...single } });
    this.#process.stderr.setEncoding('utf8').on('data', (text) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.#waiting.shift()?.(parsed(line)); // libraries may print what they like
    });
    const ended = (why) => {
      this.#ended ??= { error: `${why} ${this.#said.trim().split('\n').at(-1)}`.trim() };
      for (const resolve of this.#waiting.splice(0)) resolve(this.#ended);
    };
    this.#process.stdin.on('error', () => {}); // told by 'close'
    this.#process.on('error', (error) => ended(error.message));
    this.#process.on('close', (code, signal) => ended(`ended with ${signal ?? code}:`));
  }

  #next() {
    return new Promise((resolve) => {
      if (this.#ended) resolve(this.#ended);
      else this.#waiting.push(resolve);
    });
  }

  ask(line) {
    const answer = this.#next();
    this.#process.stdin.write(`${line}\n`);
    return answer;
  }

  close() {
    this.#process.stdin.end();
    this.#process.kill();
  }
}

/** Python and C++ may write a NaN, which JSON does not know. */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { error: `answered ${line.slice(0, 100)}` };
  }
}
