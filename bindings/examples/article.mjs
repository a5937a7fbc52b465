// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run demo`: the article's experiment, by the package alone, on recorded rows. Everything printed is computed here.

import { readFileSync } from 'node:fs';
import { Autoencoder } from 'anomalens';

const recorded = new URL('../../tests/data/article.json', import.meta.url);
const { Xtrain, Xtest, y } = JSON.parse(readFileSync(recorded, 'utf8'));

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
const scores = model.score(Xtest);
const verdicts = model.predict(Xtest); // 1 = anomaly
const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 10);
const suspicious = order.map((row) => ({ row, reasons: weighty(model.explain(Xtest[row])) }));
const judged = performance.now();

console.log('Anomalens: the experiment of the article');
console.log(
  `${Xtrain.length} normal rows to learn from, ${Xtest.length} rows to judge, features ${model.features.join(', ')}`,
);
const widths = model.layers().map(({ inputs }) => inputs);
console.log(`Net ${[...widths, widths[0]].join('-')}, ${model.parameters} parameters, ${report.epochs} epochs`);
console.log('\nEpoch      Loss');
for (let epoch = 10; epoch <= report.epochs; epoch += 10)
  console.log(`${String(epoch).padStart(5)}  ${report.loss[epoch - 1].toFixed(6)}`);
console.log(`\nThreshold  ${report.threshold.toFixed(6)}  (a row is an anomaly when its error is above it)`);
printSuspicious();
printCrosstab();
const ms = (time) => `${time.toFixed(1)} ms`;
const rate = Math.round(report.rowsPerSecond).toLocaleString('en');
console.log(
  `\nTime  ${ms(loaded - began)} to load, ${ms(trained - loaded)} to train (${rate} rows/s), ${ms(judged - trained)} to judge`,
);
model.dispose();

/** Of a row's reasons, which come heaviest first, as many as make up nine tenths of its error. */
function weighty(reasons) {
  let sum = 0;
  const last = reasons.findIndex(({ share }) => {
    sum += share;
    return sum >= 0.9;
  });
  return reasons.slice(0, last + 1);
}

function printSuspicious() {
  const names = model.features.map((feature) => feature.padStart(8)).join('');
  console.log(`\nThe ${suspicious.length} most suspicious rows\n`);
  console.log(` Row     Error  Verdict${names}   Feature Value  Expected  Share`);
  for (const { row, reasons } of suspicious) {
    const values = Xtest[row].map((value) => value.toFixed(2).padStart(8)).join('');
    const verdict = (verdicts[row] === 1 ? 'anomaly' : 'normal').padEnd(7);
    const head = `${String(row).padStart(4)}${scores[row].toFixed(4).padStart(10)}  ${verdict}${values}`;
    reasons.forEach((reason, index) => {
      console.log(`${index === 0 ? head : ' '.repeat(head.length)}   ${reasonText(reason)}`);
    });
  }
}

function reasonText({ feature, value, expected, share }) {
  const [was, should, percent] = [value.toFixed(2), expected.toFixed(2), (100 * share).toFixed(0)];
  return `${feature.padEnd(7)}${was.padStart(6)}${should.padStart(10)}${percent.padStart(5)} %`;
}

function printCrosstab() {
  const count = (label, verdict) => y.filter((own, row) => own === label && verdicts[row] === verdict).length;
  console.log('\nLabel \\ verdict    normal   anomaly');
  for (const [label, name] of ['normal', 'anomaly'].entries()) {
    const counts = [count(label, 0), count(label, 1)];
    console.log(`${name.padEnd(15)}${counts.map((number) => String(number).padStart(10)).join('')}`);
  }
}
