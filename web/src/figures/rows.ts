// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { Scatter } from '../charts/scatter';
import { type App, find, say } from '../page/app';
import { describeKind } from '../page/controls';
import { number, t } from '../page/language';
import { at } from '../page/readings';
import { fillTable } from '../page/table';

/** The opening figure: both linked pairs of columns, every row joined to the model's copy of it. */
export function buildRows(app: App): void {
  const figure = find('#rows');
  const scatters = [...figure.querySelectorAll<HTMLElement>('.scatter')].map((plot) => {
    const columns = (plot.dataset.columns as string).split(' ').map(Number) as [number, number];
    return new Scatter(plot, columns, app);
  });
  const details = find<HTMLDetailsElement>('.numbers', figure);
  details.addEventListener('toggle', () => app.stage.mark('row'));
  app.stage.add(figure, ['data', 'frame', 'row', 'hover', 'phase'], () => {
    const { run } = app;
    if (!run) return;
    for (const scatter of scatters) scatter.update({ ...run, selected: app.selected, hovered: app.hovered });
    say(find('.reading', figure), reading(app));
    if (details.open && app.lab.phase !== 'running') fillRowsTable(app, find('.numbers table', figure));
  });
}

function reading({ run }: App): string {
  if (!run) return '';
  const { data, frame } = run;
  const normals = data.labels.indexOf(1);
  const [normal, anomaly] = [meanOf(frame.testErrors, 0, normals), meanOf(frame.testErrors, normals)];
  return t(frame.step === 0 ? 'rowsReadingBefore' : 'rowsReading', {
    epoch: frame.epoch,
    epochs: frame.epochs,
    normals,
    anomalies: data.labels.length - normals,
    normal: number(normal),
    anomaly: number(anomaly),
    ratio: number(anomaly / normal),
  });
}

function meanOf(values: Float32Array, from: number, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += at(values, i);
  return sum / (to - from);
}

function fillRowsTable({ run }: App, table: HTMLTableElement): void {
  if (!run) return;
  const { data, frame } = run;
  const cell = (row: number, column: number) => {
    const i = row * data.columns + column;
    return t('rowsCell', { value: number(at(data.test, i)), copy: number(at(frame.copies, i)) });
  };
  fillTable(table, {
    head: [t('row'), t('kind'), ...data.features, t('error')],
    rows: Array.from(data.labels, (label, row) => [
      String(row + 1),
      describeKind(label),
      ...data.features.map((_, column) => cell(row, column)),
      number(at(frame.testErrors, row)),
    ]),
  });
}
