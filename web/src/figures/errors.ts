// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { errorDomain, Histogram } from '../charts/histogram';
import type { Data, Frame } from '../lab/messages';
import { type App, find, say } from '../page/app';
import { number, percent, t } from '../page/language';
import { type Confusion, confusion, shareAbove } from '../page/readings';
import { fillTable } from '../page/table';

type Run = { data: Data; frame: Frame };

/** The distribution of errors, the threshold in it, and what the threshold brings. */
export function buildErrors(app: App): void {
  const figure = find('#errors');
  const histogram = new Histogram(find('.histogram', figure), {
    pick: app.pick,
    hover: app.hover,
    move: app.moveThreshold,
  });
  const twin = buildTwin(app);
  const details = find<HTMLDetailsElement>('.numbers', figure);
  details.addEventListener('toggle', () => app.stage.mark('threshold'));
  let domain: readonly [number, number] | undefined;
  app.stage.add(figure, ['data', 'frame', 'threshold', 'row', 'hover', 'phase', 'guess'], () => {
    const { run } = app;
    if (!run) return;
    const { data, frame } = run;
    domain = errorDomain([frame.trainErrors, frame.testErrors], app.lab.phase === 'running' ? domain : undefined);
    histogram.update({
      trainErrors: frame.trainErrors,
      errors: frame.testErrors,
      labels: data.labels,
      threshold: app.threshold,
      domain,
      selected: app.selected,
      hovered: app.hovered,
      words: words(app, data),
    });
    twin(domain);
    fillConfusion(app, run, find('.confusion', figure));
    say(find('.reading', figure), reading(app, run));
    if (details.open && app.lab.phase !== 'running') fillBins(run, domain, find('.numbers table', figure));
  });
}

/** The native slider under the figure: the same threshold for keys, fingers and voice. */
function buildTwin(app: App): (domain: readonly [number, number]) => void {
  const range = find<HTMLInputElement>('#threshold-range');
  const auto = find<HTMLButtonElement>('#threshold-auto');
  range.addEventListener('input', () => app.moveThreshold(10 ** Number(range.value)));
  auto.addEventListener('click', () => {
    app.store.set({ threshold: null });
    range.focus();
  });
  return ([low, high]) => {
    range.min = String(Math.log10(low));
    range.max = String(Math.log10(high));
    const position = Math.log10(app.threshold);
    if (Math.abs(Number(range.value) - position) > 0.003) range.value = String(position);
    range.setAttribute('aria-valuetext', number(app.threshold));
    auto.disabled = app.store.state.threshold === null;
  };
}

const words = (app: App, { labels }: Data) => {
  const normals = labels.indexOf(1);
  return {
    normal: t('histNormal', { n: normals }),
    anomaly: t('histAnomaly', { n: labels.length - normals }),
    train: t('histTrain'),
    axis: t('histAxis'),
    threshold: t('thresholdLabel'),
    value: t('thresholdValue', { value: number(app.threshold) }),
  };
};

/** Until the reader has guessed, or asked to be shown, the answer to the question stays covered. */
const isCovered = (app: App) => app.store.state.guess === '';

function fillConfusion(app: App, { data, frame }: Run, table: HTMLTableElement): void {
  const counts = confusion(frame.testErrors, data.labels, app.threshold);
  const train = confusion(frame.trainErrors, new Uint8Array(frame.trainErrors.length), app.threshold);
  const row = (name: string, below: number, above: number) => [
    name,
    number(below),
    number(above),
    percent(above / (below + above)),
  ];
  const normal = row(t('rowNormal'), counts.passed, counts.falseAlarms);
  fillTable(table, {
    caption: t('confusionCaption'),
    head: [t('rowGroup'), t('below'), t('above'), t('shareAbove')],
    rows: [
      row(t('rowTrain'), train.passed, train.falseAlarms),
      isCovered(app) ? [t('rowNormal'), '?', '?', '?'] : normal,
      row(t('rowAnomaly'), counts.missed, counts.caught),
    ],
  });
}

function reading(app: App, { data, frame }: Run): string {
  const counts: Confusion = confusion(frame.testErrors, data.labels, app.threshold);
  const normals = counts.passed + counts.falseAlarms;
  return t(isCovered(app) ? 'errorsReadingHidden' : 'errorsReading', {
    threshold: number(app.threshold),
    promised: percent(shareAbove(frame.trainErrors, app.threshold)),
    measured: percent(counts.falseAlarms / normals),
    alarms: counts.falseAlarms,
    normals,
    caught: counts.caught,
    anomalies: counts.caught + counts.missed,
  });
}

/** Half decades of error, and how many rows of each sort lie in them. */
function fillBins({ data, frame }: Run, [low, high]: readonly [number, number], table: HTMLTableElement): void {
  const edges: number[] = [];
  for (let exponent = Math.log10(low); exponent <= Math.log10(high) + 1e-9; exponent += 0.5) edges.push(10 ** exponent);
  const normals = data.labels.indexOf(1);
  const groups = [frame.trainErrors, frame.testErrors.subarray(0, normals), frame.testErrors.subarray(normals)];
  const rows = edges.slice(0, -1).map((from, i) => {
    const start = i === 0 ? Number.NEGATIVE_INFINITY : from;
    const end = edges[i + 1] as number;
    const counts = groups.map((errors) => number(errors.filter((error) => error >= start && error < end).length));
    return [i === 0 ? '0' : number(from), number(end), ...counts];
  });
  fillTable(table, { head: [t('binFrom'), t('binTo'), t('rowTrain'), t('rowNormal'), t('rowAnomaly')], rows });
}
