// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Tables of all forms, described by their cells and by what is odd about them, and made from that.

import fc from 'fast-check';
import {
  anyNumber,
  anything,
  extremeNumber,
  finiteNumber,
  gap,
  name,
  plainNumber,
  real,
  withOwn,
  word,
} from './cells.mjs';

const arrays = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
];

/** Kinds of columns: what their cells are. */
const columnKinds = {
  number: plainNumber,
  finite: finiteNumber,
  extreme: extremeNumber,
  constant: fc.constant(7),
  text: word,
  yesOrNo: fc.boolean(),
  gappy: fc.oneof({ weight: 3, arbitrary: plainNumber }, { weight: 1, arbitrary: gap }),
  gappyText: fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: gap }),
  any: fc.oneof({ weight: 3, arbitrary: plainNumber }, { weight: 1, arbitrary: anything }),
};

const forms = ['rows', 'typedRows', 'flat', 'columns', 'records'];

/** What may be odd about a table as a whole; `at` and `to` say where and how much. */
const twists = [
  'ragged',
  'hole',
  'throwing getter',
  'changing getter',
  'shrinking getter',
  'growing getter',
  'transferring getter',
  'proxies',
  'throwing proxy',
  'lying length',
  'revoked',
  'revoked row',
  'own length',
  'subclass',
  'frozen',
  'no prototype',
  'array-like',
  'detached',
  'resizable',
  'shared',
  'iterator',
  'replaced by anything',
  'wrong columns',
];

/** A described table of so many columns, of those kinds of cells. */
export function tableOf({ kinds, rows, twist = fc.constant(undefined), form = fc.constantFrom(...forms), names } = {}) {
  const width = kinds ? fc.constant(kinds.length) : fc.integer({ min: 0, max: 4 });
  return width.chain((columns) =>
    fc.record({
      form,
      names: names ? fc.constant(names) : fc.uniqueArray(name, { minLength: columns, maxLength: columns }),
      cells: cellsOf(kinds ?? fc.array(fc.constantFrom(...Object.keys(columnKinds)), lengthOf(columns)), rows, columns),
      array: fc.nat(arrays.length - 1),
      twist,
      at: fc.nat(7),
      to: anything,
    }),
  );
}

const lengthOf = (length) => ({ minLength: length, maxLength: length });

function cellsOf(kinds, rows = { minLength: 0, maxLength: 6 }, columns = 0) {
  const cells = (list) =>
    columns === 0
      ? fc.array(fc.constant([]), rows)
      : fc.array(fc.tuple(...list.map((kind) => columnKinds[kind])), rows);
  return Array.isArray(kinds) ? cells(kinds) : kinds.chain(cells);
}

/** Any table, most of them with something odd. */
export const anyTable = tableOf({
  twist: fc.oneof(fc.constant(undefined), fc.constantFrom(...twists)),
});

/** Tables for a model that has these columns, with everything odd that can be odd about one. */
export const tableFor = ({ kinds, names }) =>
  tableOf({
    kinds,
    names,
    rows: { minLength: 1, maxLength: 6 },
    form: fc.constantFrom(...(names ? ['columns', 'records'] : ['rows', 'typedRows', 'flat'])),
    twist: fc.oneof(fc.constant(undefined), fc.constantFrom(...twists)),
  });

/** Anything that is given in the place of a table. */
export const noTable = fc.oneof(anything, fc.array(anything, { maxLength: 3 }), fc.array(anyNumber, { maxLength: 4 }));

// ------------------------------------------------------------------------------------------------ making
/** The table that a description stands for. `during` is called once, while a cell is read, where the twist is a getter. */
export function tableFrom(spec, during) {
  const table = twisted(spec, during, plain(spec));
  return spec.twist === 'replaced by anything' ? real(spec.to) : table;
}

function plain({ form, names, cells, array }) {
  const Typed = arrays[array];
  const made = cells.map((row) => row.map(real));
  const [width = names.length] = [made[0]?.length];
  if (form === 'rows') return made;
  if (form === 'typedRows') return made.map((row) => typed(Typed, row));
  if (form === 'flat') return { data: typed(array % 2 ? Float64Array : Float32Array, made.flat()), columns: width };
  if (form === 'records') return made.map((row) => withOwn(row.map((cell, column) => [names[column], cell])));
  return withOwn(names.slice(0, width).map((key, column) => [key, columnOf(made, column, Typed)]));
}

/** Cells of numbers alone in a typed array, as some tables have them. */
function columnOf(rows, column, Typed) {
  const cells = rows.map((row) => row[column]);
  return cells.every((cell) => typeof cell === 'number') && column % 2 ? typed(Typed, cells) : cells;
}

const typed = (Typed, cells) => Typed.from(cells, (cell) => (typeof cell === 'number' ? cell : 0));

const outer = (table) => (Array.isArray(table) ? table : (table.data ?? Object.values(table)[0]));
const inner = (table, at) => (Array.isArray(table) ? table[at % table.length] : outer(table));

/** Lets the first read of a cell do `work`, where the cell can be a getter. */
function getterAt(table, at, work) {
  const list = inner(table, at);
  if (list === null || typeof list !== 'object' || ArrayBuffer.isView(list)) return;
  const keys = Object.keys(list);
  if (keys.length === 0) return;
  const key = keys[at % keys.length];
  const cell = list[key];
  Object.defineProperty(list, key, { get: () => work(cell), enumerable: true, configurable: true });
}

const ways = {
  ragged: ({ at }, _, table) => {
    const list = inner(table, at);
    if (Array.isArray(list)) list.length = Math.max(0, list.length - 1);
    else if (table.data) return { ...table, data: table.data.subarray(1) };
    return table;
  },
  hole: ({ at }, _, table) => {
    const list = outer(table);
    if (Array.isArray(list)) delete list[at % Math.max(1, list.length)];
    return table;
  },
  'throwing getter': ({ at }, _, table) =>
    read(table, at, () => {
      throw new RangeError('a getter threw');
    }),
  'calling getter': ({ at }, during, table) =>
    read(table, at, (cell) => {
      during?.();
      return cell;
    }),
  'changing getter': ({ at, to }, during, table) => {
    let reads = 0;
    return read(table, at, (cell) => {
      if (reads++ === 0) during?.();
      return reads > 1 ? real(to) : cell;
    });
  },
  'shrinking getter': ({ at }, during, table) =>
    read(table, at, (cell) => {
      during?.();
      const list = outer(table);
      if (Array.isArray(list)) list.length = 1;
      return cell;
    }),
  'growing getter': ({ at }, during, table) => {
    let grown = false;
    return read(table, at, (cell) => {
      if (grown) return cell;
      grown = true;
      during?.();
      const list = outer(table);
      if (Array.isArray(list)) list.push(...list);
      return cell;
    });
  },
  'transferring getter': ({ at }, during, table) =>
    read(table, at, (cell) => {
      during?.();
      for (const list of Object.values(table)) if (ArrayBuffer.isView(list)) detach(list);
      return cell;
    }),
  proxies: (_, __, table) =>
    new Proxy(
      within(table, (list) => new Proxy(list, {})),
      {},
    ),
  'throwing proxy': ({ at }, during, table) => {
    let reads = 0;
    return new Proxy(table, {
      get(target, key, receiver) {
        if (reads++ >= at) {
          during?.();
          throw new RangeError('a proxy threw');
        }
        return Reflect.get(target, key, receiver);
      },
    });
  },
  'lying length': ({ at }, during, table) => {
    let reads = 0;
    return new Proxy(table, {
      get(target, key, receiver) {
        if (key !== 'length') return Reflect.get(target, key, receiver);
        if (reads++ === 1) during?.();
        return target.length + (reads > 1 ? at - 3 : 0);
      },
    });
  },
  revoked: (_, __, table) => revoked(table),
  'revoked row': ({ at }, _, table) => {
    if (Array.isArray(table) && table.length > 0) table[at % table.length] = revoked([]);
    else if (!Array.isArray(table)) for (const key of Object.keys(table).slice(0, 1)) table[key] = revoked([]);
    return table;
  },
  'own length': ({ at }, _, table) => {
    const list = inner(table, at);
    // More would take all the memory there is where such a length is believed.
    const length = [0, 1, 3, 1000, 1e5, -1, 1.5, 1e308][at];
    if (ArrayBuffer.isView(list)) Object.defineProperty(list, 'length', { value: length });
    return table;
  },
  subclass: (_, __, table) => within(table, subclassed),
  frozen: (_, __, table) =>
    Object.freeze(within(table, (list) => (ArrayBuffer.isView(list) ? list : Object.freeze(list)))),
  'no prototype': (_, __, table) => within(table, (list) => stripped(list), stripped),
  'array-like': (_, __, table) => within(table, likeArray, likeArray),
  detached: (_, __, table) => within(table, (list) => (ArrayBuffer.isView(list) ? detach(list) : list)),
  resizable: ({ at }, _, table) => within(table, (list) => resized(list, at)),
  shared: (_, __, table) => within(table, shared),
  iterator: (_, __, table) => (Array.isArray(table) ? table.values() : new Map(Object.entries(table))),
  'replaced by anything': (_, __, table) => table,
  'wrong columns': ({ to }, _, table) =>
    table.data ? { ...table, columns: real(to) } : { ...table, columns: real(to), data: [] },
};

function read(table, at, work) {
  getterAt(table, at, work);
  return table;
}

function twisted(spec, during, table) {
  const way = ways[spec.twist];
  return way ? way(spec, during, table) : table;
}

/** The same table with `change` made to each list in it, and `whole` to itself. */
function within(table, change, whole = (same) => same) {
  if (Array.isArray(table)) return whole(table.map((row) => (isObject(row) ? change(row) : row)));
  return whole(withOwn(Object.entries(table).map(([key, list]) => [key, isObject(list) ? change(list) : list])));
}

const isObject = (value) => typeof value === 'object' && value !== null;

const stripped = (value) =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? value : Object.setPrototypeOf(value, null);

const likeArray = (list) => (Array.isArray(list) ? { ...list, length: list.length } : list);

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function subclassed(list) {
  if (!ArrayBuffer.isView(list)) return list;
  class Own extends list.constructor {
    get length() {
      return super.length + 1;
    }
  }
  return new Own(list);
}

function detach(list) {
  if (!(list.buffer instanceof ArrayBuffer)) return list;
  structuredClone(list.buffer, { transfer: [list.buffer] });
  return list;
}

/** A view that follows a buffer which has become smaller than the view was. */
function resized(list, at) {
  if (!ArrayBuffer.isView(list)) return list;
  const { byteLength } = list;
  const buffer = new ArrayBuffer(byteLength, { maxByteLength: byteLength + 64 });
  const view = at % 2 ? new list.constructor(buffer) : new list.constructor(buffer, 0, list.length);
  view.set(list);
  buffer.resize(Math.max(0, byteLength - 8 * (at % 3)));
  return view;
}

function shared(list) {
  if (!ArrayBuffer.isView(list)) return list;
  const view = new list.constructor(new SharedArrayBuffer(list.byteLength));
  view.set(list);
  return view;
}
