// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { type App, find, say } from '../page/app';
import { percent, t } from '../page/language';
import { type Guess, PROPS } from '../page/properties';
import { confusion } from '../page/readings';

/** The answers' borders: up to 3 %, up to 7 %, and more. */
const answerFor = (share: number): Guess => (share < 0.03 ? 'fewer' : share <= 0.07 ? 'promised' : 'more');

/** Predict, then reveal: does the threshold keep its promise of 5 % on new rows? */
export function buildGuess(app: App): void {
  const box = find('#guess');
  const buttons = [...box.querySelectorAll<HTMLButtonElement>('[data-guess]')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      app.store.set({ guess: PROPS.guess.read(button.dataset.guess as string).value });
    });
  }
  const answer = find('#guess-answer');
  answer.setAttribute('aria-live', 'polite');
  app.stage.add(box, ['data', 'phase', 'guess'], () => {
    const { guess, normals } = app.store.state;
    say(find('#guess-question'), t('guessQuestion', { n: normals }));
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.guess === guess));
    say(answer, verdict(app));
    find('#guess-dice').hidden = guess === '' || app.lab.phase !== 'done';
  });
}

function verdict(app: App): string {
  const { guess } = app.store.state;
  if (guess === '') return '';
  if (!app.run || app.lab.phase !== 'done') return t('guessWait');
  const { data, frame } = app.run;
  const { falseAlarms, passed } = confusion(frame.testErrors, data.labels, frame.quantile);
  const n = falseAlarms + passed;
  const right = answerFor(falseAlarms / n);
  const key = guess === 'shown' ? 'guessShown' : guess === right ? 'guessRight' : 'guessWrong';
  return [
    t(key, { share: percent(falseAlarms / n), alarms: falseAlarms, n }),
    ...(right === 'more' ? [t('guessMoreWhy')] : []),
    t('guessCaution', { one: percent(1 / n) }),
  ].join(' ');
}
