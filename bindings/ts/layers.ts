// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { wordOf } from './failures.ts';
import type { Model } from './model.ts';
import type { Source } from './source.ts';
import type { Activation, Layer, ModelOptions } from './types.ts';

/** A layer, and where its weights begin among the parameters of its net. */
interface Shape {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  readonly weights: number;
  readonly bias: number;
}

/** The layers of one net. */
export function shapesOf({ core, own }: Model, net = 0): Shape[] {
  return Array.from({ length: own.layerCount(net) }, (_, index) => {
    const { activation, ...shape } = own.layer(net, index);
    return { ...shape, activation: wordOf(core.engine.Activation, activation) };
  });
}

/** The layers of all nets, one net after another, with copies of their weights. */
export function layersOf(model: Model): Layer[] {
  const { core, own } = model;
  return Array.from({ length: own.nets }, (_, net) => {
    const parameters = core.heap.list('float', own.parameters(net));
    return shapesOf(model, net).map(({ inputs, outputs, activation, weights, bias }) => ({
      inputs,
      outputs,
      activation,
      weights: parameters.slice(weights, weights + inputs * outputs),
      bias: parameters.slice(bias, bias + outputs),
    }));
  }).flat();
}

/** What the options left to be chosen, as it came out. A committee chooses its members' widths one by one. */
export function architectureOf(model: Model): ModelOptions {
  const { options, own } = model;
  const { members, latent } = own;
  if (model.detects) return { members };
  const shapes = shapesOf(model);
  const code = shapes.length - 2 - (options.decoder ?? options.hidden ?? [0]).length;
  return { members, hidden: shapes.slice(0, code).map(({ outputs }) => outputs), latent };
}

/** What every layer of a single net makes of the one row of `source`: the scaled row itself, then each layer's outputs. */
export function activationsOf(model: Model, source: Source): Float32Array[] {
  const { core, own } = model;
  const widths = [source.columns, ...shapesOf(model).map(({ outputs }) => outputs)];
  const total = widths.reduce((sum, width) => sum + width, 0);
  const found: Float32Array[] = [];
  core.heap.borrow(total * 4, (out) => {
    core.transfer.inChunks(source, 1, (address) =>
      own.activations(address, !source.single, source.columns, out, total),
    );
    for (let index = 0, at = out; index < widths.length; at += (widths[index++] as number) * 4) {
      found.push(core.heap.list('float', { address: at, count: widths[index] as number }));
    }
  });
  return found;
}
