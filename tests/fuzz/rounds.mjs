// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Runs properties, so many cases each, and tells what must never happen, shrunk to the smallest case that shows it.

import fc from 'fast-check';
import { mustKeepStack, Violation } from './invariants.mjs';
import { properties } from './properties/index.mjs';
import { renewed, world } from './world.mjs';

/** So many tries at making a case smaller take a few seconds at most. */
const mostShrinks = 3000;

/** The same fault shows in many cases: it is shrunk once and then counted. Numbers and quoted values do not tell two apart. */
const signatureOf = (name, error) =>
  `${name}: ${String(error.message)
    .split('\n')[0]
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""')
    .replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, '#')
    .slice(0, 160)}`;

export class Rounds {
  /** Cases so far. */
  cases = 0;
  /** By signature: { count, name, seed, path, message, example }. */
  violations = new Map();
  /** Called before every case with the property's number, the seed and the number of the case in its run. */
  #tell;

  constructor(tell = () => {}) {
    this.#tell = tell;
    process.on('unhandledRejection', (reason) =>
      this.#found('unhandled rejection', new Violation(String(reason?.stack ?? reason))),
    );
  }

  /** `share` cases for every unit of weight of each property. */
  async round(seed, share, chosen = properties) {
    for (const property of chosen)
      await this.run(property, { seed, numRuns: Math.max(1, Math.round(property.weight * share)) });
  }

  /** One run; with `path`, one case of it, as fast-check names it. */
  async run(property, { seed, numRuns, path }) {
    const number = properties.indexOf(property);
    let run = 0;
    let shrinks = 0;
    const predicate = async (input) => {
      this.#tell(number, seed, run, this.cases);
      if (shrinks === 0) {
        run++;
        this.cases++;
      } else if (shrinks++ > mostShrinks) {
        return;
      }
      try {
        await property.run(input);
        mustKeepStack((await world()).keeper);
      } catch (error) {
        if (shrinks === 0 && this.#known(property.name, error)) return;
        shrinks = Math.max(shrinks, 1);
        await renewed();
        throw error;
      }
    };
    const details = await fc.check(fc.asyncProperty(property.input, predicate), {
      seed,
      numRuns,
      ...(path && { path }),
    });
    if (!details.failed) return;
    const { errorInstance, counterexample, counterexamplePath } = details;
    const [input] = counterexample;
    this.#found(property.name, errorInstance, { seed, path: counterexamplePath, input });
  }

  #known(name, error) {
    const known = this.violations.get(signatureOf(name, error));
    if (!known) return false;
    known.count++;
    return true;
  }

  #found(name, error, { seed, path, input } = {}) {
    const signature = signatureOf(name, error);
    if (this.#known(name, error)) return;
    this.violations.set(signature, {
      count: 1,
      name,
      seed,
      path,
      message: error instanceof Violation ? error.message : String(error.stack),
      example: input === undefined ? '' : fc.stringify(input),
    });
  }
}

export const commandFor = ({ name, seed, path }) =>
  `npm run fuzz -- --property '${name}' --seed=${seed} --path ${path}`;

export const told = (violation) =>
  `${violation.name}\n  ${violation.message}\n  ${violation.example}\n  ${commandFor(violation)}`;
