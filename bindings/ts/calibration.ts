// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { withRule } from './conversion.ts';
import type { Model } from './model.ts';
import type { Table, ThresholdRule } from './types.ts';

/** Sets and returns a new threshold, from the scores of `rows` unless the rule is a number. The rule has been checked. */
export function calibrated(model: Model, rows: Table, rule: ThresholdRule): number {
  const { core } = model;
  const said = { threshold: rule };
  model.requireTrained();
  if (rule.rule === 'fixed') {
    model.changes++;
    core.check(model.own.setThreshold(rule.value));
    return rule.value;
  }
  const source = model.source(rows);
  return withRule(core, rule, (given) => {
    core.check(core.engine.checkRule(given, source.rows), said);
    const scores = model.read('score', source, 1);
    return core.heap.borrow(scores.byteLength, (at) => {
      core.heap.fill('float', at, scores);
      model.changes++;
      return core.got(model.own.calibrate(at, scores.length, given), said);
    });
  });
}
