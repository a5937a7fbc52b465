// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Counts over all suites.

export class Tally {
  #suites = [];

  add(name, { passed, failed, skipped, output = '' }) {
    this.#suites.push({ name, passed, failed, skipped });
    if (failed > 0) process.stdout.write(`${output.trimEnd()}\n`);
    console.log(`${failed > 0 ? 'FAILED' : 'ok    '}  ${name}: ${counts(passed, failed, skipped.length)}`);
  }

  /** Prints failures, skips with their reasons, and the total; returns 'good' when something ran and nothing failed. */
  report() {
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const { name, passed, failed, skipped } of this.#suites) {
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped.length;
      for (const { test, reason } of skipped) console.log(`skipped: ${name}: ${test}: ${reason}`);
    }
    const bad = this.#suites.filter(({ failed }) => failed > 0).map(({ name }) => name);
    if (bad.length) console.log(`failed suites: ${bad.join(', ')}`);
    const ran = total.passed + total.failed > 0;
    if (!ran) console.log('No test ran.');
    console.log(counts(total.passed, total.failed, total.skipped));
    return ran && bad.length === 0 ? 'good' : 'bad';
  }
}

const counts = (passed, failed, skipped) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
