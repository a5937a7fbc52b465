// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm start`: everything from a fresh clone to the demo's output and the page at an address.
//   --port N     serve there, or on the next free port
//   --no-serve   stop before serving

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { attached } from '../../bindings/tools/shared/processes.mjs';
import { main, Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { buildPage } from './page.mjs';
import { serve } from './serve.mjs';

async function demo() {
  step('Running the demo');
  const code = await attached(process.execPath, ['bindings/examples/article.mjs'], { cwd: root });
  if (code !== 0) throw new Problem('The demo failed; its message is above.');
}

async function start() {
  const { port, 'no-serve': buildOnly } = options();
  await buildPackage();
  await demo();
  await buildPage();
  if (buildOnly) return;
  const { url, close } = await serve(join(root, 'build/web'), port);
  console.log(`\nThe page is at ${url}\nCtrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}

function options() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '5173' }, 'no-serve': { type: 'boolean' } },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65485)
      throw new Problem(`--port must be a whole number from 0 to 65485, not "${values.port}".`);
    return { ...values, port };
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${error.message}\nnpm start knows --port N and --no-serve.`);
  }
}

await main(start);
