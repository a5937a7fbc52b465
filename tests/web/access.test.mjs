// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../bindings/tools/shared/places.mjs';
import { inEveryBrowser } from './harness.mjs';

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const phone = { width: 320, height: 640 };

await inEveryBrowser((open) => {
  for (const lang of ['ru', 'en']) {
    for (const theme of ['light', 'dark']) {
      test(`axe finds nothing against the page in ${lang}, ${theme}, trained and untrained`, async () => {
        const found = [];
        for (const run of ['', '&steps=1000000&row=61&guess=more&threshold=0.3']) {
          const reader = await open(`#lang=${lang}&theme=${theme}${run}`);
          await reader.page.$$eval('details', (all) => {
            for (const details of all) details.open = true;
          });
          for (const figure of ['#rows', '#learning', '#errors', '#reasons', '#run']) await reader.show(figure);
          found.push(...(await violations(reader.page)));
          await reader.close();
        }
        assert.deepEqual(found, []);
      });
    }
  }

  test('at 320 pixels nothing needs sideways scrolling, before and after training', async () => {
    for (const lang of ['ru', 'en']) {
      const reader = await open(`#lang=${lang}`, phone);
      assert.equal(await overflow(reader.page), 0);
      await reader.train();
      await reader.press('[data-guess="shown"]');
      await reader.press('.suspects button');
      await reader.page.$$eval('details', (all) => {
        for (const details of all) details.open = true;
      });
      assert.equal(await overflow(reader.page), 0);
      await reader.close();
    }
  });

  test('on a phone the first screen holds the title, the button and the beginning of a figure', async () => {
    const reader = await open('#lang=ru', { width: 390, height: 844 });
    const bottoms = await reader.page.$$eval('h1, #play, .scatter', (all) =>
      all.map((one) => one.getBoundingClientRect().bottom),
    );
    for (const bottom of bottoms) assert.ok(bottom <= 844, `${bottom} px`);
    await reader.close();
  });

  test('everything that can be touched is at least 24 pixels high and wide', async () => {
    const reader = await open('#lang=en&steps=1000000&row=61', phone);
    const small = await reader.page.$$eval(
      'button, select, summary, input[type=range], input[type=number], .fields label:has(input)',
      (all) =>
        all
          .filter((one) => one.checkVisibility())
          .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)
          .map(([name]) => name),
    );
    assert.deepEqual(small, []);
    await reader.close();
  });

  test('the page can be used from beginning to end by keyboard alone', async () => {
    const reader = await open('#lang=en');
    await tabTo(reader, '#play');
    await reader.keys('Enter');
    await reader.reach('done');
    await tabTo(reader, '[data-guess="more"]');
    await reader.keys('Enter');
    assert.match(await reader.text('#guess-answer'), /Promised 5%/);
    await tabTo(reader, '.threshold');
    const before = await reader.threshold();
    await reader.keys('ArrowRight');
    assert.ok((await reader.threshold()) > before);
    await tabTo(reader, '#stranger');
    await reader.keys('Enter');
    await reader.keys('Enter');
    assert.match(await reader.text('#reasons .reading'), /^Row \d+/);
    await tabTo(reader, '#row-number');
    await reader.keys('Backspace', 'Backspace', '6', '5', 'Enter');
    assert.match(await reader.text('#reasons .reading'), /^Row 65 /);
    assert.deepEqual(reader.complaints, []);
    await reader.close();
  });

  test('whatever has the focus is seen and not under the bar', async () => {
    const reader = await open('#lang=en&steps=1000000');
    for (let i = 0; i < 45; i++) {
      await reader.page.keyboard.press('Tab');
      const hidden = await reader.page.evaluate(() => {
        const bar = document.querySelector('.bar');
        const one = document.activeElement;
        if (bar.contains(one) || one === document.body) return '';
        const [box, cover] = [one.getBoundingClientRect(), bar.getBoundingClientRect()];
        const isCovered = box.top < cover.bottom && box.bottom > cover.top && box.bottom <= cover.bottom;
        return isCovered ? one.outerHTML.slice(0, 80) : '';
      });
      assert.equal(hidden, '');
    }
    await reader.close();
  });
});

await inEveryBrowser(
  (open) => {
    test('with reduced motion the training is drawn when it is over', async () => {
      const reader = await open('#lang=en');
      const seen = await reader.page.evaluateHandle(() => {
        const texts = new Set();
        new MutationObserver(() => texts.add(document.querySelector('#progress').textContent)).observe(
          document.querySelector('#progress'),
          {
            childList: true,
            characterData: true,
            subtree: true,
          },
        );
        return texts;
      });
      await reader.train();
      assert.deepEqual(await seen.evaluate((texts) => [...texts]), ['epoch 60 of 60, seed 42']);
      await reader.close();
    });
  },
  { isStill: true },
);

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Presses Tab until the focus is where it is wanted. */
async function tabTo(reader, selector) {
  for (let i = 0; i < 80; i++) {
    if (await reader.page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await reader.page.keyboard.press('Tab');
  }
  assert.fail(`80 presses of Tab do not lead to ${selector}.`);
}
