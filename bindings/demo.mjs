// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run demo`: the article's experiment, from the package, on recorded rows. Everything printed is computed here.

import { readFileSync } from 'node:fs';
import { Autoencoder } from 'anomalens';

const mostSuspicious = 10;
/** Features are named until together they carry so much of a row's error. */
const carried = 0.9;

const fixture = new URL('../tests/data/article.json', import.meta.url);
const { Xtrain, Xtest, y } = JSON.parse(readFileSync(fixture, 'utf8'));

const began = performance.now();
const model = await Autoencoder.create({ hidden: [16], latent: 2, seed: 42, compatibility: 'pytorch' });
const loaded = performance.now();
const report = await model.fit(Xtrain, {
  epochs: 60,
  batchSize: 32,
  learningRate: 1e-3,
  weightDecay: 1e-5,
  threshold: { rule: 'quantile', q: 0.95 },
});
const trained = performance.now();
const judged = judge(model, Xtest);
const ended = performance.now();

console.log('Anomalens: the experiment of the article');
console.log(
  `${Xtrain.length} normal rows to learn from, ${Xtest.length} rows to judge, features ${model.features.join(', ')}`,
);
console.log(`Net ${widths(model).join('-')}, ${model.parameters} parameters, ${report.epochs} epochs`);
printLosses(report.loss);
console.log(`\nThreshold  ${report.threshold.toFixed(6)}  (a row is an anomaly when its error is above it)`);
printSuspicious(judged);
printCrosstab(y, judged.verdicts);
console.log(
  `\nTime  ${ms(loaded - began)} to load, ${ms(trained - loaded)} to train (${Math.round(report.rowsPerSecond).toLocaleString('en')} rows/s), ${ms(ended - trained)} to judge`,
);
model.dispose();

/** Everything the model says about rows, as plain arrays. */
function judge(detector, rows) {
  return {
    rows,
    features: detector.features,
    scores: detector.score(rows),
    verdicts: detector.predict(rows),
    errors: detector.featureErrors(rows),
    expected: detector.reconstruct(rows),
  };
}

/** The features that carry a row's error, heaviest first. */
function reasonsOf({ rows, features, errors, expected }, row) {
  const width = features.length;
  const parts = errors.slice(row * width, (row + 1) * width);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const reasons = features.map((feature, index) => ({
    feature,
    value: rows[row][index],
    expected: expected[row * width + index],
    share: parts[index] / total,
  }));
  reasons.sort((a, b) => b.share - a.share);
  let sum = 0;
  const enough = reasons.findIndex(({ share }) => {
    sum += share;
    return sum >= carried;
  });
  return reasons.slice(0, enough + 1);
}

function printLosses(loss) {
  console.log('\nEpoch      Loss');
  for (let epoch = 10; epoch <= loss.length; epoch += 10) {
    console.log(`${String(epoch).padStart(5)}  ${loss[epoch - 1].toFixed(6)}`);
  }
}

function printSuspicious(judged) {
  const { rows, features, scores, verdicts } = judged;
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, mostSuspicious);
  const names = features.map((feature) => feature.padStart(8)).join('');
  console.log(`\nThe ${order.length} most suspicious rows\n`);
  console.log(` Row     Error  Verdict${names}   Feature Value  Expected  Share`);
  for (const row of order) {
    const values = rows[row].map((value) => value.toFixed(2).padStart(8)).join('');
    const verdict = (verdicts[row] === 1 ? 'anomaly' : 'normal').padEnd(7);
    const head = `${String(row).padStart(4)}${scores[row].toFixed(4).padStart(10)}  ${verdict}${values}`;
    reasonsOf(judged, row).forEach((reason, index) => {
      console.log(`${index === 0 ? head : ' '.repeat(head.length)}   ${reasonText(reason)}`);
    });
  }
}

function reasonText({ feature, value, expected, share }) {
  const [was, should, percent] = [value.toFixed(2), expected.toFixed(2), (100 * share).toFixed(0)];
  return `${feature.padEnd(7)}${was.padStart(6)}${should.padStart(10)}${percent.padStart(5)} %`;
}

function printCrosstab(labels, verdicts) {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  labels.forEach((label, row) => {
    counts[label][verdicts[row]]++;
  });
  const names = ['normal', 'anomaly'];
  console.log('\nLabel \\ verdict    normal   anomaly');
  counts.forEach((row, label) => {
    console.log(`${names[label].padEnd(15)}${row.map((count) => String(count).padStart(10)).join('')}`);
  });
}

function widths(detector) {
  const layers = detector.layers();
  return [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
}

function ms(time) {
  return `${time.toFixed(1)} ms`;
}
