// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import type { Phase } from '../lab/lab';
import { type App, find, say } from './app';
import { type Key, power, t } from './language';
import { PROPS } from './properties';

const PLAY_TEXT: Record<Phase, Key> = {
  loading: 'play',
  paused: 'resume',
  running: 'pause',
  done: 'again',
  diverged: 'play',
  broken: 'play',
};

export interface BarActions {
  /** Makes rows and model afresh with the settings of the moment, trained by `steps`. */
  restart(steps: number, thenPlay?: boolean): void;
  retry(): void;
  announce(sentence: string): void;
}

/** Play and pause, one epoch, reset, and how far the training is. */
export function buildBar(app: App, actions: BarActions): void {
  const play = find<HTMLButtonElement>('#play');
  const step = find<HTMLButtonElement>('#step');
  const reset = find<HTMLButtonElement>('#reset');
  play.addEventListener('click', () => {
    if (app.lab.phase === 'running') return app.lab.pause();
    if (app.lab.phase === 'done') actions.restart(0, true);
    else app.lab.play();
  });
  step.addEventListener('click', () => void app.lab.stepEpoch());
  reset.addEventListener('click', () => {
    actions.restart(0);
    actions.announce(t('saidReset', { seed: String(app.store.state.seed) }));
  });
  buildShare(actions);
  buildFailure(app, actions);
  const line = find<HTMLProgressElement>('#progress-line');
  const progress = find('#progress');
  app.stage.add(find('.bar'), ['phase', 'frame', 'data'], () => {
    const { phase, frame } = app.lab;
    const isUsable = phase === 'running' || phase === 'paused' || phase === 'done';
    say(play, t(phase === 'paused' && frame?.step === 0 ? 'play' : PLAY_TEXT[phase]));
    play.disabled = !isUsable;
    step.disabled = !isUsable || phase === 'done';
    reset.disabled = phase === 'loading' || phase === 'broken' || frame?.step === 0;
    line.value = frame ? frame.step / frame.steps : 0;
    document.documentElement.dataset.phase = phase === 'paused' && frame?.step === 0 ? 'untrained' : phase;
    say(
      progress,
      phase === 'loading'
        ? t('loading')
        : frame
          ? t('progress', { epoch: frame.epoch, epochs: frame.epochs, seed: String(app.store.state.seed) })
          : '',
    );
  });
}

function buildShare({ announce }: BarActions): void {
  find('#share').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      notify(t('shared'));
      announce(t('shared'));
    } catch {
      notify(t('shareFailed'));
    }
  });
  find('#notice button').addEventListener('click', () => {
    find('#notice').hidden = true;
    find('#main').focus({ preventScroll: true });
  });
}

export function notify(text: string): void {
  find('#notice').hidden = false;
  say(find('#notice span'), text);
}

/** The two ways a run can fail, each with the way out of it. */
function buildFailure(app: App, actions: BarActions): void {
  const box = find('#failure');
  const button = find<HTMLButtonElement>('#failure button');
  const calm = PROPS.rate.fallback;
  button.addEventListener('click', () => {
    if (app.lab.phase === 'diverged') {
      if (app.store.state.rate === calm) actions.restart(0);
      else app.store.set({ rate: calm });
    } else actions.retry();
  });
  app.stage.add(find('.notices'), ['phase'], () => {
    const { phase, failure } = app.lab;
    box.hidden = phase !== 'diverged' && phase !== 'broken';
    if (box.hidden) return;
    const isDiverged = phase === 'diverged';
    const rate = power(app.store.state.rate);
    say(
      find('p', box),
      isDiverged ? t('failedDiverged', { rate }) : t('failedLoad', { message: failure?.message || t('noDetail') }),
    );
    say(button, isDiverged ? t('calmer', { rate: power(calm) }) : t('retry'));
  });
}
