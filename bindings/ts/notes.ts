// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { show } from './error.ts';
import type { Decision } from './kinds.ts';
import type { periods } from './moments.ts';
import { allowsNothing, saying } from './plans.ts';
import type { Tally } from './tally.ts';
import type { ColumnKind, Note } from './types.ts';

// What is said about how a table was read.

const cells = (count: number, noun = 'cell') => `${count} ${noun}${count === 1 ? '' : 's'}`;
const titles: Readonly<Record<keyof typeof periods, string>> = {
  hour: 'the hour of the day',
  weekday: 'the weekday',
  day: 'the day of the year',
};

/** The notes about one column. */
export function notesOn(column: string, decision: Decision, tally: Tally): Note[] {
  const note = (what: Note['what'], count: number, text: string): Note => ({
    what,
    column,
    kind: kindSaid(decision, tally),
    count,
    text: `${column.trim() === '' ? show(column) : column}: ${text}.`,
  });
  if (!('plan' in decision)) return [note('leftOut', tally.present, leftOut(column, decision))];
  const { plan } = decision;
  const notes = [note('read', tally.present, readAs(decision, tally))];
  const texts = tally.present - tally.numbers - tally.bigints - tally.booleans - tally.dates;
  if (plan.kind === 'number' && texts > 0) {
    const commas = tally.numerals.either + tally.numerals.comma + tally.numerals.point;
    const how = commas === 0 ? '' : plan.decimal === ',' ? ', with a decimal comma' : ', with a decimal point';
    const { either, commas: withComma } = tally.numerals;
    const points = either - withComma;
    const thousands =
      (plan.decimal === ',' ? points : withComma) > 0
        ? `; ${plan.decimal === ',' ? 'points' : 'commas'} separate thousands`
        : '';
    const unit = plan.unit ? `; the sign ${plan.unit} was taken off` : '';
    notes.push(note('converted', texts, `${cells(texts, 'text')} read as numbers${how}${thousands}${unit}`));
  }
  if (plan.kind === 'number' && tally.bigints > 0)
    notes.push(note('converted', tally.bigints, `${cells(tally.bigints, 'big integer')} read as numbers`));
  if (plan.kind === 'date' && tally.moments.either > 0 && tally.moments.monthFirst + tally.moments.dayFirst === 0)
    notes.push(
      note('converted', tally.moments.either, 'nothing tells day from month, so the month is taken to come first'),
    );
  const gaps = tally.blanks - (plan.kind === 'category' ? tally.words : 0);
  if (gaps > 0 && allowsNothing(plan))
    notes.push(note('missing', gaps, `${cells(gaps)} taken for missing, such as "${tally.blank}"`));
  return notes;
}

function leftOut(column: string, { kind, why, cure }: Exclude<Decision, { plan: unknown }>): string {
  const because = kind === 'ignored' ? why : `because ${why}`;
  return `left out, ${because}${cure ? `. Say ${saying(column, cure)} to take it in` : ''}`;
}

function readAs(decision: Extract<Decision, { plan: unknown }>, tally: Tally): string {
  const { plan } = decision;
  if (decision.kind === 'constant') return 'the same in all rows: another value would be strange';
  if (plan.kind === 'category') return `a category of ${cells(plan.categories?.length ?? 0, 'value')}`;
  if (plan.kind === 'date') return `dates, by ${(plan.parts ?? []).map(({ part }) => titles[part]).join(', ')}`;
  if (plan.kind === 'time') return 'dates, as the time that runs on';
  return isPair(tally) ? 'numbers with two values, a category' : 'numbers';
}

/** What a column is called: numbers with two values are a category. */
function kindSaid(decision: Decision, tally: Tally): ColumnKind {
  return decision.kind === 'number' && isPair(tally) ? 'category' : decision.kind;
}

function isPair({ converted, rows }: Tally): boolean {
  const values = new Set<number>();
  for (let row = 0; row < rows && values.size < 3; row++) {
    const number = converted[row] as number;
    if (!Number.isNaN(number)) values.add(number);
  }
  return values.size === 2;
}
