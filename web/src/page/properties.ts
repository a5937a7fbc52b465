// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// One table of everything that makes up the page's state. The address bar, the controls, the worker's
// settings and the checks of what a stranger's link brings are all read from it.

export type Kind = 'shift' | 'scale' | 'extreme';
export type Guess = '' | 'fewer' | 'promised' | 'more' | 'shown';
export type Language = 'ru' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

export interface State {
  seed: number;
  rows: number;
  normals: number;
  anomalies: number;
  /** Empty: the mixture of the original example. */
  kinds: readonly Kind[];
  strength: number;
  latent: number;
  epochs: number;
  rate: number;
  decay: number;
  /** Steps trained so far; a link made in the middle of a run opens in the middle of that run. */
  steps: number;
  /** null: the 95 % quantile of the training errors, recomputed as the model learns. */
  threshold: number | null;
  row: number | null;
  guess: Guess;
  lang: Language | 'auto';
  theme: Theme;
}

/** What reading a text gives: a usable value, and whether it had to be changed to become usable. */
export interface Reading<T> {
  readonly value: T;
  readonly changed: boolean;
}

export interface Property<T> {
  readonly fallback: T;
  /** The positions of a slider, when the property has one. */
  readonly stops?: readonly number[];
  read(text: string): Reading<T>;
  write(value: T): string;
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

function whole(fallback: number, min: number, max: number): Property<number> {
  const read = (text: string) => {
    const asked = numberOf(text);
    if (!Number.isFinite(asked)) return { value: fallback, changed: true };
    const value = Math.min(max, Math.max(min, Math.round(asked)));
    return { value, changed: value !== asked };
  };
  return { fallback, read, write: String };
}

/** A number that takes one of a few values; others go to the nearest one. */
function stepped(fallback: number, stops: readonly number[]): Property<number> {
  const read = (text: string) => {
    const asked = numberOf(text);
    if (!Number.isFinite(asked)) return { value: fallback, changed: true };
    const value = stops.reduce((best, stop) => (Math.abs(stop - asked) < Math.abs(best - asked) ? stop : best));
    return { value, changed: value !== asked };
  };
  return { fallback, stops, read, write: String };
}

function optional(min: number, max: number, isWhole: boolean): Property<number | null> {
  const read = (text: string) => {
    const asked = numberOf(text);
    if (!Number.isFinite(asked)) return { value: null, changed: true };
    const inside = Math.min(max, Math.max(min, asked));
    const value = isWhole ? Math.round(inside) : inside;
    return { value, changed: value !== asked };
  };
  return { fallback: null, read, write: (value) => (value === null ? '' : String(value)) };
}

function choice<T extends string>(fallback: T, choices: readonly T[]): Property<T> {
  const read = (text: string) => {
    const value = choices.find((one) => one === text);
    return { value: value ?? fallback, changed: value === undefined };
  };
  return { fallback, read, write: String };
}

function subset<T extends string>(choices: readonly T[]): Property<readonly T[]> {
  const read = (text: string) => {
    const asked = text.split(',');
    const value = choices.filter((one) => asked.includes(one));
    return { value, changed: value.length !== asked.length };
  };
  return { fallback: [], read, write: (value) => value.join(',') };
}

export const KINDS: readonly Kind[] = ['shift', 'scale', 'extreme'];
const upTo = (last: number, step: number) =>
  Array.from({ length: Math.round(last / step) + 1 }, (_, i) => Number((i * step).toFixed(4)));

export const PROPS: { readonly [K in keyof State]: Property<State[K]> } = {
  seed: whole(42, 0, 0xffffffff),
  rows: stepped(200, [25, 50, 100, 200, 400, 800, 1600]),
  normals: stepped(60, [20, 60, 200, 600]),
  anomalies: stepped(20, [5, 10, 20, 50, 100]),
  kinds: subset(KINDS),
  strength: stepped(1, upTo(2, 0.05)),
  latent: stepped(2, [1, 2, 3, 4, 6, 8]),
  epochs: stepped(60, [10, 20, 40, 60, 100, 200, 400, 1000, 3000]),
  rate: stepped(1e-3, [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1]),
  decay: stepped(1e-5, [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]),
  steps: whole(0, 0, 1e6),
  threshold: optional(1e-8, 1e8, false),
  row: optional(1, 700, true),
  guess: choice<Guess>('', ['', 'fewer', 'promised', 'more', 'shown']),
  lang: choice<Language | 'auto'>('auto', ['auto', 'ru', 'en']),
  theme: choice<Theme>('auto', ['auto', 'light', 'dark']),
};

export type Name = keyof State;
export const NAMES = Object.keys(PROPS) as Name[];

/** What the worker must be set up with afresh when it changes. */
export const SETTINGS = [
  'seed',
  'rows',
  'normals',
  'anomalies',
  'kinds',
  'strength',
  'latent',
  'epochs',
  'rate',
  'decay',
] as const satisfies readonly Name[];
export type Settings = Pick<State, (typeof SETTINGS)[number]>;

export function defaults(): State {
  return Object.fromEntries(NAMES.map((name) => [name, PROPS[name].fallback])) as unknown as State;
}

/** Reads a hash such as `#seed=7&latent=1`; `problems` names what was unknown or had to be changed. */
export function readHash(hash: string): { state: State; problems: string[] } {
  const state: Record<string, unknown> = { ...defaults() };
  const problems: string[] = [];
  for (const [name, text] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (!Object.hasOwn(PROPS, name)) {
      problems.push(name);
      continue;
    }
    const { value, changed } = PROPS[name as Name].read(text);
    state[name] = value;
    if (changed) problems.push(`${name}=${text}`);
  }
  return { state: state as unknown as State, problems };
}

/** The shortest hash that brings the state back: what equals the default is left out. */
export function writeHash(state: State): string {
  const parts = NAMES.flatMap((name) => {
    const { fallback, write } = PROPS[name] as Property<unknown>;
    const text = write(state[name]);
    return text === write(fallback) ? [] : [`${name}=${text}`];
  });
  return parts.length ? `#${parts.join('&')}` : '';
}
