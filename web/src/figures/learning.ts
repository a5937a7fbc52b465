// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { Curve, type Series } from '../charts/curve';
import type { Frame } from '../lab/messages';
import { type App, find, say } from '../page/app';
import { number, t } from '../page/language';
import { fillTable } from '../page/table';

const MOST_TABLE_ROWS = 20;

/** Loss over epochs, beside the errors of rows the model never learns from. */
export function buildLearning(app: App): void {
  const figure = find('#learning');
  const curve = new Curve(find('.curve', figure));
  const details = find<HTMLDetailsElement>('.numbers', figure);
  details.addEventListener('toggle', () => app.stage.mark('frame'));
  app.stage.add(figure, ['data', 'frame', 'phase'], () => {
    const { run } = app;
    if (!run) return;
    const { frame } = run;
    curve.update({ epochs: frame.epochs, series: seriesOf(frame), axisName: t('axisEpoch') });
    say(find('#latent-formula'), String(app.store.state.latent));
    say(find('.reading', figure), reading(app, frame));
    if (details.open && app.lab.phase !== 'running') fillLearningTable(frame, find('.numbers table', figure));
  });
}

const lastOf = (values: Float64Array) => number(values.at(-1) ?? Number.NaN);

const seriesOf = ({ losses, normalMeans, anomalyMeans }: Frame): Series[] => [
  { name: 'loss', label: t('seriesLoss', { value: lastOf(losses) }), first: 1, values: losses },
  { name: 'normal', label: t('seriesNormal', { value: lastOf(normalMeans) }), first: 0, values: normalMeans },
  { name: 'anomaly', label: t('seriesAnomaly', { value: lastOf(anomalyMeans) }), first: 0, values: anomalyMeans },
];

function reading({ store }: App, frame: Frame): string {
  if (frame.epoch === 0) return t('learningReadingBefore', { parameters: frame.parameters });
  return t('learningReading', {
    epoch: frame.epoch,
    loss: lastOf(frame.losses),
    rows: store.state.rows,
    seed: String(store.state.seed),
    ms: number(frame.computeMs),
  });
}

function fillLearningTable(frame: Frame, table: HTMLTableElement): void {
  const every = Math.max(1, Math.ceil(frame.epochs / MOST_TABLE_ROWS));
  const epochs = Array.from({ length: frame.epoch + 1 }, (_, i) => i).filter(
    (epoch) => epoch % every === 0 || epoch === frame.epoch,
  );
  fillTable(table, {
    head: [t('epoch'), t('columnLoss'), t('columnNormal'), t('columnAnomaly')],
    rows: epochs.map((epoch) => [
      String(epoch),
      ...[frame.losses[epoch - 1], frame.normalMeans[epoch], frame.anomalyMeans[epoch]].map((value) =>
        number(value ?? Number.NaN),
      ),
    ]),
  });
}
