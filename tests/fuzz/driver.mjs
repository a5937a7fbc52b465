// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Deals rounds out to processes, one a core, and looks after them: a case that hangs or that ends its process is a
// violation, too.

import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../bindings/tools/shared/terminal.mjs';
import { properties } from './properties/index.mjs';

/** No case takes a second where nothing else runs. */
const longestMs = 60_000;
/** Cases a round for every unit of weight. */
const share = 4;
const program = fileURLToPath(new URL('child.mjs', import.meta.url));

export class Driver {
  cases = 0;
  violations = new Map();
  #round = 0;
  #folder = mkdtempSync(join(tmpdir(), 'anomalens-fuzz-'));

  constructor({ seed, wanted, until, processes, show }) {
    Object.assign(this, { seed, wanted, until, processes, show });
  }

  get done() {
    return this.cases >= this.wanted || Date.now() >= this.until;
  }

  /** Cases so far, those of rounds that have not ended among them. */
  get soFar() {
    return this.cases + this.children.reduce((sum, child) => sum + child.open(), 0);
  }

  async run() {
    this.children = Array.from(
      { length: this.processes },
      (_, index) => new Child(this, join(this.#folder, `${index}`)),
    );
    await Promise.all(this.children.map((child) => child.work()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Each round has a seed of its own, which follows from the one given. */
  nextSeed() {
    return (this.seed + Math.imul(this.#round++, 0x9e3779b1)) | 0;
  }

  add({ cases, violations }, counted) {
    this.cases += cases;
    for (const [signature, violation] of violations) {
      this.#count(signature, violation, violation.count - (counted.get(signature) ?? 0));
      counted.set(signature, violation.count);
    }
  }

  /** A case that was not survived. */
  lost([number, seed, run], how) {
    const { name } = properties[number] ?? { name: 'start' };
    this.#count(`${name}: ${how}`, { name, seed, path: `${run}`, message: how, example: '' }, 1);
  }

  /** The first one is shown at once, those like it are counted. */
  #count(signature, violation, times) {
    const known = this.violations.get(signature);
    if (known) {
      known.count += times;
      return;
    }
    this.violations.set(signature, { ...violation, count: times });
    this.show(violation);
  }
}

class Child {
  #driver;
  #place;
  /** Cases of the process before its present round. */
  #before = 0;

  constructor(driver, place) {
    this.#driver = driver;
    this.#place = place;
  }

  /** Processes one after another, until all is done. */
  async work() {
    while (!this.#driver.done) await this.#process();
  }

  #process() {
    const driver = this.#driver;
    const counted = new Map();
    const child = fork(program, [this.#place, `${share}`], {
      execArgv: ['--max-old-space-size=1024'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr.on('data', (text) => {
      complaint = `${complaint}${text}`.slice(-4000);
    });
    this.#before = 0;
    writeFileSync(this.#place, '');
    const watch = this.#watch(child);
    const state = { begun: false, ended: false };
    child.on('message', (message) => {
      state.begun = true;
      if (message.cases !== undefined) {
        driver.add(message, counted);
        this.#before += message.cases;
      }
      state.ended = driver.done;
      if (state.ended) child.disconnect();
      else child.send({ seed: driver.nextSeed() });
    });
    return new Promise((resolve, reject) => {
      child.on('exit', (code, signal) => {
        clearInterval(watch.timer);
        if (!state.begun) reject(new Problem(`${complaint}\nThe process that runs the cases did not start.`));
        if (!state.ended)
          this.#lost(watch.hung ? 'it hangs' : `the process died (${signal ?? code}) ${fatal(complaint)}`);
        resolve();
      });
    });
  }

  #lost(how) {
    this.#driver.lost(this.#where(), how);
    this.#driver.cases += this.open();
    this.#before = 0;
  }

  /** Ends a process that stays at one case for too long. */
  #watch(child) {
    const watch = { hung: false };
    let last;
    let since = Date.now();
    watch.timer = setInterval(() => {
      const now = this.#where().join();
      if (now !== last) [last, since] = [now, Date.now()];
      if (Date.now() - since < longestMs) return;
      watch.hung = true;
      child.kill('SIGKILL');
    }, 1000);
    return watch;
  }

  /** Number of the property, seed, number of the case, cases of this process. */
  #where() {
    try {
      const bytes = readFileSync(this.#place);
      return [...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 32))];
    } catch {
      return [-1, 0, 0, 0];
    }
  }

  open() {
    return Math.max(0, (this.#where()[3] ?? 0) - this.#before);
  }
}

/** The line of what a process said in which it tells why it ended. */
const fatal = (complaint) => /FATAL ERROR: .*|\w*Error: .*/.exec(complaint)?.[0] ?? '';
