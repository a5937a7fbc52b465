// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

export type Channel = 'data' | 'frame' | 'threshold' | 'row' | 'hover' | 'phase' | 'guess' | 'all';

interface Part {
  readonly channels: ReadonlySet<Channel>;
  readonly render: () => void;
  isVisible: boolean;
  isDirty: boolean;
}

/**
 * Redraws, once per animation frame, the parts whose inputs have changed: while the model trains only those on the
 * screen, at rest all of them, since a screen reader or a search reads where no eye is.
 */
export class Stage {
  readonly #isBusy: () => boolean;
  readonly #parts: Part[] = [];
  readonly #byElement = new Map<Element, Part>();
  #isAsked = false;
  readonly #then: (() => void)[] = [];
  readonly #watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const part = this.#byElement.get(target);
        if (part) part.isVisible = isIntersecting;
      }
      this.#ask();
    },
    { rootMargin: '150px' },
  );

  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy;
  }

  add(element: Element, channels: readonly Channel[], render: () => void): void {
    const part: Part = { channels: new Set(channels), render, isVisible: true, isDirty: true };
    this.#parts.push(part);
    this.#byElement.set(element, part);
    this.#watcher.observe(element);
    new ResizeObserver(() => {
      part.isDirty = true;
      this.#ask();
    }).observe(element);
  }

  mark(...channels: readonly Channel[]): void {
    for (const part of this.#parts) {
      part.isDirty ||= channels.some((channel) => channel === 'all' || part.channels.has(channel));
    }
    this.#ask();
  }

  /** Calls back once what is dirty now has been drawn. */
  afterNext(then: () => void): void {
    this.#then.push(then);
    this.#ask();
  }

  /** For printing: everything, visible or not, now. */
  renderAll(): void {
    for (const part of this.#parts) part.render();
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      const isBusy = this.#isBusy();
      for (const part of this.#parts) {
        if (!part.isDirty || (isBusy && !part.isVisible)) continue;
        part.isDirty = false;
        part.render();
      }
      for (const then of this.#then.splice(0)) then();
    });
  }
}
