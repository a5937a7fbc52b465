// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The npm packages of package-lock.json. Runs before any of them is there, so it uses Node alone.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { root } from '../shared/places.mjs';
import { attached, which } from '../shared/processes.mjs';
import { Problem, step } from '../shared/terminal.mjs';

const mark = join(root, 'node_modules/.anomalens-lock');

export async function ensurePackages() {
  checkNode();
  if (current()) return;
  await exclusively('npm', join(root, 'build'), async () => {
    if (!current()) await install();
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Problem(`Node ${process.versions.node} is too old: Anomalens needs 20.19 or newer (nvm install 22).`);
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const current = () => existsSync(mark) && readFileSync(mark, 'utf8') === lockHash();

async function install() {
  if (!which('npm')) throw new Problem('npm is missing: it comes with Node, or install it with your package manager.');
  step('Installing npm packages (npm ci)');
  const code = await attached('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (code !== 0) throw new Problem('npm ci failed; its message is above. Check the network and run this again.');
  writeFileSync(mark, lockHash());
}
