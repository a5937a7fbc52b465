// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The suite `seven`: real, labelled sets of numbers.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, step } from '../../bindings/tools/shared/terminal.mjs';
import { datasets, heldOutDatasets } from './datasets.mjs';
import { asDetect, asTrain, asTrainUnclean } from './ours.mjs';
import { runPeers } from './peers.mjs';
import { missed, tables } from './report.mjs';
import { splits, writeSplits } from './splits.mjs';

/** The settings of ours: which split, and how the package is asked. */
const settings = [
  { name: 'train', kind: 'clean', ask: asTrain },
  { name: 'train, clean: false', kind: 'clean', ask: asTrainUnclean },
  { name: 'detect', kind: 'dirty', ask: asDetect },
];

/** The suite: a report in Markdown, every result, and a sentence for every required mean that is missed. */
export async function seven(library, { sets: wanted, seeds, peers }) {
  const sets = await datasets(wanted);
  const all = sets.flatMap((set) => seeds.flatMap((seed) => splits(set, seed)));
  const folder = mkdtempSync(join(tmpdir(), 'anomalens-accuracy-'));
  try {
    const ours = await judge(library, all, folder);
    const others = peers.length ? await compare(folder, all, ours, peers) : undefined;
    const results = [...ours, ...(others?.results ?? [])];
    const versions = Object.entries(others?.versions ?? {}).map((pair) => pair.join(' '));
    const report = tables(results, sets) + (others ? `\nPeers: ${versions.join(', ')}.\n` : '');
    return { report, results, misses: missed(ours) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function exportSplits({ export: folder, sets, seeds }) {
  const all = [...(await datasets(sets)), ...(await heldOutDatasets())].flatMap((set) =>
    seeds.flatMap((seed) => splits(set, seed)),
  );
  writeSplits(folder, all);
  step(`${all.length} splits written to ${folder}`);
}

/** Our results; the scores are also written, so that scikit-learn can say what it makes of them. */
async function judge(library, all, folder) {
  const results = [];
  for (const { set, seed, kind, train, test, labels } of all) {
    if (seed === all[0].seed && kind === 'clean') step(`Our detector: ${set}`);
    for (const setting of settings.filter((item) => item.kind === kind)) {
      const started = performance.now();
      const { model, scores: found } = await setting.ask(library, train, test, seed);
      const seconds = (performance.now() - started) / 1000;
      const scores = Float64Array.from(found);
      model.dispose();
      if (scores.length !== labels.length || !scores.every(Number.isFinite))
        throw new Problem(`${setting.name} on ${set}, seed ${seed}: not one finite score a row.`);
      const file = `${set}-${seed}-${kind}.${settings.indexOf(setting)}.scores.f64`;
      writeFileSync(join(folder, file), scores);
      const { auroc, averagePrecision } = library.metrics;
      results.push({
        method: setting.name,
        ours: true,
        set,
        seed,
        kind,
        auroc: auroc(scores, labels),
        averagePrecision: averagePrecision(scores, labels),
        seconds,
        file,
      });
    }
  }
  return results;
}

async function compare(folder, all, ours, wanted) {
  writeSplits(folder, all);
  const others = await runPeers(folder, wanted);
  const checks = new Map(others?.checks.map((entry) => [entry.file, entry]));
  for (const result of others ? ours : []) {
    const theirs = checks.get(result.file);
    const apart = Math.max(...['auroc', 'averagePrecision'].map((metric) => Math.abs(result[metric] - theirs[metric])));
    if (!(apart < 1e-9))
      throw new Problem(
        `Our metrics differ from scikit-learn's by ${apart} on ${result.set}, ${result.method}, seed ${result.seed}.`,
      );
  }
  return others;
}
