// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Programs that belong to the system: found on PATH, else installed by apt where that is allowed.

import { spawnSync } from 'node:child_process';
import { capture, which } from '../shared/processes.mjs';
import { Problem, step } from '../shared/terminal.mjs';

let rights;
/** The words that go before apt-get: none for root, sudo where it asks no password; undefined when neither. */
function elevation() {
  if (rights === undefined) rights = findRights();
  return rights ?? undefined;
}

function findRights() {
  if (!which('apt-get')) return null;
  if (process.getuid?.() === 0) return [];
  const asksNothing = which('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return asksNothing ? ['sudo', '-n'] : null;
}

export const canInstall = () => elevation() !== undefined;

/** The version apt would install, or '' when it knows none. */
export async function candidate(name) {
  const query = () => capture('apt-cache', ['policy', name], { env: { ...process.env, LC_ALL: 'C' } });
  const version = ({ stdout }) => /Candidate: (?:\d+:)?(\d[\w.]*)/.exec(stdout)?.[1] ?? '';
  const known = version(await query());
  if (known || !canInstall()) return known;
  await update();
  return version(await query());
}

let updated = false;
async function update() {
  if (updated) return;
  updated = true;
  step('apt-get update');
  await apt(['update']);
}

function apt(args) {
  const words = [
    ...elevation(),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    '-o',
    'DPkg::Lock::Timeout=600',
    ...args,
  ];
  return capture(words[0], words.slice(1));
}

export async function install(packages, label) {
  step(`Installing ${label} (apt-get install ${packages.join(' ')})`);
  const command = ['install', '--yes', '--no-install-recommends', ...packages];
  let result = await apt(command);
  if (!result.ok) {
    await update(); // the lists may be empty or name versions that are gone
    result = await apt(command);
  }
  if (!result.ok)
    throw new Problem(`${result.output.trim()}\n\nInstalling ${label} failed: apt-get install ${packages.join(' ')}`);
}

/**
 * Makes sure of programs. `wanted`: { label, programs: any one of them will do, packages, or: other ways to say }.
 * Returns what is still missing, as sentences naming the command that helps.
 */
export async function ensurePrograms(wanted) {
  const absent = wanted.filter(({ programs }) => !programs.some((name) => which(name)));
  if (absent.length && canInstall()) {
    const packages = absent.flatMap((item) => item.packages);
    await install(packages, absent.map(({ label }) => label).join(', ')).catch((error) => step(error.message));
  }
  return new Map(
    absent.filter(({ programs }) => !programs.some((name) => which(name))).map((item) => [item.label, missing(item)]),
  );
}

function missing({ label, packages }) {
  const how = which('apt-get')
    ? `sudo apt-get install ${packages.join(' ')}`
    : `your package manager (packages like ${packages.join(', ')})`;
  return `${label} is missing: install it with  ${how}`;
}
