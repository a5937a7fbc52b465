// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import type * as wire from 'anomalens:core';
import { withModel } from './conversion.ts';
import type { Core } from './core.ts';
import { Encoder } from './encoder.ts';
import { AnomalensError, show } from './error.ts';
import type { Element } from './heap.ts';
import { fingerprintOf, Model, mannerOf } from './model.ts';
import { checkOptions, modelChecks } from './options.ts';
import {
  bad,
  digitsOf,
  type File,
  fieldsOf,
  namesOf,
  numberOf,
  numbersOf,
  pack,
  plansOf,
  textOf,
  unpackDoubles,
  unpackFloats,
  wrong,
} from './parts.ts';
import type { Plan } from './plans.ts';
import { reportIn } from './report.ts';
import type { AutoencoderJSON, ModelOptions, ModelReport } from './types.ts';
import { version } from './version.ts';

/** The lists of a saved model and what they hold. */
const elements = {
  center: 'double',
  scale: 'double',
  constant: 'byte',
  low: 'float',
  high: 'float',
  calibration: 'float',
  parameters: 'float',
  detector: 'double',
  pool: 'float',
} as const satisfies Record<string, Element>;

type ListName = keyof typeof elements;
type Lists = Readonly<Record<ListName, ArrayLike<number>>>;
type Numbers = Omit<wire.SavedParts, ListName>;

const listNames = Object.keys(elements) as readonly ListName[];

/** How one kind of model is written. */
interface Form {
  readonly format: AutoencoderJSON['format'];
  readonly lists: readonly ListName[];
  /** What the checksum is taken over, in its order; null for what is no longer written. */
  readonly order: readonly (string | null)[];
}

const numberNames = ['topK', 'threshold', 'heldOut'] as const;
const ofNet = ['center', 'scale', 'constant', 'low', 'high', 'calibration', 'parameters'] as const;
const ofDetector = ['calibration', 'parameters', 'detector', 'pool'] as const;
const gone = [null, null, null, null] as const;

const netForm: Form = {
  format: 'anomalens/1',
  lists: ofNet,
  order: ['options', 'features', ...numberNames, ...gone, ...ofNet, ...gone, 'fingerprint'],
};
const detectorForm: Form = {
  format: 'anomalens/2',
  lists: ofDetector,
  order: ['options', 'features', ...numberNames, 'rowsInside', ...ofDetector, 'fingerprint'],
};
const formOf = (members: number): Form => (members > 1 ? detectorForm : netForm);

/** The long lists, as base64 of little-endian numbers, so that no bit is lost; the others are lists of numbers. */
const packed: ReadonlySet<ListName> = new Set(ofDetector);

/** All fields of a file, and how deep lists and objects lie in them. The deepest is `report.options.threshold.goal`. */
const fieldLevels: Readonly<Record<string, number>> = {
  ...{
    format: 0,
    version: 0,
    options: 2,
    features: 5,
    columns: 1,
    report: 6,
    rowsInside: 0,
    fingerprint: 0,
    checksum: 0,
  },
  ...Object.fromEntries(numberNames.map((name) => [name, 0])),
  ...Object.fromEntries(listNames.map((name) => [name, packed.has(name) ? 0 : 1])),
};

// ------------------------------------------------------------------------------------------------ writing
/**
 * The trained model as plain JSON. `architecture` is what its options left to be chosen, as it came out, so that later
 * defaults change nothing.
 */
export function takenApart(model: Model, fingerprint: string, architecture: ModelOptions): AutoencoderJSON {
  const { core, own, options } = model;
  const { plans, names } = model.requireTrained();
  const form = formOf(own.members);
  const content = core.holding(core.got(own.save()), (saved) => {
    const parts = saved.parts();
    return {
      options: { ...options, ...architecture },
      features: plans.map(({ kind, written, ...plan }) => ({
        ...plan,
        ...(isDated(kind) && { kind }),
        written: written?.hand,
      })),
      columns: names.length === plans.length ? undefined : names,
      ...Object.fromEntries(numberNames.map((name) => [name, parts[name]])), // an infinite threshold becomes null
      ...(model.detects && { rowsInside: own.rowsInside }),
      ...Object.fromEntries(form.lists.map((name) => [name, listOut(core, name, parts)])),
      fingerprint,
      report: model.report,
    };
  });
  const plain: typeof content = JSON.parse(JSON.stringify(content));
  return { format: form.format, version, ...plain, checksum: checksumOf(plain, form) };
}

/** Of the other two, categories tell which it is. */
const isDated = (kind: Plan['kind']): boolean => kind === 'date' || kind === 'time';

function listOut({ heap }: Core, name: ListName, parts: wire.SavedParts): string | number[] {
  const list = heap.list(elements[name], parts[name]);
  return packed.has(name) ? pack(list) : [...list];
}

// ------------------------------------------------------------------------------------------------ reading
/** Everything that `takenApart` wrote, checked as far as it can be without the engine. */
interface SavedModel {
  readonly options: ModelOptions & { readonly members: number };
  readonly encoder: Encoder;
  readonly report: ModelReport | undefined;
  readonly numbers: Numbers;
  readonly rowsInside: number;
  readonly lists: Lists;
  readonly fingerprint: string;
}

/** A model as `takenApart` wrote it. Trusts nothing; throws `BAD_FILE` with the reason. */
export async function restored(saved: unknown, load: () => Promise<Core>): Promise<Model> {
  const parts = checked(saved);
  const { options, encoder, report } = parts;
  const core = await load();
  const model = new Model(core, options, putTogether(core, parts), encoder);
  model.report = report;
  const reason = disagreement(model, parts, encoder);
  if (reason === undefined) return model;
  model.dispose();
  throw bad(reason);
}

/** What does not fit together; undefined when all does. */
function disagreement(model: Model, { fingerprint, rowsInside }: SavedModel, { columns }: Encoder): string | undefined {
  const { own } = model;
  if (fingerprintOf(model) !== fingerprint) return 'its fingerprint does not fit its weights; it has been altered.';
  if (own.columns !== columns) return `it has ${columns} features, but ${own.columns} columns.`;
  if (own.rowsInside !== rowsInside) return `it holds ${own.rowsInside} rows, but rowsInside is ${rowsInside}.`;
  return undefined;
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
  const file = fieldsOf(saved, fieldLevels);
  const { format } = file;
  if (format !== netForm.format && format !== detectorForm.format)
    throw bad(`expected the format '${netForm.format}' or '${detectorForm.format}', but got ${show(format)}.`);
  textOf(file.version, 'version');
  const options = optionsOf(file.options);
  const form = formOf(options.members);
  if (format !== form.format) {
    throw bad(
      options.members > 1
        ? 'it is a committee of an earlier version, which judged in another way; train again.'
        : `its format is '${format}', but it is a single net.`,
    );
  }
  const plans: readonly Plan[] = plansOf(file.features, form === detectorForm);
  const encoder = new Encoder(plans, mannerOf(options, form === detectorForm), namesOf(file.columns, plans));
  const model: SavedModel = {
    options,
    encoder,
    report: reportIn(file.report),
    numbers: numbersIn(file, form),
    rowsInside: form === detectorForm ? numberOf(file.rowsInside, 'rowsInside') : 0,
    lists: listsIn(file, encoder.columns, form),
    fingerprint: digitsOf(file.fingerprint, 'fingerprint', 16),
  };
  if (digitsOf(file.checksum, 'checksum', 8) !== checksumOf(file, form))
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

function numbersIn(file: File, form: Form): Numbers {
  const { heldOut } = file;
  if (typeof heldOut !== 'boolean') throw wrong('heldOut', 'true or false', heldOut);
  const topK = numberOf(file.topK, 'topK');
  if (!Number.isInteger(topK) || topK < 0 || topK > 4096) throw wrong('topK', 'from 0 to 4096', topK);
  // Too few rows promise nothing: the detector's threshold is then infinite.
  const infinite = form === detectorForm && file.threshold === null;
  return {
    topK,
    threshold: infinite ? Infinity : numberOf(file.threshold, 'threshold') + 0 /* JSON knows no -0 */,
    heldOut,
  };
}

function listsIn(file: File, columns: number, form: Form): Lists {
  const entries = listNames.map((name) => [name, form.lists.includes(name) ? listIn(file[name], name, columns) : []]);
  const lists = Object.fromEntries(entries) as Lists & { readonly constant: readonly number[] };
  if (lists.constant.some((mark) => mark !== 0 && mark !== 1)) throw bad('constant must hold zeros and ones.');
  if (Array.from(lists.scale).some((scale) => scale <= 0)) throw bad('every scale must be above 0.');
  return lists;
}

function listIn(value: unknown, name: ListName, columns: number): ArrayLike<number> {
  if (name === 'detector') return unpackDoubles(value, name);
  return packed.has(name) ? unpackFloats(value, name) : numbersOf(value, name, columns);
}

/** FNV-1a, 32 bits, over the content in one fixed order: finds accidents, not attackers. */
function checksumOf(file: File, { order }: Form): string {
  const later = file.columns === undefined ? [] : ['columns'];
  const content = [...order, ...later].map((name) => (name === null ? null : file[name]));
  const text = JSON.stringify(content);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
