// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { extent } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { pointer } from 'd3-selection';
import type { Data, Frame } from '../lab/messages';
import { at } from '../page/readings';
import { cross, dot, ring, segment } from './marks';
import { type Palette, palette } from './palette';
import { drawBottomAxis, drawLeftAxis, type Group, Plot } from './plot';

const MARGINS = { top: 12, right: 12, bottom: 34, left: 34 };
/** How far from a mark, in CSS pixels, a finger may land and still mean it. */
const REACH = 24;

export interface ScatterView {
  readonly data: Data;
  readonly frame: Frame;
  readonly selected: number | null;
  readonly hovered: number | null;
}

/** Two columns of the table: every row, its copy by the model, and the line between them. */
export class Scatter {
  readonly #plot: Plot;
  readonly #columns: readonly [number, number];
  readonly #bottom: Group;
  readonly #left: Group;
  readonly #names: Group;
  #x = scaleLinear();
  #y = scaleLinear();
  #view: ScatterView | undefined;

  constructor(
    parent: HTMLElement,
    columns: readonly [number, number],
    on: { pick(row: number): void; hover(row: number | null): void },
  ) {
    this.#plot = new Plot(parent);
    this.#columns = columns;
    this.#bottom = this.#plot.layer('axis');
    this.#left = this.#plot.layer('axis');
    this.#names = this.#plot.layer('names');
    const rowAt = (event: Event) => this.#nearest(...(pointer(event, parent) as [number, number]));
    parent.addEventListener('click', (event) => {
      const row = rowAt(event);
      if (row !== null) on.pick(row);
    });
    parent.addEventListener('pointermove', (event) => on.hover(rowAt(event)));
    parent.addEventListener('pointerleave', () => on.hover(null));
  }

  update(view: ScatterView): void {
    this.#view = view;
    const context = this.#plot.begin();
    this.#fit(view.data);
    this.#drawAxes(view.data);
    const { width, height } = this.#plot;
    context.save();
    context.beginPath();
    context.rect(MARGINS.left - 2, 0, width - MARGINS.left + 2, height - MARGINS.bottom + 2);
    context.clip();
    this.#drawMarks(context, view, palette());
    context.restore();
  }

  #fit({ train, test, columns }: Data): void {
    const domain = (column: number) => {
      const [low, high] = extent([...each(train, columns, column), ...each(test, columns, column)]);
      const pad = ((high as number) - (low as number)) * 0.06;
      return [(low as number) - pad, (high as number) + pad];
    };
    const { width, height } = this.#plot;
    this.#x = scaleLinear(domain(this.#columns[0]), [MARGINS.left, width - MARGINS.right]);
    this.#y = scaleLinear(domain(this.#columns[1]), [height - MARGINS.bottom, MARGINS.top]);
  }

  #drawAxes({ features }: Data): void {
    const { width, height } = this.#plot;
    const ticks = (scale: ScaleLinear<number, number>, room: number) => scale.ticks(Math.max(2, room / 70));
    drawBottomAxis(this.#bottom, this.#x, height - MARGINS.bottom, { values: ticks(this.#x, width) });
    drawLeftAxis(this.#left, this.#y, MARGINS.left, { values: ticks(this.#y, height) });
    const [across, up] = this.#columns.map((column) => features[column]);
    this.#names
      .selectAll('text')
      .data([
        { text: across, x: width - MARGINS.right, y: height - 3, anchor: 'end' },
        { text: up, x: 2, y: 12, anchor: 'start' },
      ])
      .join('text')
      .attr('x', (name) => name.x)
      .attr('y', (name) => name.y)
      .attr('text-anchor', (name) => name.anchor)
      .text((name) => name.text ?? '');
  }

  #place(rows: Float32Array, row: number, columns: number): [number, number] {
    const from = row * columns;
    return [this.#x(at(rows, from + this.#columns[0])), this.#y(at(rows, from + this.#columns[1]))];
  }

  #drawMarks(context: CanvasRenderingContext2D, view: ScatterView, colours: Palette): void {
    const { data, frame } = view;
    const { columns, labels } = data;
    context.fillStyle = colours.faint;
    for (let i = 0; i < data.train.length / columns; i++) dot(context, ...this.#place(data.train, i, columns), 1.5);
    // Lines lie under marks, so that a copy which sits on its row is still seen as both.
    context.lineWidth = 1;
    labels.forEach((label, i) => {
      context.strokeStyle = label ? colours.anomaly : colours.normal;
      context.globalAlpha = 0.55;
      segment(context, ...this.#place(data.test, i, columns), ...this.#place(frame.copies, i, columns));
    });
    context.globalAlpha = 1;
    labels.forEach((label, i) => {
      const [x, y] = this.#place(data.test, i, columns);
      context.lineWidth = 1.5;
      context.strokeStyle = colours.copy;
      ring(context, ...this.#place(frame.copies, i, columns), 3.5);
      context.fillStyle = colours.normal;
      context.strokeStyle = colours.anomaly;
      context.lineWidth = 2;
      if (label) cross(context, x, y, 3.5);
      else dot(context, x, y, 2.6);
    });
    for (const row of [view.hovered, view.selected]) if (row !== null) this.#highlight(context, view, row, colours);
  }

  #highlight(context: CanvasRenderingContext2D, { data, frame }: ScatterView, row: number, colours: Palette): void {
    const [x, y] = this.#place(data.test, row, data.columns);
    const [cx, cy] = this.#place(frame.copies, row, data.columns);
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    segment(context, x, y, cx, cy);
    ring(context, x, y, 8);
    context.strokeStyle = colours.copy;
    context.lineWidth = 3;
    ring(context, cx, cy, 5);
  }

  #nearest(x: number, y: number): number | null {
    if (!this.#view) return null;
    const { data } = this.#view;
    let best: number | null = null;
    let bestDistance = REACH;
    data.labels.forEach((_, i) => {
      const [rowX, rowY] = this.#place(data.test, i, data.columns);
      const distance = Math.hypot(rowX - x, rowY - y);
      if (distance < bestDistance) [best, bestDistance] = [i, distance];
    });
    return best;
  }
}

const each = (rows: Float32Array, columns: number, column: number) =>
  Array.from({ length: rows.length / columns }, (_, i) => at(rows, i * columns + column));
