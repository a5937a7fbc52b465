// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { defaults, type Name, type State } from './properties';

type Listener = (changed: ReadonlySet<Name>) => void;

/** Holds the page's state and tells who listens which of its properties have changed. */
export class Store {
  #state: State = defaults();
  readonly #listeners: Listener[] = [];

  get state(): Readonly<State> {
    return this.#state;
  }

  set(patch: Partial<State>): void {
    const changed = new Set(
      (Object.keys(patch) as Name[]).filter((name) => String(patch[name]) !== String(this.#state[name])),
    );
    if (changed.size === 0) return;
    this.#state = { ...this.#state, ...patch };
    for (const listener of this.#listeners) listener(changed);
  }

  on(listener: Listener): void {
    this.#listeners.push(listener);
  }
}
