// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Who a piece of the package comes from: a function of the WebAssembly by its name, a module of the JavaScript by its path.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../shared/files.mjs';
import { root } from '../shared/places.mjs';

/** The namespaces within anomalens that bindings/ opens: wire, for example. */
function bindingNamespaces() {
  const sources = filesUnder('bindings').filter((path) => /\.[ch]pp$/.test(path));
  const texts = sources.map((path) => readFileSync(join(root, path), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^namespace anomalens::(\w+)/gm)].map(([, name]) => name));
}

const bindings = [...new Set(bindingNamespaces())].map((name) => `anomalens::${name}`);

/** By the qualified name of the function, without arguments; the first that fits. Inlined code counts for its caller. */
const functionOrigins = [
  ['Embind', /^(emscripten::|_?_?embind_|__getTypeName)/],
  ['xtensor', /^(xt|xtl|xsimd)::/],
  ['C++ library', /^(std|__cxxabiv1)::|^operator_|^__cxa_|^_Unwind|^is_equal$|^\{anonymous\}::fallback_/],
  ['bindings', new RegExp(`^(${['\\{anonymous\\}', ...bindings].join('|')})::`)],
  ['engine: kernels', /^anomalens::kernels::/],
  ['engine: the rest', /^anomalens::/],
  ['libc and others', /./],
];

/** By the path relative to the repository. Emscripten's glue is what the build generates, wherever it puts it. */
const moduleOrigins = [
  ['package (TypeScript)', /^bindings\/ts\//],
  ['Embind and the rest of Emscripten’s glue', /^(build|bindings)\//],
  ['npm packages', /^node_modules\//],
  ['others', /./],
];

export const functionOrigin = (name) => originIn(functionOrigins, qualified(name));
export const moduleOrigin = (path) => originIn(moduleOrigins, path);
const originIn = (origins, text) => origins.find(([, pattern]) => pattern.test(text))?.[0] ?? origins.at(-1)[0];

/** Sums by origin, in the order of the lists above: `pieces` are `{ name, bytes }`, `weigh` says what an origin's pieces weigh. */
export const functionsByOrigin = (pieces, weigh) => byOrigin(functionOrigins, functionOrigin, pieces, weigh);
export const modulesByOrigin = (pieces, weigh) => byOrigin(moduleOrigins, moduleOrigin, pieces, weigh);

function byOrigin(origins, originOf, pieces, weigh) {
  const groups = origins.map(([name]) => ({ name, pieces: pieces.filter((piece) => originOf(piece.name) === name) }));
  return groups
    .filter(({ pieces }) => pieces.length > 0)
    .map((group) => ({ name: group.name, ...weigh(group.pieces) }));
}

/**
 * Of a demangled declaration the name alone: no return type, template arguments or parameters.
 * `void xt::assign<float>(int)` becomes `xt::assign`.
 */
export function qualified(declaration) {
  const plain = declaration
    .replaceAll('(anonymous namespace)', '{anonymous}')
    .replace(/operator (new|delete)/, 'operator_$1')
    .replace(/operator(<=>|<<=?|>>=?|->\*?|[<>]=?)/g, 'operator');
  return repeated(plain, /<[^<>]*>|\bdecltype ?\([^()]*\)/g)
    .replace(/\(.*/s, '')
    .trim()
    .split(' ')
    .at(-1);
}

/** Removes what matches until nothing does: what is nested goes from the inside out. */
function repeated(text, pattern) {
  const less = text.replace(pattern, '');
  return less === text ? text : repeated(less, pattern);
}
