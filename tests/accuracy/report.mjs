// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Results of `seven` as Markdown tables, and the means that are required.

/** AUROC and AUCPR x 100, means over the seven sets and the seeds. */
const required = [
  { method: 'train', kind: 'clean', auroc: 93, averagePrecision: 90 },
  { method: 'detect', kind: 'dirty', auroc: 90, averagePrecision: 74 },
];
const titles = {
  clean: 'CLEAN: trained on half of the normal rows, tested on the others and the anomalies',
  dirty: 'DIRTY: trained and tested on all rows',
};

export function tables(results, sets) {
  return Object.keys(titles)
    .map((kind) =>
      table(
        kind,
        results.filter((result) => result.kind === kind),
        sets,
      ),
    )
    .join('\n');
}

function table(kind, results, sets) {
  const methods = [...new Set(results.map(({ method }) => method))];
  const columns = methods.map((method) => results.filter((result) => result.method === method));
  const lines = [
    ['set', 'rows x columns', ...methods],
    ['---', '---', ...methods.map(() => '---:')],
  ];
  for (const { name, rows, columns: width } of sets) {
    lines.push([
      name,
      `${rows} x ${width}`,
      ...columns.map((column) => cell(column.filter(({ set }) => set === name))),
    ]);
  }
  lines.push(['**mean**', '', ...columns.map((column) => `**${cell(column)}**`)]);
  lines.push([
    'deviation of the mean over seeds',
    '',
    ...columns.map((column) => `${spread(column, 'auroc')}/${spread(column, 'averagePrecision')}`),
  ]);
  lines.push([
    'seconds in all',
    '',
    ...columns.map((column) => column.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)),
  ]);
  return `${titles[kind]} (AUROC/AUCPR x 100)\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const of = (results, metric) => 100 * mean(results.map((result) => result[metric]));
const cell = (results) => `${of(results, 'auroc').toFixed(1)}/${of(results, 'averagePrecision').toFixed(1)}`;

/** Standard deviation, over the seeds, of the mean over the sets. */
function spread(results, metric) {
  const means = [...new Set(results.map(({ seed }) => seed))].map((seed) =>
    of(
      results.filter((result) => result.seed === seed),
      metric,
    ),
  );
  const centre = mean(means);
  return means.length > 1
    ? Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (means.length - 1)).toFixed(1)
    : '-';
}

/** A sentence for every required mean that is not reached by the mean as printed. */
export function missed(results) {
  return required.flatMap(({ method, kind, ...wanted }) => {
    const found = results.filter((result) => result.method === method);
    return Object.entries(wanted)
      .map(([metric, least]) => ({ metric, least, mean: Number(of(found, metric).toFixed(1)) }))
      .filter(({ least, mean }) => !(mean >= least))
      .map(
        ({ metric, least, mean }) =>
          `${kind.toUpperCase()}, ${method}: ${metric === 'auroc' ? 'AUROC' : 'AUCPR'} ${mean} instead of ${least}`,
      );
  });
}
