// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// dist/THIRD-PARTY-NOTICES.txt: the licences of everything compiled or bundled into the package.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shared/places.mjs';
import { step } from '../shared/terminal.mjs';

// What stands here is used where the toolchain at hand ships no licence file of its own.
const compiled = [
  {
    name: 'xtensor',
    terms: 'BSD-3-Clause, Johan Mabille, Sylvain Corlay, Wolf Vollprecht, QuantStack',
    doc: 'libxtensor-dev',
  },
  { name: 'xtl', terms: 'BSD-3-Clause, Johan Mabille, Sylvain Corlay, Wolf Vollprecht, QuantStack', doc: 'xtl-dev' },
  {
    name: 'xsimd',
    terms: 'BSD-3-Clause, Johan Mabille, Sylvain Corlay, Wolf Vollprecht, Martin Renou, QuantStack, Serge Guelton',
    doc: 'libxsimd-dev',
  },
  { name: 'Emscripten runtime', terms: 'MIT, the Emscripten authors', doc: 'emscripten', files: ['LICENSE'] },
  { name: 'musl libc', terms: 'MIT, Rich Felker and others', files: ['system/lib/libc/musl/COPYRIGHT'] },
  {
    name: 'libc++, libc++abi, libunwind and compiler-rt (LLVM)',
    terms: 'Apache-2.0 WITH LLVM-exception, the LLVM project',
    doc: 'llvm-19',
    files: ['system/lib/libcxx/LICENSE.TXT', 'system/lib/compiler-rt/LICENSE.TXT'],
  },
];

export function writeNotices({ emscripten, headers }, packages) {
  step('Writing dist/THIRD-PARTY-NOTICES.txt');
  const parts = [
    ...compiled.map((item) => compiledNotice(item, emscripten.folder, headers)),
    ...packages.map(packageNotice),
  ];
  const intro =
    'Anomalens contains code of the projects below, compiled into its WebAssembly module or bundled into its JavaScript.\n';
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), [intro, ...parts].join(`\n${'='.repeat(80)}\n`));
}

function compiledNotice({ name, terms, doc, files = [] }, emscripten, headers) {
  const documents = [join(headers, 'share/doc'), '/usr/share/doc'].map(
    (folder) => doc && join(folder, doc, 'copyright'),
  );
  const file = [...files.map((path) => join(emscripten, path)), ...documents].find((path) => path && existsSync(path));
  return `${name}\n${terms}\n${file ? `\n${withoutPackaging(readFileSync(file, 'utf8'))}\n` : ''}`;
}

/** Of Debian's machine-readable copyright files, what concerns the project as a whole and the licences that names. */
function withoutPackaging(text) {
  if (!text.startsWith('Format: ')) return text.trim();
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
  const field = (paragraph, name) => new RegExp(`^${name}: *(.+)`, 'm').exec(paragraph)?.[1] ?? '';
  const files = paragraphs.filter((paragraph) => /^Files: *(\*|include\/)/.test(paragraph));
  const named = files.flatMap((paragraph) => field(paragraph, 'License').split(/ and | or |, /));
  const licences = paragraphs.filter(
    (paragraph) => /^License:/.test(paragraph) && named.includes(field(paragraph, 'License')),
  );
  return [...files, ...licences].join('\n\n');
}

function packageNotice(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version}\n${license}\n${file ? `\n${readFileSync(join(folder, file), 'utf8').trim()}\n` : ''}`;
}
