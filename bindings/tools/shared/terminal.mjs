// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the tools print: one line for each thing done, one moving line for a long wait.

const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(1).padStart(6);

/** An error whose message is a full sentence for the person at the terminal; no stack trace is shown. */
export class Problem extends Error {}

export function step(text) {
  process.stderr.write(`[${seconds()} s] ${text}\n`);
}

/** Shows bytes received until `stop()`: in place on a terminal, otherwise as a line every few seconds. */
export function progress(label, total, measure) {
  const terminal = process.stderr.isTTY;
  const show = () => {
    const bytes = Math.min(measure(), total);
    const text = `${label}: ${megabytes(bytes)} of ${megabytes(total)} MB (${Math.floor((100 * bytes) / (total || 1))} %)`;
    process.stderr.write(terminal ? `\r\x1b[K${text}` : `           ${text}\n`);
  };
  const timer = setInterval(show, terminal ? 200 : 4000);
  return () => {
    clearInterval(timer);
    if (terminal) process.stderr.write('\r\x1b[K');
  };
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

/** Runs a tool's main function and turns a Problem into one plain message and exit code 1. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    process.stderr.write(error instanceof Problem ? `\n${error.message}\n` : `\n${error.stack}\n`);
    process.exitCode = 1;
  }
}
