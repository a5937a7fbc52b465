// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { scaleLinear } from 'd3-scale';
import { number } from '../page/language';
import type { FeatureReading } from '../page/readings';
import { cross, dot, ring, segment } from './marks';
import { palette } from './palette';
import { drawBottomAxis, type Group, Plot } from './plot';

const MARGINS = { top: 8, right: 62, bottom: 34, left: 34 };

export interface LanesView {
  readonly readings: readonly FeatureReading[];
  /** Where nine training rows of ten lie, one pair for each feature. */
  readonly usual: readonly (readonly [number, number])[];
  readonly isAnomaly: boolean;
  /** The feature's share of the row's error, in words. */
  readonly shares: readonly string[];
}

/** One lane for each feature: the usual range, what the row has, what the model expected. */
export class Lanes {
  readonly #plot: Plot;
  readonly #bottom: Group;
  readonly #names: Group;

  constructor(parent: HTMLElement) {
    this.#plot = new Plot(parent);
    this.#bottom = this.#plot.layer('axis');
    this.#names = this.#plot.layer('names');
  }

  update(view: LanesView): void {
    const context = this.#plot.begin();
    const { width, height } = this.#plot;
    const bottom = height - MARGINS.bottom;
    const numbers = view.readings.flatMap(({ value, expected }, i) => [value, expected, ...(view.usual[i] ?? [])]);
    const x = scaleLinear(
      [Math.min(...numbers), Math.max(...numbers)],
      [MARGINS.left + 10, width - MARGINS.right - 10],
    ).nice(5);
    drawBottomAxis(this.#bottom, x, bottom, { values: x.ticks(Math.max(2, width / 90)), format: number });
    const laneHeight = (bottom - MARGINS.top) / view.readings.length;
    const middles = view.readings.map((_, i) => MARGINS.top + (i + 0.5) * laneHeight);
    view.readings.forEach((reading, i) => {
      this.#drawLane(context, view, reading, view.usual[i], x, middles[i] as number);
    });
    this.#drawNames(view, middles, width);
  }

  #drawLane(
    context: CanvasRenderingContext2D,
    view: LanesView,
    reading: FeatureReading,
    usual: readonly [number, number] | undefined,
    x: (value: number) => number,
    y: number,
  ): void {
    const colours = palette();
    context.fillStyle = colours.faint;
    context.globalAlpha = 0.45;
    if (usual) context.fillRect(x(usual[0]), y - 9, x(usual[1]) - x(usual[0]), 18);
    context.globalAlpha = 1;
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    segment(context, x(reading.value), y, x(reading.expected), y);
    context.strokeStyle = colours.copy;
    context.lineWidth = 2.5;
    ring(context, x(reading.expected), y, 6);
    context.fillStyle = colours.normal;
    context.strokeStyle = colours.anomaly;
    if (view.isAnomaly) cross(context, x(reading.value), y, 5);
    else dot(context, x(reading.value), y, 4.5);
  }

  #drawNames({ readings, shares }: LanesView, middles: readonly number[], width: number): void {
    const labels = readings.flatMap((reading, i) => {
      const y = (middles[i] as number) + 4;
      return [
        { name: 'feature', text: reading.feature, x: 2, y, anchor: 'start' },
        { name: 'share', text: shares[i] ?? '', x: width - 4, y, anchor: 'end' },
      ];
    });
    this.#names
      .selectAll('text')
      .data(labels)
      .join('text')
      .attr('class', (label) => label.name)
      .attr('x', (label) => label.x)
      .attr('y', (label) => label.y)
      .attr('text-anchor', (label) => label.anchor)
      .text((label) => label.text);
  }
}
