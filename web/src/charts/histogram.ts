// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { drag } from 'd3-drag';
import { scaleLog } from 'd3-scale';
import { pointer } from 'd3-selection';
import { number } from '../page/language';
import { at } from '../page/readings';
import { cross, dot, ring } from './marks';
import { palette } from './palette';
import { decades, drawBottomAxis, type Group, Plot } from './plot';

/** The range input under the plot has the same margins, so that its thumb stands under the line. */
const MARGINS = { top: 30, right: 14, bottom: 36, left: 14 };
/** Below this width the names of the groups get a strip of their own above the marks. */
const NARROW = 560;
const NAME_STRIP = 38;
const BIN_WIDTH = 13;
const MAX_MARK = 5;
const REACH = 24;

export interface HistogramView {
  readonly trainErrors: Float32Array;
  readonly errors: Float32Array;
  readonly labels: Uint8Array;
  readonly threshold: number;
  readonly domain: readonly [number, number];
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly words: { normal: string; anomaly: string; train: string; axis: string; threshold: string; value: string };
}

interface Place {
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** Every row is one mark over its error: normal rows stacked upwards, anomalies downwards. */
export class Histogram {
  readonly #plot: Plot;
  readonly #bottom: Group;
  readonly #outline: Group;
  readonly #names: Group;
  readonly #handle: Group;
  #x = scaleLog();
  #places: Place[] = [];
  #view: HistogramView | undefined;

  constructor(
    parent: HTMLElement,
    on: { pick(row: number): void; hover(row: number | null): void; move(threshold: number): void },
  ) {
    this.#plot = new Plot(parent);
    this.#outline = this.#plot.layer('outline');
    this.#bottom = this.#plot.layer('axis');
    this.#names = this.#plot.layer('names');
    this.#handle = this.#makeHandle(parent, on.move);
    const rowAt = (event: Event) => this.#nearest(...(pointer(event, parent) as [number, number]));
    parent.addEventListener('click', (event) => {
      const row = rowAt(event);
      if (row !== null && !event.defaultPrevented) on.pick(row);
    });
    parent.addEventListener('pointermove', (event) => on.hover(rowAt(event)));
    parent.addEventListener('pointerleave', () => on.hover(null));
  }

  update(view: HistogramView): void {
    this.#view = view;
    const context = this.#plot.begin();
    const { width, height } = this.#plot;
    this.#x = scaleLog([...view.domain], [MARGINS.left, width - MARGINS.right]).clamp(true);
    const bins = Math.max(16, Math.floor((width - MARGINS.left - MARGINS.right) / BIN_WIDTH));
    const stacks = this.#stack(view, bins);
    drawBottomAxis(this.#bottom, this.#x, height - MARGINS.bottom, { values: decades(view.domain) });
    this.#drawMarks(context, view, stacks.size);
    this.#drawOutline(view, bins, stacks);
    this.#drawNames(view, stacks.base);
    this.#drawHandle(view);
  }

  #binOf(error: number, bins: number): number {
    const [low = 0, high = 0] = this.#x.range();
    const x = this.#x(Math.max(error, Number.MIN_VALUE));
    return Math.min(bins - 1, Math.max(0, Math.floor(((x - low) / (high - low)) * bins)));
  }

  /** Gives every row its place; `size` is the height of one row, the same on both sides of `base`. */
  #stack({ errors, labels, threshold }: HistogramView, bins: number): { base: number; size: number } {
    // Two stacks a bin and a side: rows below the threshold and above it never share one.
    const counts = [new Uint16Array(2 * bins), new Uint16Array(2 * bins)] as const;
    const slots = Array.from(errors, (error, row) => {
      const side = labels[row] ? 1 : 0;
      const isAbove = error > threshold;
      const bin = this.#binOf(error, bins);
      const stack = 2 * bin + (isAbove ? 1 : 0);
      const level = at(counts[side], stack);
      counts[side][stack] = level + 1;
      return { row, side, bin, level, isAbove };
    });
    const [up, down] = counts.map((side) => Math.max(4, ...side)) as [number, number];
    const top = MARGINS.top + (this.#plot.width < NARROW ? NAME_STRIP : 0);
    const room = this.#plot.height - top - MARGINS.bottom - 8;
    const size = Math.min(BIN_WIDTH, room / (up + down));
    const base = top + room * (up / (up + down)) + 2;
    const line = this.#x(threshold);
    this.#places = slots.map(({ row, side, bin, level, isAbove }) => {
      const middle = this.#middleOf(bin, bins);
      return {
        row,
        x: isAbove ? Math.max(middle, line + MAX_MARK + 1) : Math.min(middle, line - MAX_MARK - 1),
        y: base + (side ? 1 : -1) * (level + 0.5) * size + (side ? 3 : -1),
      };
    });
    return { base, size };
  }

  #middleOf(bin: number, bins: number): number {
    const [low = 0, high = 0] = this.#x.range();
    return low + ((bin + 0.5) / bins) * (high - low);
  }

  #drawMarks(context: CanvasRenderingContext2D, view: HistogramView, size: number): void {
    const colours = palette();
    const reach = Math.min(MAX_MARK, Math.max(1, size * 0.42));
    context.fillStyle = colours.normal;
    context.strokeStyle = colours.anomaly;
    context.lineWidth = Math.min(2, reach * 0.6);
    for (const { row, x, y } of this.#places) {
      if (view.labels[row]) cross(context, x, y, reach * 0.85);
      else dot(context, x, y, reach);
    }
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    for (const row of [view.hovered, view.selected]) {
      const place = row === null ? undefined : this.#places[row];
      if (place) ring(context, place.x, place.y, reach + 4);
    }
  }

  /** The training rows as an outline, scaled to the number of normal rows: what the marks should fill. */
  #drawOutline(view: HistogramView, bins: number, { base, size }: { base: number; size: number }): void {
    const counts = new Float64Array(bins);
    for (const error of view.trainErrors) {
      const bin = this.#binOf(error, bins);
      counts[bin] = at(counts, bin) + 1;
    }
    const normals = view.labels.reduce((sum, label) => sum + (label ? 0 : 1), 0);
    const scale = (normals / view.trainErrors.length) * size;
    const [low = 0, high = 0] = this.#x.range();
    const wide = (high - low) / bins;
    const steps = Array.from(counts, (count, i) => {
      const y = Math.max(4, base - 1 - count * scale).toFixed(1);
      return `V${y}H${(low + (i + 1) * wide).toFixed(1)}`;
    });
    this.#outline
      .selectAll('path')
      .data([`M${low},${base - 1}${steps.join('')}V${base - 1}`, `M${low},${base + 1}H${high}`])
      .join('path')
      .attr('d', (path) => path);
  }

  #drawNames({ words }: HistogramView, base: number): void {
    const { width, height } = this.#plot;
    const left = MARGINS.left;
    const rows = [
      { name: 'normal', text: words.normal, x: left, y: MARGINS.top + 10, anchor: 'start' },
      { name: 'train', text: words.train, x: left, y: MARGINS.top + 28, anchor: 'start' },
      {
        name: 'anomaly',
        text: words.anomaly,
        x: left,
        y: Math.min(base + 22, height - MARGINS.bottom - 6),
        anchor: 'start',
      },
      { name: 'axis-name', text: words.axis, x: width - MARGINS.right, y: height - 2, anchor: 'end' },
    ];
    this.#names
      .selectAll('text')
      .data(rows)
      .join('text')
      .attr('class', (label) => label.name)
      .attr('x', (label) => label.x)
      .attr('y', (label) => label.y)
      .attr('text-anchor', (label) => label.anchor)
      .text((label) => label.text);
  }

  #makeHandle(parent: HTMLElement, move: (threshold: number) => void): Group {
    const handle = this.#plot.layer('threshold', false).attr('tabindex', 0).attr('role', 'slider');
    handle.append('rect').attr('class', 'grip').attr('width', 32).attr('x', -16);
    handle.append('line');
    handle.append('circle').attr('r', 7);
    handle.append('text').attr('y', 12);
    const dragging = drag<SVGGElement, unknown>()
      .container(() => parent)
      .subject(() => ({ x: this.#view ? this.#x(this.#view.threshold) : 0, y: 0 }))
      .on('drag', (event) => move(this.#x.invert(event.x)));
    handle.call(dragging);
    handle.on('keydown', (event: KeyboardEvent) => {
      const next = this.#view && keyMove(event, this.#view);
      if (next === undefined) return;
      event.preventDefault();
      move(next);
    });
    return handle;
  }

  #drawHandle({ threshold, domain, words }: HistogramView): void {
    const x = this.#x(threshold);
    const { width, height } = this.#plot;
    const bottom = height - MARGINS.bottom;
    this.#handle
      .attr('transform', `translate(${x},0)`)
      .attr('aria-label', words.threshold)
      .attr('aria-valuemin', domain[0])
      .attr('aria-valuemax', domain[1])
      .attr('aria-valuenow', Number(threshold.toPrecision(4)))
      .attr('aria-valuetext', number(threshold));
    this.#handle.select('rect').attr('height', bottom);
    this.#handle
      .select('line')
      .attr('y1', MARGINS.top - 6)
      .attr('y2', bottom);
    this.#handle.select('circle').attr('cy', MARGINS.top - 6);
    const isRight = x > width * 0.6;
    this.#handle
      .select('text')
      .attr('x', isRight ? -13 : 13)
      .attr('y', MARGINS.top - 9)
      .attr('text-anchor', isRight ? 'end' : 'start')
      .text(words.value);
  }

  #nearest(x: number, y: number): number | null {
    let best: number | null = null;
    let bestDistance = REACH;
    for (const place of this.#places) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance < bestDistance) [best, bestDistance] = [place.row, distance];
    }
    return best;
  }
}

/** The keys a slider answers to, as factors on the threshold. */
const FACTORS: Readonly<Record<string, number>> = {
  ArrowRight: 1.02,
  ArrowUp: 1.02,
  ArrowLeft: 1 / 1.02,
  ArrowDown: 1 / 1.02,
  PageUp: 1.25,
  PageDown: 1 / 1.25,
};

function keyMove(event: KeyboardEvent, { threshold, domain }: HistogramView): number | undefined {
  if (event.key === 'Home') return domain[0];
  if (event.key === 'End') return domain[1];
  const factor = FACTORS[event.key];
  return factor && Math.min(domain[1], Math.max(domain[0], threshold * factor));
}

/** Whole decades around all errors, at least two of them; given `before`, as while the model trains, it only grows. */
export function errorDomain(
  errors: readonly Float32Array[],
  before: readonly [number, number] | undefined,
): readonly [number, number] {
  let [low, high] = before ?? [0.01, 10];
  for (const list of errors) {
    for (const error of list) {
      if (!(error > 0) || !Number.isFinite(error)) continue;
      while (error > high) high *= 10;
    }
    const sorted = Float32Array.from(list).sort();
    const early = at(sorted, Math.floor(sorted.length * 0.02));
    while (early > 0 && early < low && low > 1e-9) low /= 10;
  }
  return [Number(low.toPrecision(1)), Number(high.toPrecision(1))];
}
