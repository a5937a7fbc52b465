// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type * as wire from 'anomalens:core';
import { fromBase64, toBase64 } from './base64.ts';
import { withModel } from './conversion.ts';
import type { Core } from './core.ts';
import { Encoder, type FeatureSketch } from './encoder.ts';
import { AnomalensError, mustBe, show } from './error.ts';
import { isCategory, isRecord } from './guards.ts';
import type { Element } from './heap.ts';
import { fingerprintOf, Model } from './model.ts';
import { checkOptions, modelChecks } from './options.ts';
import type { AutoencoderJSON, ModelOptions } from './types.ts';
import { version } from './version.ts';

const format = 'anomalens/1';

/** The lists of a saved model in the order of the checksum, and what they hold. */
const elements = {
  center: 'double',
  scale: 'double',
  constant: 'byte',
  low: 'float',
  high: 'float',
  calibration: 'float',
  parameters: 'float',
  ordinary: 'double',
  binsLow: 'double',
  binsHigh: 'double',
  rarity: 'double',
} as const satisfies Record<string, Element>;

type ListName = keyof typeof elements;
type Lists = Readonly<Record<ListName, ArrayLike<number>>>;
type Numbers = Omit<wire.SavedParts, ListName>;

const listNames = Object.keys(elements) as readonly ListName[];
/** The long lists, as base64 of little-endian float32, so that no bit is lost; the others are lists of numbers. */
const packed: ReadonlySet<string> = new Set(['parameters', 'calibration']);
/** Lists with one number a column. */
const perColumn: ReadonlySet<string> = new Set(['center', 'scale', 'constant', 'low', 'high']);
/** Numbers in the order of the checksum; the last four only a committee has. */
const commonNumbers = ['topK', 'threshold', 'heldOut'] as const;
const committeeNumbers = ['residualCenter', 'residualSpread', 'rarityCenter', 'raritySpread'] as const;
const committeeLists: ReadonlySet<string> = new Set(['ordinary', 'binsLow', 'binsHigh', 'rarity']);

const bad = (reason: string, cause?: unknown) =>
  new AnomalensError('BAD_FILE', `This is not a saved model that can be loaded: ${reason}`, { cause });

/** A part that is not there, or not what it must be. */
const wrong = (name: string, kind: string, value: unknown) =>
  bad(value === undefined ? `${name} is missing.` : mustBe(name, kind, value));

// ------------------------------------------------------------------------------------------------ writing
/**
 * The trained model as plain JSON. `architecture` is what its options left to be chosen, as it came out, so that later
 * defaults change nothing.
 */
export function takenApart(model: Model, fingerprint: string, architecture: ModelOptions): AutoencoderJSON {
  const { core, own, options } = model;
  const { features } = model.requireTrained();
  const committee = (architecture.members ?? 1) > 1;
  const content = core.holding(core.got(own.save()), (saved) => {
    const parts = saved.parts();
    return {
      options: { ...options, ...architecture },
      features: features.map(({ name, categories }) => ({ name, categories })),
      ...numbersOut(parts, committee),
      ...listsOut(core, parts, committee),
      fingerprint,
    };
  });
  const plain: typeof content = JSON.parse(JSON.stringify(content));
  return { format, version, ...plain, checksum: checksumOf(plain) };
}

function numbersOut(numbers: Numbers, committee: boolean): Record<string, unknown> {
  const names = committee ? [...commonNumbers, ...committeeNumbers] : commonNumbers;
  return Object.fromEntries(names.map((name) => [name, numbers[name]]));
}

function listsOut({ heap }: Core, parts: wire.SavedParts, committee: boolean): Record<string, unknown> {
  const names = listNames.filter((name) => committee || !committeeLists.has(name));
  return Object.fromEntries(
    names.map((name) => {
      const list = heap.list(elements[name], parts[name]);
      return [name, packed.has(name) ? toBase64(littleEndian(list as Float32Array)) : [...list]];
    }),
  );
}

function littleEndian(numbers: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (let index = 0; index < numbers.length; index++) view.setFloat32(index * 4, numbers[index] as number, true);
  return new Uint8Array(view.buffer);
}

// ------------------------------------------------------------------------------------------------ reading
/** Everything that `takenApart` wrote, checked as far as it can be without the engine. */
interface SavedModel {
  readonly options: ModelOptions & { readonly members: number };
  readonly features: readonly FeatureSketch[];
  readonly numbers: Numbers;
  readonly lists: Lists;
  readonly fingerprint: string;
}

/** A model as `takenApart` wrote it. Trusts nothing; throws `BAD_FILE` with the reason. */
export async function restored(saved: unknown, load: () => Promise<Core>): Promise<Model> {
  const parts = checked(saved);
  const core = await load();
  const encoder = new Encoder(parts.features, parts.options.missing === 'mask');
  const model = new Model(core, parts.options, putTogether(core, parts), encoder);
  if (fingerprintOf(model) === parts.fingerprint) return model;
  model.dispose();
  throw bad('its fingerprint does not fit its weights; it has been altered.');
}

/** Fills the engine's lists and returns the model it makes of them. */
function putTogether(core: Core, { options, lists, numbers }: SavedModel): wire.Autoencoder {
  const created = withModel(core, options, (given) => core.engine.SavedModel.create(given));
  return core.holding(core.got(created), (saved) => {
    const counts = listNames.map((name) => [name, { address: 0, count: lists[name].length }]);
    const wanted = { ...numbers, ...(Object.fromEntries(counts) as Record<ListName, wire.Span>) };
    const room = core.got(saved.makeRoom(wanted));
    for (const name of listNames)
      if (room[name].count > 0) core.heap.fill(elements[name], room[name].address, lists[name]);
    try {
      return core.got(saved.restore());
    } catch (cause) {
      throw cause instanceof AnomalensError && cause.code !== 'OUT_OF_MEMORY' ? bad(cause.message, cause) : cause;
    }
  });
}

function checked(saved: unknown): SavedModel {
  if (!isRecord(saved)) throw bad(`expected the object that toJSON() gave, but got ${show(saved)}.`);
  const file: Readonly<Record<string, unknown>> = saved;
  if (file.format !== format) throw bad(`expected the format '${format}', but got ${show(file.format)}.`);
  const options = optionsOf(file.options);
  const features = featuresOf(file.features);
  const columns = features.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  const committee = options.members > 1;
  const model: SavedModel = {
    options,
    features,
    numbers: numbersIn(file, committee),
    lists: listsIn(file, columns, committee),
    fingerprint: textOf(file.fingerprint, 'fingerprint'),
  };
  if (textOf(file.checksum, 'checksum') !== checksumOf(file))
    throw bad('its checksum does not fit its content; it has been altered.');
  return model;
}

function optionsOf(value: unknown): ModelOptions & { readonly members: number } {
  try {
    const options = checkOptions(value as ModelOptions, modelChecks);
    const { members, hidden, latent } = options;
    if (members === undefined) throw bad('its options must say members.');
    if (members === 1 && !(hidden && latent)) throw bad('its options must say hidden and latent.');
    return { ...options, members };
  } catch (cause) {
    if (cause instanceof AnomalensError && cause.code === 'BAD_FILE') throw cause;
    throw bad(`its options are wrong. ${(cause as Error).message}`, cause);
  }
}

function numbersIn(file: Readonly<Record<string, unknown>>, committee: boolean): Numbers {
  const { heldOut } = file;
  if (typeof heldOut !== 'boolean') throw wrong('heldOut', 'true or false', heldOut);
  const topK = numberOf(file.topK, 'topK');
  if (!Number.isInteger(topK) || topK < 0 || topK > 4096) throw wrong('topK', 'from 0 to 4096', topK);
  const ofCommittee = committeeNumbers.map((name) => [name, committee ? numberOf(file[name], name) : 0]);
  return {
    ...(Object.fromEntries(ofCommittee) as Record<(typeof committeeNumbers)[number], number>),
    topK,
    threshold: numberOf(file.threshold, 'threshold'),
    heldOut,
  };
}

function listsIn(file: Readonly<Record<string, unknown>>, columns: number, committee: boolean): Lists {
  const entries = listNames.map((name) => {
    if (!committee && committeeLists.has(name)) return [name, []];
    return [name, packed.has(name) ? unpacked(file[name], name) : numbersOf(file[name], name, columns)];
  });
  const lists = Object.fromEntries(entries) as Lists & { readonly constant: readonly number[] };
  if (lists.constant.some((mark) => mark !== 0 && mark !== 1)) throw bad('constant must hold zeros and ones.');
  if (Array.from(lists.scale).some((scale) => scale <= 0)) throw bad('every scale must be above 0.');
  return lists;
}

function featuresOf(value: unknown): readonly FeatureSketch[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong('features', 'a list of features', value);
  const features = value.map(featureOf);
  if (repeats(features.map(({ name }) => name))) throw bad('two features have the same name.');
  return features;
}

function featureOf(value: unknown, index: number): FeatureSketch {
  const where = `features[${index}]`;
  if (!isRecord(value)) throw wrong(where, 'an object', value);
  const { categories } = value;
  const name = textOf(value.name, `${where}.name`);
  if (categories === undefined) return { name };
  if (!Array.isArray(categories) || categories.length === 0 || !categories.every(isCategory)) {
    throw bad(`${where}.categories must be a list of texts and booleans.`);
  }
  if (repeats(categories)) throw bad(`${where}.categories holds a value twice.`);
  return { name, categories: [...categories] };
}

const repeats = (list: readonly unknown[]) => new Set(list).size < list.length;

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(name, 'a finite number', value);
}

function numbersOf(value: unknown, name: ListName, columns: number): readonly number[] {
  if (!Array.isArray(value)) throw wrong(name, 'a list of numbers', value);
  if (perColumn.has(name) && value.length !== columns)
    throw bad(`${name} must hold ${columns} numbers, one a column, but it holds ${value.length}.`);
  return value.map((number, index) => numberOf(number, `${name}[${index}]`));
}

function unpacked(value: unknown, name: ListName): Float32Array<ArrayBuffer> {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(textOf(value, name));
  } catch (cause) {
    throw cause instanceof AnomalensError ? cause : bad(`${name} must be base64.`, cause);
  }
  if (bytes.length % 4 !== 0) throw bad(`${name} must be numbers of 4 bytes, but there are ${bytes.length} bytes.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
  const broken = numbers.findIndex((number) => !Number.isFinite(number));
  if (broken >= 0) throw bad(`number ${broken} of ${name} is ${numbers[broken]}.`);
  return numbers;
}

/** FNV-1a, 32 bits, over the content in one fixed order: finds accidents, not attackers. */
function checksumOf(file: Readonly<Record<string, unknown>>): string {
  const names = ['options', 'features', ...commonNumbers, ...committeeNumbers, ...listNames, 'fingerprint'];
  const content = names.map((name) => file[name]);
  const text = JSON.stringify(content);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
