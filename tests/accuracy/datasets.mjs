// SPDX-License-Identifier: MIT
// Labelled sets, rebuilt from Debian packages: the seven of the benchmark, and seven more that no default was ever
// chosen on. Nothing is installed and nothing is kept in the repository: the packages are unpacked once, and the source
// files stay in the user's cache folder.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { exclusively } from '../../bindings/tools/shared/lock.mjs';
import { cache } from '../../bindings/tools/shared/places.mjs';
import { capture, run } from '../../bindings/tools/shared/processes.mjs';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { download, hasApt, withPackages } from '../../bindings/tools/toolchain/debian.mjs';
import { readRda } from './rda.mjs';

const home = join(cache, 'datasets');
const sources = [
  {
    package: 'r-cran-mlbench',
    folder: 'usr/lib/R/site-library/mlbench/data',
    files: [
      'BreastCancer',
      'PimaIndiansDiabetes',
      'Ionosphere',
      'Satellite',
      'Shuttle',
      'Glass',
      'Vehicle',
      'Vowel',
      'LetterRecognition',
      'DNA',
    ].map((name) => `${name}.rda`),
  },
  {
    package: 'python3-sklearn',
    folder: 'usr/lib/python3/dist-packages/sklearn/datasets/data',
    files: ['wine_data.csv', 'breast_cancer.csv', 'digits.csv.gz'],
  },
];
const files = sources.flatMap((source) => source.files);

// The anomalies kept of a class that is not rare by itself: ADBench's choice, so that the sets equal its sets.
const rareWines = [5, 7, 9, 16, 32, 37, 48, 53, 56, 57];
const rareTumours = [28, 33, 95, 117, 230, 323, 370, 498, 516, 564];

/** The sizes are checked on every run: a package that changed must not change the benchmark unseen. */
const recipes = [
  {
    name: 'breastw',
    rows: 683,
    columns: 9,
    anomalies: 239,
    read: () => frame('BreastCancer', 'Class', ['malignant'], { drop: ['Id'], complete: true }),
  },
  {
    name: 'pima',
    rows: 768,
    columns: 8,
    anomalies: 268,
    read: () => frame('PimaIndiansDiabetes', 'diabetes', ['pos']),
  },
  {
    name: 'ionosphere',
    rows: 351,
    columns: 32,
    anomalies: 126,
    read: () => frame('Ionosphere', 'Class', ['bad'], { drop: ['V1', 'V2'] }),
  },
  {
    name: 'satellite',
    rows: 6435,
    columns: 36,
    anomalies: 2036,
    read: () => frame('Satellite', 'classes', ['cotton crop', 'damp grey soil', 'vegetation stubble']),
  },
  {
    name: 'shuttle',
    rows: 49097,
    columns: 9,
    anomalies: 3511,
    read: () => frame('Shuttle', 'Class', (value) => value !== 'Rad.Flow', { without: ['High'] }),
  },
  { name: 'wine', rows: 129, columns: 13, anomalies: 10, read: () => csv('wine_data.csv', 0, rareWines) },
  { name: 'WDBC', rows: 367, columns: 30, anomalies: 10, read: () => csv('breast_cancer.csv', 0, rareTumours) },
];
export const names = recipes.map((recipe) => recipe.name);

/** For the laboratory only: sets on which a change of the defaults has to prove itself. Thinned classes keep their first rows. */
const heldOut = [
  { name: 'glass', rows: 214, columns: 9, anomalies: 9, read: () => frame('Glass', 'Type', ['6']) },
  { name: 'vehicle', rows: 846, columns: 18, anomalies: 199, read: () => frame('Vehicle', 'Class', ['van']) },
  {
    name: 'vowel',
    rows: 990,
    columns: 9,
    anomalies: 90,
    read: () => frame('Vowel', 'Class', ['hYd'], { drop: ['V1'] }),
  },
  { name: 'letters', rows: 20000, columns: 16, anomalies: 787, read: () => frame('LetterRecognition', 'lettr', ['X']) },
  {
    name: 'three letters',
    rows: 2441,
    columns: 16,
    anomalies: 150,
    read: () => frame('LetterRecognition', 'lettr', (value) => !'ABC'.includes(value), { atMost: 150 }),
  },
  {
    name: 'DNA',
    rows: 1754,
    columns: 180,
    anomalies: 100,
    read: () => frame('DNA', 'Class', ['ei'], { without: ['ie'], atMost: 100 }),
  },
  { name: 'digits', rows: 1797, columns: 64, anomalies: 181, read: () => csv('digits.csv.gz', 4) },
];

/** [{ name, group, rows, columns, data: Float64Array, labels: Uint8Array }]; a Problem says why when the data cannot be had. */
export async function datasets(wanted = names) {
  await exclusively('datasets', cache, fetchSources);
  return recipes.filter(({ name }) => wanted.includes(name)).map((recipe) => build('seven', recipe));
}

export async function heldOutDatasets() {
  await exclusively('datasets', cache, fetchSources);
  return heldOut.map((recipe) => build('other', recipe));
}

function build(group, { name, rows, columns, anomalies, read }) {
  const { cells, labels } = read();
  const set = {
    name,
    group,
    rows: cells.length,
    columns: cells[0]?.length ?? 0,
    data: Float64Array.from(cells.flat()),
    labels: Uint8Array.from(labels),
  };
  const found = [set.rows, set.columns, set.labels.reduce((sum, label) => sum + label, 0)];
  if (found.join() !== [rows, columns, anomalies].join()) {
    throw new Problem(
      `${name} has ${found.join(' / ')} rows / columns / anomalies instead of ${rows} / ${columns} / ${anomalies}: the Debian package has changed.`,
    );
  }
  if (!set.data.every(Number.isFinite)) throw new Problem(`${name} has a cell that is not a number.`);
  return set;
}

/** `anomalous`: class names, or a test of one; `without`: classes left out; `complete`: rows without a missing cell. */
function frame(title, target, anomalous, { drop = [], without = [], complete = false, atMost = Infinity } = {}) {
  const table = readRda(join(home, `${title}.rda`))[title];
  const isAnomaly = Array.isArray(anomalous) ? (value) => anomalous.includes(value) : anomalous;
  const inputs = Object.keys(table).filter((name) => name !== target && !drop.includes(name));
  let anomalies = 0;
  const kept = table[target]
    .map((_, row) => row)
    .filter((row) => {
      if (without.includes(table[target][row])) return false;
      if (complete && inputs.some((name) => table[name][row] === null)) return false;
      return !isAnomaly(table[target][row]) || ++anomalies <= atMost;
    });
  return {
    cells: kept.map((row) => inputs.map((name) => Number(table[name][row]))),
    labels: kept.map((row) => Number(isAnomaly(table[target][row]))),
  };
}

/** scikit-learn's own files: the cells of a row and its class; `rareRows`: the rows kept of that class, by default all. */
function csv(file, rareClass, rareRows) {
  const bytes = readFileSync(join(home, file));
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number)).filter((row) => row.every(Number.isFinite)); // not the heading
  const isRare = (row) => row[row.length - 1] === rareClass;
  const rare = rareRows ? rareRows.map((i) => rows[i]) : rows.filter(isRare);
  const kept = [...rows.filter((row) => !isRare(row)), ...rare];
  return { cells: kept.map((row) => row.slice(0, -1)), labels: kept.map((row) => Number(isRare(row))) };
}

async function fetchSources() {
  if (files.every((file) => existsSync(join(home, file)))) return;
  if (!hasApt())
    throw new Problem('The real sets come from Debian packages, and this machine has no apt-get and dpkg-deb.');
  mkdirSync(home, { recursive: true });
  const scratch = mkdtempSync(join(home, 'work-'));
  try {
    for (const file of await fetchPackages(scratch)) await run('dpkg-deb', ['-x', file, join(scratch, 'root')]);
    for (const { folder, files: wanted } of sources)
      for (const file of wanted) keep(join(scratch, 'root', folder, file));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** With the lists that apt has, else with private ones, which need neither rights nor a system that was updated. */
async function fetchPackages(scratch) {
  const packages = sources.map((source) => source.package);
  step(`Fetching ${packages.join(' and ')} from Debian (once; 3 MB)`);
  const direct = await capture('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages], {
    cwd: scratch,
  });
  if (direct.ok) return archives(scratch);
  return await withPackages(async (lists) => {
    const found = await download(lists, packages, { label: 'Downloading the real sets' });
    for (const file of found) copyFileSync(file, join(scratch, basename(file)));
    return archives(scratch);
  });
}

const archives = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));

/** Whole or not at all: an interrupted run must not leave half a file. */
function keep(file) {
  const target = join(home, basename(file));
  copyFileSync(file, `${target}.partial`);
  renameSync(`${target}.partial`, target);
}
