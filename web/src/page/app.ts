// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import type { Lab } from '../lab/lab';
import type { Data, Frame } from '../lab/messages';
import type { Stage } from './stage';
import type { Store } from './store';

/** What every figure is given: the state, the model at the other end of the wire, and the row they all point at. */
export class App {
  hovered: number | null = null;

  constructor(
    readonly store: Store,
    readonly lab: Lab,
    readonly stage: Stage,
  ) {}

  /** Rows and the model's view of them; absent while loading and after a failure to load. */
  get run(): { data: Data; frame: Frame } | undefined {
    const { data, frame } = this.lab;
    return data && frame && data.labels.length === frame.testErrors.length ? { data, frame } : undefined;
  }

  /** The reader's own threshold, or else the one the training errors give. */
  get threshold(): number {
    return this.store.state.threshold ?? this.lab.frame?.quantile ?? Number.NaN;
  }

  /** Index of the selected row among the test rows; the state counts from 1, as people do. */
  get selected(): number | null {
    const { row } = this.store.state;
    const rows = this.lab.data?.labels.length ?? 0;
    return row === null || row > rows ? null : row - 1;
  }

  readonly pick = (row: number): void => {
    this.store.set({ row: row + 1 });
  };

  readonly hover = (row: number | null): void => {
    if (row === this.hovered) return;
    this.hovered = row;
    this.stage.mark('hover');
  };

  readonly moveThreshold = (threshold: number): void => {
    this.store.set({ threshold: Number(threshold.toPrecision(4)) });
  };
}

/** The one element a selector finds; the page cannot work without it. */
export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const element = root.querySelector<T>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}

export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
