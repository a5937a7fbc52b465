// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import { type Axis, axisBottom, axisLeft } from 'd3-axis';
import type { NumberValue } from 'd3-scale';
import { type Selection, select } from 'd3-selection';
import { number } from '../page/language';

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export type Group = Selection<SVGGElement, unknown, null, undefined>;

/** A canvas for the many marks and an SVG above it for axes and for what can be touched. */
export class Plot {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly svg: Selection<SVGSVGElement, unknown, null, undefined>;
  width = 0;
  height = 0;

  constructor(parent: HTMLElement) {
    this.element = parent;
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    parent.append(this.canvas);
    this.svg = select(parent).append('svg');
  }

  layer(name: string, isHidden = true): Group {
    const group = this.svg.append('g').attr('class', name);
    return isHidden ? group.attr('aria-hidden', 'true') : group;
  }

  /** Takes the size CSS gives; the returned context draws in CSS pixels on a clean sheet. */
  begin(): CanvasRenderingContext2D {
    this.width = this.element.clientWidth;
    this.height = this.element.clientHeight;
    const density = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(this.width * density), Math.round(this.height * density)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
    }
    this.svg.attr('viewBox', `0 0 ${this.width} ${this.height}`);
    const context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }
}

export interface AxisScale {
  (value: NumberValue): number;
  domain(): number[];
  range(): number[];
  copy(): this;
}

interface AxisLook {
  readonly values: readonly number[];
  readonly format?: (value: number) => string;
}

export function drawBottomAxis(group: Group, scale: AxisScale, y: number, look: AxisLook): void {
  group.attr('transform', `translate(0,${y})`).call(dress(axisBottom<NumberValue>(scale), look));
}

export function drawLeftAxis(group: Group, scale: AxisScale, x: number, look: AxisLook): void {
  group.attr('transform', `translate(${x},0)`).call(dress(axisLeft<NumberValue>(scale), look));
}

const dress = (axis: Axis<NumberValue>, look: AxisLook) =>
  axis
    .tickValues([...look.values])
    .tickFormat((value) => (look.format ?? number)(Number(value)))
    .tickSize(4)
    .tickPadding(5);

/** Whole decades within a log scale's domain. */
export function decades([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`));
}
