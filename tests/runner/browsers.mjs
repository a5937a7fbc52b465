// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Chromium and Firefox for the tests of the page. Tests read their paths from here:
//   const { browsers } = await findBrowsers();   // [{ name: 'chromium' | 'firefox', path }]

import { which } from '../../bindings/tools/shared/processes.mjs';
import { ensurePrograms } from '../../bindings/tools/toolchain/system.mjs';

const wanted = [
  {
    name: 'chromium',
    label: 'Chromium',
    variable: 'ANOMALENS_CHROMIUM',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    packages: ['chromium'],
  },
  {
    name: 'firefox',
    label: 'Firefox',
    variable: 'ANOMALENS_FIREFOX',
    programs: ['firefox-esr', 'firefox'],
    packages: ['firefox-esr'],
  },
];

let found;
/** Finds or installs both; what cannot be had is in `skipped`, with the sentence that says how to get it. */
export function findBrowsers() {
  found ??= find();
  return found;
}

async function find() {
  const missing = await ensurePrograms(wanted.filter(({ variable }) => !process.env[variable]));
  const browsers = wanted
    .map(({ name, variable, programs }) => ({
      name,
      path: process.env[variable] || programs.map((program) => which(program)).find(Boolean),
    }))
    .filter(({ path }) => path);
  const skipped = [...missing].map(([test, reason]) => ({ test, reason }));
  return { browsers, skipped };
}
