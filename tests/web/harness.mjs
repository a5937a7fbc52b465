// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Opens the built page in real browsers and lets tests use it as a reader would: by looking, pointing and typing.

import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import puppeteer from 'puppeteer-core';
import { root } from '../../bindings/tools/shared/places.mjs';
import { serve } from '../../web/tools/serve.mjs';
import { findBrowsers } from '../runner/browsers.mjs';

const longest = 30_000;

/** Per browser: how to start it, and how to make it ask pages for still pictures. */
const starts = {
  chromium: (isStill) => ({
    browser: 'chrome',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=en-US',
      ...(isStill ? ['--force-prefers-reduced-motion'] : []),
    ],
  }),
  firefox: (isStill) => ({
    browser: 'firefox',
    extraPrefsFirefox: {
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'intl.accept_languages': 'en-US, en',
      'ui.prefersReducedMotion': isStill ? 1 : 0,
    },
  }),
};

/** Defines the same tests for every browser there is; `define` gets `open(hash, viewport, prepare)`. */
export async function inEveryBrowser(define, { isStill = false } = {}) {
  const { browsers } = await findBrowsers();
  for (const { name, path } of browsers) {
    describe(name, () => {
      const held = {};
      before(async () => {
        held.server = await serve(join(root, 'build/web'), 0);
        held.browser = await puppeteer.launch({ ...starts[name](isStill), executablePath: path, headless: true });
      });
      after(async () => {
        await held.browser?.close();
        held.server?.close();
      });
      define(
        (hash = '', viewport = { width: 1280, height: 800 }, prepare = () => {}) =>
          openPage(held, hash, viewport, prepare),
        name,
      );
    });
  }
}

async function openPage({ browser, server }, hash, viewport, prepare) {
  const page = await browser.newPage();
  page.setDefaultTimeout(longest);
  await page.setViewport(viewport);
  const reader = new Reader(page);
  await prepare(page);
  await page.goto(server.url + hash);
  await reader.reach('untrained', 'paused', 'done', 'diverged', 'broken');
  return reader;
}

/** The page, and what went wrong or over the wire on it. */
export class Reader {
  complaints = [];
  requests = [];

  constructor(page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warn', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  /** Waits until the run is in one of these phases and the figures have been drawn. */
  async reach(...phases) {
    await this.page.waitForFunction((wanted) => wanted.includes(document.documentElement.dataset.phase), {}, phases);
    await this.settle();
  }

  /** Waits until what has changed has been drawn. */
  async settle() {
    await this.page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
  }

  /** Waits until the address, which follows last, says what the page shows. */
  async record() {
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
  }

  async train() {
    await this.press('#play');
    await this.reach('done');
  }

  /** A click as a pointer makes it, with the element in the middle of the window. */
  async press(selector) {
    await this.show(selector);
    await this.page.click(selector);
    await this.settle();
  }

  async show(selector) {
    await this.page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
    await this.settle();
  }

  /** Also for what is drawn, which the driver's own focus() refuses. */
  focus(selector) {
    return this.page.$eval(selector, (element) => element.focus());
  }

  async choose(selector, value) {
    await this.page.select(selector, value);
    await this.settle();
  }

  async keys(...names) {
    for (const name of names) await this.page.keyboard.press(name);
    await this.settle();
  }

  text(selector) {
    return this.page.$eval(selector, (element) => element.textContent.replace(/\s+/g, ' ').trim());
  }

  attribute(selector, name) {
    return this.page.$eval(selector, (element, wanted) => element.getAttribute(wanted), name);
  }

  async hash() {
    await this.record();
    return this.page.evaluate(() => location.hash);
  }

  /** The rows of a table as texts. */
  cells(selector) {
    return this.page.$eval(selector, (table) =>
      [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
  }

  threshold() {
    return this.attribute('.threshold', 'aria-valuenow').then(Number);
  }

  async fingerprint() {
    await this.show('#run');
    const line = await this.text('#run');
    return line.match(/(\w+)\.$/)[1];
  }

  close() {
    return this.page.close();
  }
}
