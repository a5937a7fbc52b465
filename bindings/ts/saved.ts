// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64, toBase64 } from './base64.ts';
import type { Category, FeatureSketch } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import { checkOptions, modelChecks } from './options.ts';
import type { AutoencoderJSON, ModelOptions } from './types.ts';
import { version } from './version.ts';

const format = 'anomalens/1';

/** Everything that makes a trained model. */
export interface SavedModel {
  /** With `hidden` and `latent` as they came out, so that later defaults change nothing. */
  readonly options: ModelOptions;
  readonly features: readonly FeatureSketch[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly threshold: number;
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly fingerprint: string;
}

const bad = (reason: string, cause?: unknown) =>
  new AnomalensError('BAD_FILE', `This is not a saved model that can be loaded: ${reason}`, { cause });

/** The model as plain JSON. Its weights are the base64 of little-endian float32, so that no bit is lost. */
export function toJSON(model: SavedModel): AutoencoderJSON {
  const { options, features, center, scale, threshold, fingerprint } = model;
  const content = {
    options,
    features,
    center,
    scale,
    threshold,
    parameters: toBase64(littleEndian(model.parameters)),
    fingerprint,
  };
  const plain: typeof content = JSON.parse(JSON.stringify(content));
  return { format, version, ...plain, checksum: checksumOf(plain) };
}

/** Reads what `toJSON` wrote. Trusts nothing; throws `BAD_FILE` with the reason. */
export function fromJSON(saved: unknown): SavedModel {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved))
    throw bad(`expected the object that toJSON() gave, but got ${show(saved)}.`);
  const file = saved as Readonly<Record<string, unknown>>;
  if (file.format !== format) throw bad(`expected the format '${format}', but got ${show(file.format)}.`);
  const options = optionsOf(file.options);
  const features = featuresOf(file.features);
  const columns = features.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  const model: SavedModel = {
    options,
    features,
    center: numbersOf(file.center, 'center', columns),
    scale: numbersOf(file.scale, 'scale', columns),
    threshold: numberOf(file.threshold, 'threshold'),
    parameters: parametersOf(file.parameters, parameterCount(options, columns)),
    fingerprint: textOf(file.fingerprint, 'fingerprint'),
  };
  if (model.scale.some((scale) => scale <= 0)) throw bad('every scale must be above 0.');
  if (textOf(file.checksum, 'checksum') !== checksumOf(file))
    throw bad('its checksum does not fit its content; it has been altered.');
  return model;
}

/** Throws unless the model that was put together has the weights that were saved. */
export function checkFingerprint(saved: SavedModel, found: string): void {
  if (saved.fingerprint !== found) throw bad('its fingerprint does not fit its weights; it has been altered.');
}

function optionsOf(value: unknown): ModelOptions & { readonly hidden: readonly number[]; readonly latent: number } {
  try {
    checkOptions(value, modelChecks);
  } catch (cause) {
    throw bad(`its options are wrong. ${(cause as Error).message}`, cause);
  }
  const options = value as ModelOptions;
  const { hidden, latent } = options;
  if (hidden === undefined || latent === undefined) throw bad('its options must say hidden and latent.');
  return { ...options, hidden, latent };
}

function featuresOf(value: unknown): readonly FeatureSketch[] {
  if (!Array.isArray(value) || value.length === 0)
    throw bad(`features must be a list of features, but it is ${show(value)}.`);
  const features = value.map(featureOf);
  if (new Set(features.map(({ name }) => name)).size < features.length) throw bad('two features have the same name.');
  return features;
}

function featureOf(value: unknown, index: number): FeatureSketch {
  const where = `features[${index}]`;
  if (typeof value !== 'object' || value === null) throw bad(`${where} must be an object, but it is ${show(value)}.`);
  const { name, categories } = value as Record<string, unknown>;
  if (categories === undefined) return { name: textOf(name, `${where}.name`) };
  const fits = (category: unknown): category is Category =>
    typeof category === 'string' || typeof category === 'boolean';
  if (!Array.isArray(categories) || categories.length === 0 || !categories.every(fits)) {
    throw bad(`${where}.categories must be a list of texts and booleans.`);
  }
  if (new Set(categories).size < categories.length) throw bad(`${where}.categories holds a value twice.`);
  return { name: textOf(name, `${where}.name`), categories };
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw bad(value === undefined ? `${name} is missing.` : `${name} must be a text, but it is ${show(value)}.`);
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw bad(value === undefined ? `${name} is missing.` : `${name} must be a finite number, but it is ${show(value)}.`);
}

function numbersOf(value: unknown, name: string, count: number): readonly number[] {
  if (!Array.isArray(value))
    throw bad(
      value === undefined ? `${name} is missing.` : `${name} must be a list of numbers, but it is ${show(value)}.`,
    );
  if (value.length !== count)
    throw bad(`${name} must hold ${count} numbers, one a column, but it holds ${value.length}.`);
  return value.map((number, index) => numberOf(number, `${name}[${index}]`));
}

function parametersOf(value: unknown, count: number): Float32Array<ArrayBuffer> {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(textOf(value, 'parameters'));
  } catch (cause) {
    throw cause instanceof AnomalensError ? cause : bad('parameters must be base64.', cause);
  }
  if (bytes.length !== count * 4)
    throw bad(`a model of this shape has ${count} parameters of 4 bytes, but ${bytes.length} bytes were saved.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parameters = Float32Array.from({ length: count }, (_, index) => view.getFloat32(index * 4, true));
  const broken = parameters.findIndex((parameter) => !Number.isFinite(parameter));
  if (broken >= 0) throw bad(`parameter ${broken} is ${parameters[broken]}.`);
  return parameters;
}

function littleEndian(parameters: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(parameters.length * 4));
  for (let index = 0; index < parameters.length; index++) view.setFloat32(index * 4, parameters[index] as number, true);
  return new Uint8Array(view.buffer);
}

/** Weights and biases of all layers: columns -> hidden -> latent -> hidden, mirrored -> columns. */
function parameterCount(
  options: { readonly hidden: readonly number[]; readonly latent: number },
  columns: number,
): number {
  const encoder = [columns, ...options.hidden, options.latent];
  const widths = [...encoder, ...encoder.slice(0, -1).reverse()];
  return widths.slice(1).reduce((sum, outputs, index) => sum + ((widths[index] as number) + 1) * outputs, 0);
}

/** FNV-1a, 32 bits, over the content in one fixed order: finds accidents, not attackers. */
function checksumOf(file: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify([
    file.options,
    file.features,
    file.center,
    file.scale,
    file.threshold,
    file.parameters,
    file.fingerprint,
  ]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
