// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What is trained: tables and nets of three sizes, and the floating-point operations each asks for. Runs in browsers too.

/** columns-hidden-latent-hidden-columns; a training job is `epochs` passes over `rows` rows. */
export const shapes = [
  { name: 'S', rows: 200, columns: 4, hidden: 16, latent: 2, batch: 32, epochs: 60 },
  { name: 'M', rows: 10_000, columns: 30, hidden: 16, latent: 4, batch: 64, epochs: 1 },
  { name: 'L', rows: 10_000, columns: 200, hidden: 64, latent: 10, batch: 256, epochs: 1 },
];

const numbers = ['rows', 'columns', 'hidden', 'latent', 'batch', 'epochs'];

/** A shape as the words of a command, and back. */
export const wordsOf = (shape) => [shape.name, ...numbers.map((name) => shape[name])].join(' ');
export const shapeOf = ([name, ...words]) => ({
  name,
  ...Object.fromEntries(numbers.map((number, at) => [number, Number(words[at])])),
});

export const widths = ({ columns, hidden, latent }) => [columns, hidden, latent, hidden, columns];

/** { inputs, outputs, relu } of each layer. */
export function layersOf(shape) {
  const dims = widths(shape);
  const linear = [1, 3]; // the code and the output
  return dims.slice(1).map((outputs, at) => ({ inputs: dims[at], outputs, relu: !linear.includes(at) }));
}

const products = (shape) => layersOf(shape).map(({ inputs, outputs }) => inputs * outputs);
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Weights and biases. */
export const parametersOf = (shape) => sum(layersOf(shape).map(({ inputs, outputs }) => (inputs + 1) * outputs));

/** Of one training job, as executed: the first layer needs no gradient of its input. Adam and activations are left out. */
export const trainingFlop = (shape) =>
  shape.rows * shape.epochs * (6 * sum(products(shape)) - 2 * (products(shape)[0] ?? 0));

/** Of scoring all rows. */
export const scoringFlop = (shape) => shape.rows * 2 * sum(products(shape));

/** Splits parameters, layer by layer [outputs x inputs weights, outputs biases], into { ...layer, weights, bias }. */
export function parted(shape, parameters) {
  let at = 0;
  const take = (count) => {
    at += count;
    return parameters.subarray(at - count, at);
  };
  return layersOf(shape).map((layer) => ({
    ...layer,
    weights: take(layer.inputs * layer.outputs),
    bias: take(layer.outputs),
  }));
}
