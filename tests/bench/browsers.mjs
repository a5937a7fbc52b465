// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Our package in a browser: a page that answers the same lines as a child process.

import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { root } from '../../bindings/tools/shared/places.mjs';
import { serve } from '../../web/tools/serve.mjs';
import { findBrowsers } from '../runner/browsers.mjs';

const page = `<!doctype html><meta charset="utf-8"><title>Benchmark</title><link rel="icon" href="data:,">
<script type="module">
  import { answer } from './commands.mjs';
  import { open } from './competitors/ours.mjs';
  const load = async (file, count) => new Float32Array(await (await fetch(file)).arrayBuffer(), 0, count);
  try {
    const competitor = await open({ module: '/index.js' });
    window.ask = (line) => answer(competitor, line, load);
    window.ready = { version: competitor.version };
  } catch (error) {
    window.ready = { error: String(error) };
  }
</script>`;

const modules = ['commands.mjs', 'shapes.mjs', 'competitors/ours.mjs'];

const starts = {
  chromium: { browser: 'chrome', args: ['--no-sandbox', '--disable-background-networking', '--disable-sync'] },
  firefox: {
    browser: 'firefox',
    extraPrefsFirefox: {
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'privacy.reduceTimerPrecision': false, // else its clock ticks once a millisecond
    },
  },
};

/** Makes the folder of the tables one to be served: with the page and the package. */
function furnish(folder) {
  mkdirSync(join(folder, 'competitors'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), page);
  copyFileSync(join(root, 'dist/index.js'), join(folder, 'index.js'));
  for (const module of modules) cpSync(fileURLToPath(new URL(module, import.meta.url)), join(folder, module));
}

export class Page {
  /** Throws an Error that says why there is no such browser. */
  static async start(name, folder) {
    const { browsers, skipped } = await findBrowsers();
    const path = browsers.find((browser) => browser.name === name)?.path;
    if (!path) throw new Error(skipped.map(({ reason }) => reason).join(' ') || `there is no ${name}`);
    furnish(folder);
    const server = await serve(folder, 0);
    const browser = await puppeteer.launch({ ...starts[name], executablePath: path, headless: true }).catch((error) => {
      server.close();
      throw error;
    });
    const held = new Page(browser, server, folder);
    held.version = (await browser.version()).replace(/^\D+/, '').split('/').at(-1);
    await held.#open();
    return held;
  }

  constructor(browser, server, folder) {
    Object.assign(this, { browser, server, folder });
  }

  async #open() {
    this.page = await this.browser.newPage();
    await this.page.goto(this.server.url);
    await this.page.waitForFunction(() => window.ready !== undefined);
    const { error } = await this.page.evaluate(() => window.ready);
    if (error) throw new Error(error);
  }

  /** A file of the folder is at the same place under the page's address. */
  ask(line) {
    return this.page.evaluate((text) => window.ask(text), line.replace(`${this.folder}/`, '/'));
  }

  async close() {
    await this.browser.close();
    this.server.close();
  }
}
