// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Controls built from the table of properties: a native input, its name, and its value in words.
import { type App, find, say } from './app';
import { type Key, number, power, t } from './language';
import { KINDS, type Kind, type Name, PROPS, type State } from './properties';

type Numeric = 'rows' | 'normals' | 'anomalies' | 'strength' | 'latent' | 'epochs' | 'rate' | 'decay';

const KIND_TEXTS: Record<Kind, Key> = { shift: 'kindShift', scale: 'kindScale', extreme: 'kindExtreme' };

const shown = (name: Numeric, value: number) =>
  (name === 'rate' || name === 'decay') && value > 0 ? power(value) : number(value);

export function buildControls(app: App): void {
  for (const box of document.querySelectorAll<HTMLElement>('[data-controls]')) {
    for (const name of (box.dataset.controls as string).split(' ') as Name[]) {
      if (name === 'seed') box.append(seedControl(app));
      else if (name === 'kinds') box.append(kindsControl(app));
      else box.append(slider(app, name as Numeric));
    }
  }
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  data: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  return made;
}

function slider(app: App, name: Numeric): HTMLElement {
  const stops = PROPS[name].stops as readonly number[];
  const box = element('div', { className: 'control' });
  const label = element('label', { htmlFor: `set-${name}` }, { text: name });
  const output = element('output');
  const input = element('input', {
    type: 'range',
    id: `set-${name}`,
    min: '0',
    max: String(stops.length - 1),
    step: '1',
  });
  input.addEventListener('input', () => {
    app.store.set({ [name]: stops[Number(input.value)] } as Partial<State>);
  });
  box.append(label, output, input);
  app.stage.add(box, ['data'], () => {
    const value = app.store.state[name];
    input.value = String(stops.indexOf(value));
    input.setAttribute('aria-valuetext', shown(name, value));
    say(output, shown(name, value));
  });
  return box;
}

function seedControl(app: App): HTMLElement {
  const box = element('div', { className: 'control seed' });
  const label = element('label', { htmlFor: 'set-seed' }, { text: 'seed' });
  const input = element('input', { type: 'number', id: 'set-seed', min: '0', max: '4294967295', step: '1' });
  const dice = element('button', { type: 'button', id: 'dice', className: 'dice' }, { text: 'dice' });
  input.addEventListener('change', () => {
    const seed = PROPS.seed.read(input.value).value;
    input.value = String(seed);
    app.store.set({ seed });
  });
  box.append(label, input, dice);
  app.stage.add(box, ['data'], () => {
    if (document.activeElement !== input) input.value = String(app.store.state.seed);
  });
  return box;
}

function kindsControl(app: App): HTMLElement {
  const box = element('fieldset', { className: 'control kinds' });
  box.append(element('legend', {}, { text: 'kinds' }));
  const boxes = new Map<Kind | 'mixture', HTMLInputElement>();
  for (const kind of ['mixture', ...KINDS] as const) {
    const label = element('label');
    const input = element('input', { type: 'checkbox' });
    label.append(input, element('span', {}, { text: kind === 'mixture' ? 'kindMixture' : KIND_TEXTS[kind] }));
    boxes.set(kind, input);
    box.append(label);
    input.addEventListener('change', () => {
      const chosen = KINDS.filter((one) => boxes.get(one)?.checked);
      app.store.set({ kinds: kind === 'mixture' ? [] : chosen });
      app.stage.mark('data');
    });
  }
  app.stage.add(box, ['data'], () => {
    const { kinds } = app.store.state;
    for (const [kind, input] of boxes) {
      input.checked = kind === 'mixture' ? kinds.length === 0 : kinds.includes(kind);
    }
  });
  return box;
}

/** Every "another seed" on the page: new rows, new first weights, all else as it was. */
export function buildDice(app: App): void {
  for (const dice of document.querySelectorAll('.dice')) {
    dice.addEventListener('click', () => {
      app.store.set({ seed: (crypto.getRandomValues(new Uint16Array(1))[0] as number) % 10000 });
    });
  }
}

/** Theme and language, which change nothing but the looks. */
export function buildChoices(app: App): void {
  const theme = find<HTMLSelectElement>('#theme');
  theme.addEventListener('change', () => app.store.set({ theme: PROPS.theme.read(theme.value).value }));
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-language]')) {
    button.addEventListener('click', () => {
      app.store.set({ lang: PROPS.lang.read(button.dataset.language as string).value });
    });
  }
  app.stage.add(theme, ['all'], () => {
    theme.value = app.store.state.theme;
    const spoken = document.documentElement.lang;
    for (const button of document.querySelectorAll<HTMLButtonElement>('[data-language]')) {
      button.setAttribute('aria-pressed', String(button.dataset.language === spoken));
    }
  });
}

export const describeKind = (label: number | undefined) => t(label ? 'anomalyOne' : 'normalOne');
