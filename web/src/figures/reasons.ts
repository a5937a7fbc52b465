// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { quantileSorted } from 'd3-array';
import { Lanes } from '../charts/lanes';
import type { Data, Frame } from '../lab/messages';
import { type App, find, say } from '../page/app';
import { describeKind } from '../page/controls';
import { number, percent, t } from '../page/language';
import { at, type FeatureReading, featureReadings, ranking } from '../page/readings';
import { fillTable } from '../page/table';

const SUSPECTS = 10;
type Run = { data: Data; frame: Frame };

/** Why one row has the error it has, and the list of those one would look at first. */
export function buildReasons(app: App): void {
  const figure = find('#reasons');
  const lanes = new Lanes(find('.lanes', figure));
  buildWalk(app);
  const suspects = buildSuspects(app);
  app.stage.add(figure, ['data', 'frame', 'row', 'threshold', 'phase'], () => {
    const { run, selected } = app;
    if (!run) return;
    suspects(run);
    figure.classList.toggle('is-empty', selected === null);
    if (selected === null) return say(find('.reading', figure), t('reasonsEmpty'));
    const { data, frame } = run;
    const readings = featureReadings(selected, data.features, data.test, frame.copies, frame.featureErrors);
    lanes.update({
      readings,
      usual: usualRanges(data),
      isAnomaly: Boolean(data.labels[selected]),
      shares: readings.map(({ share }) => percent(share)),
    });
    say(find('.reading', figure), reading(app, run, selected, readings));
    fillFeatures(readings, find('.features', figure));
  });
}

/** Buttons and a number for those who do not point: through the rows by rank, or straight to one. */
function buildWalk(app: App): void {
  const input = find<HTMLInputElement>('#row-number');
  const walk = (by: number) => {
    const { run, selected } = app;
    if (!run) return;
    const order = ranking(run.frame.testErrors);
    const from = selected === null ? (by < 0 ? order.length : -1) : order.indexOf(selected);
    const next = order[Math.min(order.length - 1, Math.max(0, selected === null ? 0 : from + by))];
    if (next !== undefined) app.pick(next);
  };
  find('#stranger').addEventListener('click', () => walk(-1));
  find('#plainer').addEventListener('click', () => walk(1));
  input.addEventListener('change', () => {
    const last = app.lab.data?.labels.length ?? 1;
    const asked = Math.round(Number(input.value));
    if (Number.isFinite(asked) && input.value !== '') app.pick(Math.min(last, Math.max(1, asked)) - 1);
    input.value = String(app.store.state.row ?? '');
  });
  app.stage.add(input, ['data', 'row'], () => {
    input.max = String(app.lab.data?.labels.length ?? 1);
    if (document.activeElement !== input) input.value = String(app.store.state.row ?? '');
  });
}

function buildSuspects(app: App): (run: Run) => void {
  const list = find('.suspects');
  const buttons = Array.from({ length: SUSPECTS }, () => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.addEventListener('click', () => app.pick(Number(button.dataset.row)));
    item.append(button);
    list.append(item);
    return button;
  });
  return ({ data, frame }) => {
    ranking(frame.testErrors)
      .slice(0, SUSPECTS)
      .forEach((row, i) => {
        const button = buttons[i] as HTMLButtonElement;
        button.dataset.row = String(row);
        button.dataset.kind = data.labels[row] ? 'anomaly' : 'normal';
        button.setAttribute('aria-pressed', String(row === app.selected));
        const error = number(at(frame.testErrors, row));
        say(button, t('suspect', { row: row + 1, kind: describeKind(data.labels[row]), error }));
      });
  };
}

const known = new WeakMap<Float32Array, [number, number][]>();

/** Where 90 % of the training rows lie, feature by feature; computed once for a set of rows. */
function usualRanges({ train, columns, features }: Data): [number, number][] {
  const ranges =
    known.get(train) ??
    features.map((_, column): [number, number] => {
      const values = Array.from({ length: train.length / columns }, (_, i) => at(train, i * columns + column));
      values.sort((a, b) => a - b);
      return [quantileSorted(values, 0.05) as number, quantileSorted(values, 0.95) as number];
    });
  known.set(train, ranges);
  return ranges;
}

function reading(app: App, { data, frame }: Run, row: number, readings: readonly FeatureReading[]): string {
  const main = readings.reduce((most, one) => (one.share > most.share ? one : most));
  return t('reasonsReading', {
    row: row + 1,
    kind: describeKind(data.labels[row]),
    error: number(at(frame.testErrors, row)),
    threshold: number(app.threshold),
    feature: main.feature,
    value: number(main.value),
    expected: number(main.expected),
    share: percent(main.share),
  });
}

function fillFeatures(readings: readonly FeatureReading[], table: HTMLTableElement): void {
  fillTable(table, {
    caption: t('featuresTable'),
    head: [t('feature'), t('value'), t('expected'), t('share')],
    rows: readings.map(({ feature, value, expected, share }) => [
      feature,
      number(value),
      number(expected),
      percent(share),
    ]),
  });
}
