// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run tables: reads every CSV file of vega-datasets as four parsers give it, with no option, and prints what `detect`
// finds first. Exit code 1 when the parsers do not lead to the same findings.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { root } from '../../bindings/tools/shared/places.mjs';
import { main } from '../../bindings/tools/shared/terminal.mjs';
import { ensurePackages } from '../../bindings/tools/toolchain/packages.mjs';

const folder = join(root, 'node_modules/vega-datasets/data');
const top = 3;

const lineOf = (file, { row, reasons: [reason] }) =>
  `| ${[file, row, reason.feature + (reason.part ? ` (${reason.part})` : ''), reason.kind, reason.value, reason.expected].join(' | ')} |`;

/** Ways in which people read a file. */
async function parsers() {
  const [{ csvParse, csvParseRows }, { parse }, { default: Papa }] = await Promise.all([
    import('d3-dsv'),
    import('csv-parse/sync'),
    import('papaparse'),
  ]);
  return {
    'd3-dsv': csvParse,
    'csv-parse': (text) => parse(text, { columns: true }),
    papaparse: (text) => Papa.parse(text, { header: true }).data,
    'arrays of texts': csvParseRows,
  };
}

async function found(detect, table) {
  const { model, findings } = await detect(table, { seed: 1, top });
  const { notes } = model.report;
  model.dispose();
  return { findings, notes };
}

await main(async () => {
  await ensurePackages();
  await buildPackage();
  const { detect } = await import(join(root, 'dist/index.js'));
  const ways = Object.entries(await parsers());
  console.log('| file | row | column | why | value | expected |\n| --- | --- | --- | --- | --- | --- |');
  const left = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const all = [];
    for (const [name, parse] of ways) all.push([name, await found(detect, parse(text))]);
    const [[, first]] = all;
    for (const finding of first.findings) console.log(lineOf(file, finding));
    left.push(...first.notes.filter(({ what }) => what === 'leftOut').map((note) => `${file}: ${note.text}`));
    for (const [name, { findings }] of all) {
      if (JSON.stringify(findings) === JSON.stringify(first.findings)) continue;
      console.error(`${file}: ${name} leads to other findings.`);
      process.exitCode = 1;
    }
  }
  console.log(`\nLeft out:\n${left.join('\n')}`);
});
