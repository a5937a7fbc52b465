// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The list of all suites, in the order they run: quick judgements first, then the engine, the package and the page.

import { basename } from 'node:path';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { filesUnder } from '../../bindings/tools/shared/files.mjs';
import { Problem } from '../../bindings/tools/shared/terminal.mjs';
import { buildPage } from '../../web/tools/page.mjs';
import { findBrowsers } from './browsers.mjs';
import { runDoctest } from './doctest.mjs';
import { lintSuites } from './lint.mjs';
import { runFile } from './nodetest.mjs';

export function allSuites() {
  return [
    ...lintSuites(),
    ...['native', 'scalar', 'asan', 'wasm', 'wasm-checked'].map((preset) => ({
      name: `core ${preset}`,
      run: () => runDoctest(preset),
    })),
    ...fileSuites('package', buildPackage),
    ...fileSuites('fuzz', buildPackage),
    { name: 'web browsers', run: browsersThere },
    ...fileSuites('web', async () => {
      await buildPackage();
      await buildPage();
    }),
  ];
}

/** No test of its own: lists once the browser that is missing. The suites of the page run in those that are there. */
async function browsersThere() {
  return { passed: 0, failed: 0, skipped: (await findBrowsers()).skipped };
}

/** One suite for each tests/<folder>/*.test.mjs, run after `prepare`. */
function fileSuites(folder, prepare) {
  const files = filesUnder(`tests/${folder}`).filter((path) => path.endsWith('.test.mjs'));
  if (files.length === 0) {
    return [{ name: folder, run: () => Promise.reject(new Problem(`tests/${folder} holds no *.test.mjs.`)) }];
  }
  return files.map((file) => ({
    name: `${folder} ${basename(file, '.test.mjs')}`,
    async run() {
      await prepare();
      const noBrowser = folder === 'web' && (await findBrowsers()).browsers.length === 0;
      if (noBrowser) return { passed: 0, failed: 0, skipped: [{ test: file, reason: 'there is no browser' }] };
      return runFile(file);
    },
  }));
}
