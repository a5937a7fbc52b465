// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Whatever C++ has in a struct of options or results, JavaScript can give or read: a field without its line in
// bindings/embind.cpp, or a word without its line in bindings/words.cpp, fails here.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from './support.mjs';

const headers = join(root, 'core/include/anomalens');
const code = readdirSync(headers)
  .map((name) => readFileSync(join(headers, name), 'utf8').replace(/\/\/.*/g, ''))
  .join('\n');
const description = readFileSync(join(root, 'build/module/core.d.ts'), 'utf8');

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** What stands between the braces that open at the end of `head`. */
function braced(text, head) {
  const found = head.exec(text);
  assert.ok(found, `${head} is not there`);
  const start = found.index + found[0].length;
  let depth = 1;
  let end = start;
  for (; depth > 0; end++) depth += { '{': 1, '}': -1 }[text[end]] ?? 0;
  return text.slice(start, end - 1);
}

/** The names of the members that hold data. */
function fieldsOf(struct) {
  let body = braced(code, new RegExp(`\\bstruct ${struct}\\b[^;{]*\\{`));
  for (let before; before !== body; ) {
    before = body;
    body = body.replace(/\{[^{}]*\}/g, ';');
  }
  const statements = body.split(';').map((statement) => statement.replace(/=[^;]*/, '').trim());
  return statements
    .filter((statement) => statement && !/^(static|enum|struct|using|const$)\b|\(/.test(statement))
    .map((statement) => /(\w+)$/.exec(statement)[1])
    .filter((name) => !name.endsWith('_')) // what a struct derives from its data, for itself
    .sort();
}

/** The names in a type that Emscripten wrote. */
function namesOf(type) {
  const body = braced(description, new RegExp(`export (?:type|interface) ${type}\\b[^;{]*\\{`));
  return [...body.matchAll(/^\s*(?:readonly )?(\w+)(?::|\()/gm)].map(([, name]) => name).sort();
}

describe('every field crosses', () => {
  for (const struct of [
    ...['ModelOptions', 'TrainOptions', 'ThresholdRule', 'Schedule', 'Sparsity', 'Corruption'],
    ...['Progress', 'Confusion', 'Anatomy'],
  ]) {
    test(struct, () => assert.deepEqual(namesOf(struct), fieldsOf(struct).map(camel).sort()));
  }

  test('LayerShape', () => {
    const shown = fieldsOf('LayerShape').filter((name) => name !== 'quick'); // how a layer is computed, not what
    assert.deepEqual(namesOf('LayerShape'), shown.sort());
  });

  for (const [struct, name] of [
    ['ColumnReason', 'Reasons'],
    ['RepairStep', 'RepairSteps'],
    ['Part', 'Part'],
    ['ColumnPart', 'ColumnParts'],
  ]) {
    test(struct, () => assert.deepEqual(namesOf(name), fieldsOf(struct).map(camel).sort()));
  }
  test('the options of all generators', () => {
    const structs = ['ArticleOptions', 'BrokenRelationOptions', 'WaveOptions', 'PatternsOptions'];
    const expected = new Set(structs.flatMap(fieldsOf).map(camel));
    assert.deepEqual(namesOf('SyntheticOptions'), [...expected].sort());
  });

  test('TrainReport', () => {
    const names = namesOf('TrainReport').filter((name) => name !== 'delete');
    assert.deepEqual(names, fieldsOf('TrainReport').map(camel).sort());
  });

  test('Curve', () => {
    const names = namesOf('Curve').filter((name) => name !== 'delete');
    assert.deepEqual(names, fieldsOf('Curve').map(camel).sort());
  });

  test('Model, as a saved model', () => {
    const own = fieldsOf('Model').filter((name) => !['options', 'scaler'].includes(name));
    const expected = [...own, 'pool', 'center', 'scale', 'constant'].map(camel).sort();
    assert.deepEqual(namesOf('SavedParts'), expected);
  });

  test('what the detector knows, flattened in a saved model', () => {
    const text = readFileSync(join(root, 'bindings/flattened.hpp'), 'utf8');
    for (const struct of [
      ...['DetectorModel', 'ResidualUnits', 'Term', 'Encoding', 'Column', 'Feature', 'ConstantColumn'],
      ...['NumberFeature', 'CategoryFeature', 'CycleFeature'],
    ]) {
      const [, name] = new RegExp(`Way& way, ${struct}& (\\w+)\\) \\{`).exec(text);
      const passed = braced(text, new RegExp(`Way& way, ${struct}& \\w+\\) \\{`));
      const fields = [...passed.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map(([, field]) => field);
      // Rows lie beside the list; what is never skipped matters only while a model learns.
      const expected = fieldsOf(struct).filter((field) => field !== 'pool' && field !== 'kept');
      assert.deepEqual(fields.sort(), expected, struct);
    }
  });
});

describe('every enumerator has its word', () => {
  /** Words whose spelling is not that of C++. */
  const others = { milliseconds: 'ms' };
  const plain = (word) => word.replace(/_/g, '').toLowerCase();
  for (const [enumeration, name, inside] of [
    ...[['Activation'], ['Missing'], ['Compatibility'], ['Stopped'], ['ErrorCode'], ['PatternKind'], ['ReasonKind']],
    ...[['ScalerKind', 'Scaler'], ['OptimizerKind', 'Optimizer'], ['LossKind', 'Loss'], ['ArticleKind']],
    ['Kind', 'ScheduleKind', 'Schedule'],
    ['Kind', 'CorruptionKind', 'Corruption'],
    ['Kind', 'SparsityKind', 'Sparsity'],
    ['Kind', 'RuleKind', 'ThresholdRule'],
    ['Kind', 'BudgetKind', 'Budget'],
  ]) {
    test(name ?? enumeration, () => {
      const text = inside ? braced(code, new RegExp(`\\bstruct ${inside} \\{`)) : code;
      const body = braced(text, new RegExp(`\\benum (?:class )?${enumeration} : \\w+ \\{`));
      const expected = [...body.matchAll(/\bk(\w+)/g)].map(([, word]) => others[plain(word)] ?? plain(word));
      const [, words] = new RegExp(`^  ${name ?? enumeration}: \\{(.*)\\};$`, 'm').exec(description);
      const found = [...words.matchAll(/(\w+): \w+Value</g)].map(([, word]) => plain(word));
      assert.deepEqual(found, expected);
    });
  }
});

test('every reason has its sentence, in the same order', () => {
  const body = braced(code, /\benum class Reason : int \{/);
  const expected = [...body.matchAll(/\bk(\w)(\w*)/g)].map(([, first, rest]) => first.toLowerCase() + rest);
  const sentences = braced(
    readFileSync(join(root, 'bindings/ts/sentences.ts'), 'utf8'),
    /^export const sentences = \{/m,
  );
  const found = [...sentences.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  assert.deepEqual(found, expected);
});

test('no type that users get speaks of the WebAssembly module', () => {
  const types = join(root, 'dist/types');
  for (const name of readdirSync(types))
    assert.doesNotMatch(readFileSync(join(types, name), 'utf8'), /anomalens:/, name);
});
