// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { type App, find, say } from '../page/app';
import { type Key, number, t } from '../page/language';
import { defaults, SETTINGS, type State } from '../page/properties';
import { auc, confusion } from '../page/readings';

const usual = () => {
  const all = defaults();
  return Object.fromEntries(SETTINGS.filter((name) => name !== 'seed').map((name) => [name, all[name]]));
};

/** Ways to make the method fail, or to find that it does not; each starts from the usual settings. */
const TRIES: readonly (readonly [Key, Partial<State>])[] = [
  ['tryWeak', { strength: 0.2 }],
  ['tryWide', { latent: 4 }],
  ['tryNarrow', { latent: 1 }],
  ['tryFew', { rows: 25, epochs: 3000 }],
  ['tryExtreme', { kinds: ['extreme'] }],
  ['tryBack', {}],
];

export function buildBreaking(app: App, train: (patch: Partial<State>) => void): void {
  const list = find('.tries');
  for (const [key, patch] of TRIES) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.text = key;
    button.addEventListener('click', () => train({ ...usual(), threshold: null, ...patch }));
    item.append(button);
    list.append(item);
  }
  const line = find('#break-reading');
  line.setAttribute('aria-live', 'polite');
  app.stage.add(line, ['frame', 'data', 'threshold', 'guess', 'phase'], () => say(line, reading(app)));
  const runLine = find('#run');
  app.stage.add(runLine, ['frame', 'data', 'phase'], () => say(runLine, describeRun(app)));
}

function reading(app: App): string {
  if (!app.run || app.lab.phase === 'running') return '';
  const { data, frame } = app.run;
  if (frame.step === 0) return t('breakBefore');
  const counts = confusion(frame.testErrors, data.labels, app.threshold);
  const { seed, guess } = app.store.state;
  return t(guess === '' ? 'breakReadingHidden' : 'breakReading', {
    auc: number(auc(frame.testErrors, data.labels)),
    caught: counts.caught,
    anomalies: counts.caught + counts.missed,
    alarms: counts.falseAlarms,
    normals: counts.falseAlarms + counts.passed,
    seed: String(seed),
    epoch: frame.epoch,
  });
}

function describeRun({ run, store }: App): string {
  if (!run) return '';
  const { epoch, epochs, parameters, fingerprint } = run.frame;
  const { seed, rows, normals, anomalies, latent } = store.state;
  return t('runLine', { seed: String(seed), rows, normals, anomalies, latent, parameters, epoch, epochs, fingerprint });
}
