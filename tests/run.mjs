// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm test`: sets everything up and runs every suite.  `npm test -- core web` runs the suites with a word of
// their name that begins so. The last line counts test cases over all suites.

import { main, step } from '../bindings/tools/shared/terminal.mjs';
import { ensurePackages } from '../bindings/tools/toolchain/packages.mjs';
import { allSuites } from './runner/suites.mjs';
import { Tally } from './runner/tally.mjs';

async function test() {
  const words = process.argv.slice(2);
  await ensurePackages();
  const suites = allSuites().filter(
    ({ name }) => words.length === 0 || words.some((word) => ` ${name}`.includes(` ${word}`)),
  );
  const tally = new Tally();
  for (const suite of suites) {
    step(`== ${suite.name}`);
    tally.add(suite.name, await outcome(suite));
  }
  if (tally.report() !== 'good') process.exitCode = 1;
}

/** A suite that cannot even be run is one failure that says why. */
async function outcome({ run }) {
  try {
    return await run();
  } catch (error) {
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      output: error.constructor.name === 'Problem' ? error.message : error.stack,
    };
  }
}

await main(test);
