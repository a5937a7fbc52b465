// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The suite `situations`: small generated tables, each with one difficulty that real tables have. The defaults judge them.

import { step } from '../../bindings/tools/shared/terminal.mjs';
import { situationsWhenClean } from './situations_clean.mjs';
import { situationsWhenDirty } from './situations_dirty.mjs';

/** Each table is drawn so often. */
const draws = 8;

const everySituation = [...situationsWhenClean, ...situationsWhenDirty];

/** The suite: a report in Markdown, every result, and a sentence for every bound that is not kept. */
export async function situations(library) {
  const results = [];
  for (const { name, measure, least, most, unit = '', judge } of everySituation) {
    step(`Situation: ${name}`);
    const values = [];
    for (let seed = 0; seed < draws; seed++) values.push(await judge(library, seed));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const bound = least === undefined ? `at most ${most}${unit}` : `at least ${least}${unit}`;
    const kept = least === undefined ? mean <= most : mean >= least;
    const worst = least === undefined ? Math.max(...values) : Math.min(...values);
    results.push({ name, measure, values, mean, worst, unit, bound, kept });
  }
  const cells = results.map(({ name, measure, mean, worst, unit, bound, kept }) => [
    name,
    measure,
    `${written(mean)}${unit}`,
    `${written(worst)}${unit}`,
    bound,
    kept ? 'kept' : 'NOT KEPT',
  ]);
  const heading = ['situation', 'measured', `mean of ${draws} draws`, 'worst draw', 'required', ''];
  const lines = [heading, ['---', '---', '---:', '---:', '---', '---'], ...cells];
  const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
  return {
    report: `SITUATIONS: generated tables, one difficulty each\n\n${table}\n`,
    results,
    misses: results
      .filter(({ kept }) => !kept)
      .map(
        ({ name, measure, mean, unit, bound }) => `${name}, ${measure}: ${written(mean)}${unit} instead of ${bound}`,
      ),
  };
}

const written = (value) => String(Number(value.toFixed(1)));
