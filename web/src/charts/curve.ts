// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { decades, drawBottomAxis, drawLeftAxis, type Group, Plot } from './plot';

const MARGINS = { top: 12, right: 128, bottom: 34, left: 44 };
/** Two labels at the ends of lines need this much air between their baselines. */
const LABEL_GAP = 17;

export interface Series {
  readonly name: 'loss' | 'normal' | 'anomaly';
  readonly label: string;
  /** Value after `first + i` epochs. */
  readonly first: number;
  readonly values: ArrayLike<number>;
}

export interface CurveView {
  readonly epochs: number;
  readonly series: readonly Series[];
  readonly axisName: string;
}

/** Errors over epochs on a logarithmic scale, each line named where it ends. */
export class Curve {
  readonly #plot: Plot;
  readonly #bottom: Group;
  readonly #left: Group;
  readonly #lines: Group;
  readonly #names: Group;

  constructor(parent: HTMLElement) {
    this.#plot = new Plot(parent);
    this.#bottom = this.#plot.layer('axis');
    this.#left = this.#plot.layer('axis');
    this.#lines = this.#plot.layer('lines');
    this.#names = this.#plot.layer('names');
  }

  update({ epochs, series, axisName }: CurveView): void {
    this.#plot.begin();
    const { width, height } = this.#plot;
    const bottom = height - MARGINS.bottom;
    const right = width - MARGINS.right;
    const domain = span(series);
    const x = scaleLinear([0, epochs], [MARGINS.left, right]);
    const y = scaleLog(domain, [bottom, MARGINS.top]);
    drawBottomAxis(this.#bottom, x, bottom, { values: x.ticks(Math.max(2, width / 120)), format: String });
    drawLeftAxis(this.#left, y, MARGINS.left, { values: decades(domain) });
    const points = series.map((one) => pointsOf(one));
    const path = line<[number, number]>(
      ([epoch]) => x(epoch),
      ([, value]) => y(value),
    );
    this.#lines
      .selectAll('path')
      .data(points)
      .join('path')
      .attr('class', (_, i) => `line ${series[i]?.name}`)
      .attr('d', (list) => path(list));
    this.#lines
      .selectAll('circle')
      .data(points.map((list) => list.at(-1)))
      .join('circle')
      .attr('class', (_, i) => `end ${series[i]?.name}`)
      .attr('r', (end) => (end ? 3 : 0))
      .attr('cx', (end) => (end ? x(end[0]) : 0))
      .attr('cy', (end) => (end ? y(end[1]) : 0));
    this.#drawNames(series, points, x, y, axisName);
  }

  #drawNames(
    series: readonly Series[],
    points: readonly [number, number][][],
    x: (epoch: number) => number,
    y: (value: number) => number,
    axisName: string,
  ): void {
    const { width, height } = this.#plot;
    const bottom = height - MARGINS.bottom;
    const labels = series.flatMap((one, i) => {
      const end = points[i]?.at(-1);
      return end ? [{ name: one.name, text: one.label, x: x(end[0]) + 9, y: y(end[1]) + 4 }] : [];
    });
    spread(labels, bottom);
    this.#names
      .selectAll('text')
      .data([...labels, { name: 'axis-name', text: axisName, x: width - MARGINS.right + 18, y: bottom + 18 }])
      .join('text')
      .attr('class', (label) => label.name)
      .attr('x', (label) => label.x)
      .attr('y', (label) => label.y)
      .text((label) => label.text);
  }
}

function pointsOf({ values, first }: Series): [number, number][] {
  const list: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > 0 && Number.isFinite(value)) list.push([first + i, value]);
  }
  return list;
}

/** Whole decades around everything drawn, so that the axis moves seldom and by whole steps. */
function span(series: readonly Series[]): [number, number] {
  let [low, high] = [0.1, 10];
  for (const { values } of series) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!(value > 0) || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
}

/** Pushes labels apart, from the lowest up. */
function spread(labels: { y: number }[], floor: number): void {
  let limit = floor + 4;
  for (const label of [...labels].sort((a, b) => b.y - a.y)) {
    label.y = Math.min(label.y, limit);
    limit = label.y - LABEL_GAP;
  }
}
