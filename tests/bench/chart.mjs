// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The ratios as a picture: one dot a competitor and shape, on a logarithmic scale, ours at 1. A dot's whisker are the
// quartiles over the rounds. Colours follow the reader's choice of a light or a dark page.

import { ours } from './competitors.mjs';
import { digits } from './report.mjs';
import { shapes, widths } from './shapes.mjs';

/** Who does the same job on the same machine; our own other builds are in the tables. */
const shown = [ours, 'onnx', 'torch', 'jaxjs', 'tfwasm', 'tfcpu'];
const groups = [
  { kind: 'train', title: 'Training: time as a multiple of Anomalens' },
  { kind: 'score', title: 'Scoring all rows: time as a multiple of Anomalens' },
];

const width = 900;
const margin = { left: 190, right: 24, top: 58 };
const gap = 26;
const line = 24;
const panel = (width - margin.left - margin.right - gap * (shapes.length - 1)) / shapes.length;
/** A label of a dot needs so much room to its right. */
const labelRoom = 44;

const style = `
  .page { fill: #ffffff; stroke: #d0d7de } .text { fill: #1f2328 } .faint { fill: #59636e }
  .rule { stroke: #d0d7de } .one { stroke: #59636e; stroke-dasharray: 3 3 } .peer { fill: #59636e; stroke: #59636e }
  .ours { fill: #0969da; stroke: #0969da } text { font: 13px system-ui, sans-serif } .small { font-size: 11px }
  .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
  .title { font-weight: 600; font-size: 14px } .end { text-anchor: end } .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d } .text { fill: #f0f6fc } .faint { fill: #9198a1 } .rule { stroke: #3d444d }
    .value { stroke: #0d1117 } .one { stroke: #9198a1 } .peer { fill: #9198a1; stroke: #9198a1 } .ours { fill: #4493f8; stroke: #4493f8 }
  }`;

export function chart(results) {
  const drawn = groups.filter(({ kind }) => results.jobs[`${kind} ${shapes[0].name}`]?.[ours]);
  let at = 0;
  const parts = drawn.map((group) => {
    const names = shown.filter((name) => shapes.some((shape) => dot(results, group.kind, shape, name)));
    const top = at;
    at += margin.top + names.length * line + 44;
    return groupOf(results, group, names, top);
  });
  const foot = `Medians of ${results.rounds} rounds in one run, one thread; whiskers: quartiles. ${results.machine.cpu}, Node ${results.machine.node}.`;
  const height = at + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d">
<title id="t">Speed of Anomalens beside other libraries</title>
<desc id="d">${escaped(described(results, drawn))}</desc>
<style>${style}
</style>
<rect class="page" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${parts.join('\n')}
${text(16, height - 14, foot, 'faint small')}
</svg>
`;
}

function dot({ jobs }, kind, shape, name) {
  const found = jobs[`${kind} ${shape.name}`]?.[name];
  return found && !found.error && found.ratio.count > 0 ? found.ratio : undefined;
}

function groupOf(results, { kind, title }, names, top) {
  const labels = names.map((name, row) => {
    const classes = name === ours ? 'text title end' : 'text end';
    return text(margin.left - 14, top + margin.top + row * line + 16, label(results, name), classes);
  });
  const panels = shapes.map((shape, column) => {
    const dots = names.map((name) => ({ name, ratio: dot(results, kind, shape, name) }));
    return panelOf(shape, dots, margin.left + column * (panel + gap), top + margin.top);
  });
  return [text(16, top + 24, title, 'text title'), ...labels, ...panels].join('\n');
}

const label = ({ labels, versions }, name) =>
  name === ours ? 'Anomalens' : `${labels[name]} ${/^\d+\.\d+/.exec(versions[name] ?? '') ?? ''}`.trim();

function panelOf(shape, dots, x, y) {
  const values = dots.flatMap(({ ratio }) => (ratio ? [ratio.low, ratio.high] : []));
  const low = Math.min(0, Math.floor(Math.log10(Math.min(...values))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const place = (value) => x + ((Math.log10(value) - low) / (high - low)) * (panel - labelRoom);
  const bottom = y + dots.length * line;
  const decades = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
  const axis = decades.map((value) => {
    const at = place(value).toFixed(1);
    const rule = `<line class="${value === 1 ? 'one' : 'rule'}" x1="${at}" x2="${at}" y1="${y}" y2="${bottom}"/>`;
    return rule + text(at, bottom + 16, value.toLocaleString('en'), 'faint small middle');
  });
  const head = `${shape.name}: ${shape.rows.toLocaleString('en')} × ${shape.columns}, ${widths(shape).join('-')}`;
  const marks = dots.map(({ name, ratio }, row) => (ratio ? mark(name, ratio, place, y + row * line + line / 2) : ''));
  return [text(x, y - 10, head, 'faint small'), ...axis, ...marks].join('\n');
}

function mark(name, { median, low, high }, place, y) {
  const [x, from, to] = [median, low, high].map((value) => place(value).toFixed(1));
  const kind = name === ours ? 'ours' : 'peer';
  const whisker = `<line class="${kind}" x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke-width="2"/>`;
  const value = name === ours ? '1' : digits(median);
  return `${whisker}<circle class="${kind}" cx="${x}" cy="${y}" r="4.5"/>${text(Number(to) + 9, y + 4, value, 'text small value')}`;
}

const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x, y, words, classes) => `<text x="${x}" y="${y}" class="${classes}">${escaped(words)}</text>`;

/** The numbers in words, for who cannot see the dots. */
function described(results, drawn) {
  return drawn
    .map(({ kind, title }) => {
      const parts = shapes.map((shape) => {
        const others = shown.filter((name) => name !== ours && dot(results, kind, shape, name));
        const values = others.map(
          (name) => `${label(results, name)} ${digits(dot(results, kind, shape, name).median)}`,
        );
        return `${shape.name}: ${values.join(', ')}`;
      });
      return `${title}. ${parts.join('; ')}.`;
    })
    .join(' ');
}
