// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { forgetPalette } from './charts/palette';
import { buildBreaking } from './figures/breaking';
import { buildErrors } from './figures/errors';
import { buildGuess } from './figures/guess';
import { buildLearning } from './figures/learning';
import { buildReasons } from './figures/reasons';
import { buildRows } from './figures/rows';
import { Lab, type LabEvent } from './lab/lab';
import { Announcer } from './page/announcer';
import { App, find } from './page/app';
import { buildBar, notify } from './page/bar';
import { buildChoices, buildControls, buildDice } from './page/controls';
import { number, preferredLanguage, t, translate, useLanguage } from './page/language';
import { type Name, readHash, SETTINGS, type Settings, type State, writeHash } from './page/properties';
import { confusion } from './page/readings';
import { Stage } from './page/stage';
import { Store } from './page/store';

/** More steps than any run has: "to the end". */
const ALL_STEPS = 1e6;
const ANNOUNCED_EPOCHS = 20;

const store = new Store();
const stage = new Stage(() => lab.phase === 'running');
const stillness = matchMedia('(prefers-reduced-motion: reduce)');
const lab = new Lab(onLab, () => stillness.matches);
const app = new App(store, lab, stage);
const announcer = new Announcer(find('#status'));

const isSetting = (name: Name) => (SETTINGS as readonly Name[]).includes(name);
const settings = () => Object.fromEntries(SETTINGS.map((name) => [name, store.state[name]])) as unknown as Settings;

function restart(steps: number, thenPlay = false): void {
  lab.configure(settings(), steps, thenPlay);
}

/** A model that has learnt something learns again under new settings; an untouched one stays untouched. */
let isTaught = false;

store.on((changed) => {
  if (changed.has('lang')) speak();
  if (changed.has('theme')) dress();
  if ([...changed].some(isSetting)) {
    stage.mark('data');
    restart(isTaught ? ALL_STEPS : 0);
  }
  if (changed.has('threshold')) {
    stage.mark('threshold');
    announceVerdict();
  }
  if (changed.has('row')) stage.mark('row');
  if (changed.has('guess')) stage.mark('guess', 'data');
  writeAddress();
});

function onLab(event: LabEvent): void {
  stage.mark(event);
  if (event === 'frame' && lab.frame) {
    isTaught = lab.frame.step > 0;
    store.set({ steps: lab.frame.step });
    if (lab.phase === 'running' && lab.frame.epoch % ANNOUNCED_EPOCHS === 0 && lab.frame.epoch > 0) {
      announcer.say(t('saidEpoch', { epoch: lab.frame.epoch, loss: number(lab.frame.losses.at(-1) ?? Number.NaN) }));
    }
  }
  if (event === 'phase') announcePhase();
}

function announcePhase(): void {
  const { phase, frame } = lab;
  if (!app.run || !frame) return;
  if (phase === 'running') announcer.say(t('saidStart'));
  if (phase === 'paused' && frame.step > 0)
    announcer.say(t('saidPaused', { epoch: frame.epoch, epochs: frame.epochs }));
  if (phase === 'done') {
    const { caught, missed } = confusion(frame.testErrors, app.run.data.labels, app.threshold);
    const loss = number(frame.losses.at(-1) ?? Number.NaN);
    announcer.say(t('saidDone', { epoch: frame.epoch, loss, caught, anomalies: caught + missed }));
  }
}

function announceVerdict(): void {
  stage.afterNext(() => announcer.say(find('#errors .reading').textContent ?? ''));
}

function speak(): void {
  const language = store.state.lang === 'auto' ? preferredLanguage() : store.state.lang;
  useLanguage(language);
  document.documentElement.lang = language;
  document.title = t('documentTitle');
  translate(document);
  stage.mark('all');
}

function dress(): void {
  document.documentElement.dataset.theme = store.state.theme;
  forgetPalette();
  stage.mark('all');
}

let addressTimer: number | undefined;

/** Browsers refuse an address that changes too often; the last change counts. */
function writeAddress(): void {
  if (addressTimer !== undefined) return;
  addressTimer = window.setTimeout(() => {
    addressTimer = undefined;
    const hash = writeHash(store.state);
    if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname + location.search);
  }, 250);
}

function readAddress(): void {
  const { state, problems } = readHash(location.hash);
  store.set(state);
  // A hash that only changes settings has been acted on by the listener; steps are asked for here.
  restart(state.steps);
  if (problems.length) notify(t('noticeChanged', { list: problems.join(', ') }));
}

function train(patch: Partial<State>): void {
  isTaught = true;
  store.set(patch);
  restart(ALL_STEPS);
}

function start(): void {
  dress();
  speak();
  buildControls(app);
  buildDice(app);
  buildChoices(app);
  buildBar(app, {
    restart,
    retry: () => lab.retry(settings(), store.state.steps),
    announce: (text) => announcer.say(text),
  });
  buildRows(app);
  buildLearning(app);
  buildErrors(app);
  buildGuess(app);
  buildReasons(app);
  buildBreaking(app, train);
  translate(document);
  find('#main').hidden = false;
  readAddress();
  window.addEventListener('hashchange', readAddress);
  window.addEventListener('beforeprint', () => stage.renderAll());
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', dress);
  }
}

start();
