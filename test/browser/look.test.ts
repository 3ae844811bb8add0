// How reports look to everybody: axe finds nothing, no page is wider than a phone, paper shows what matters, dark is dark.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { reportOf } from '../golden.ts';
import { healthyReport, hostileTexts, sampleReport } from '../report/sample-report.ts';
import { newBrowser, type Opened, until } from './chromium.ts';
import { sayingEverywhere } from './hostile-report.ts';

const test = suite('look');
const browser = newBrowser();
const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
const pages = new Map([
  ['sample', renderHtml(sampleReport)],
  ['healthy', renderHtml(healthyReport)],
]);
for (const sample of ['degraded-upgrade', 'oom-kills', 'service-without-masquerade'])
  pages.set(sample, renderHtml(await reportOf(sample, knowledge)));
const sample = pages.get('sample') ?? '';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
test.after.each(() => browser.tidy());
test.after(() => browser.close());

const unfold = 'for (const part of document.querySelectorAll("details")) part.open = true';

/** What WCAG 2.2 A and AA, and good practice, find wrong: rule and place. */
async function violations({ page }: Opened): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<
    string[]
  >(`axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ' ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? ''))))`);
}

for (const [name, html] of pages) {
  test(`${name}: axe finds nothing, in light and dark, on a desk and on a phone`, async () => {
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 360],
    ] as const) {
      const opened = await browser.open(name, html, { colorScheme, viewport: { width, height: 900 } });
      assert.equal(await violations(opened), [], `${colorScheme} ${width}`);
      if (name === 'sample') {
        await opened.page.evaluate(unfold);
        assert.equal(await violations(opened), [], `${colorScheme} ${width} unfolded`);
      }
      await browser.tidy();
    }
  });

  test(`${name}: on a phone of 360 pixels nothing is wider than the phone`, async () => {
    const { page } = await browser.open(name, html, { viewport: { width: 360, height: 780 } });
    for (const action of ['0', unfold]) {
      await page.evaluate(action);
      assert.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
      assert.is(await page.evaluate('scrollTo(500, 0), scrollX'), 0);
    }
    const wide = await page.evaluate<string[]>(`[...document.querySelectorAll('main *')]
      .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
      .filter((each) => !each.matches('pre, .scroll, .choices')).map((each) => each.outerHTML.slice(0, 120))`);
    assert.equal(wide, []);
  });
}

test('hostile names make no page wider than the phone either', async () => {
  const { page } = await browser.open('wide', renderHtml(sayingEverywhere([...hostileTexts, 'x'.repeat(3000)])), {
    viewport: { width: 360, height: 780 },
  });
  await page.evaluate(unfold);
  assert.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
});

test('with filters chosen and the dialog open axe finds nothing either', async () => {
  const opened = await browser.open('chosen', sample, {}, '#severity=warning&pack=containers&q=memory');
  await opened.page.click('.facets > summary');
  assert.equal(await violations(opened), []);
  await opened.page.click('[data-do=keys]');
  assert.equal(await violations(opened), []);
  await opened.page.keyboard.press('Escape');
  await opened.page.fill('[name=q]', 'no-such-word');
  await until(opened.page, '!document.querySelector(".nothing").hidden');
  assert.equal(await violations(opened), []);
});

const ground = 'getComputedStyle(document.body).backgroundColor';

test('the colours are those of the system, until somebody chooses others, and the choice is kept', async () => {
  const { page } = await browser.open('colours', sample, { colorScheme: 'dark' });
  const dark = await page.evaluate<string>(ground);
  await page.click('[data-do=scheme]');
  const light = await page.evaluate<string>(ground);
  assert.is.not(light, dark);
  await page.reload();
  assert.is(await page.evaluate(ground), light);
  await page.click('[data-do=scheme]');
  assert.is(await page.evaluate(ground), dark);
  await browser.tidy();
  const other = await browser.open('colours', sample, { colorScheme: 'light' });
  assert.is(await other.page.evaluate(ground), light);
  await other.page.click('[data-do=scheme]');
  assert.equal(await violations(other), []);
});

test('on paper: no controls, everything that matters unfolded, addresses of links spelled out, and it is light', async () => {
  const { page, complaints } = await browser.open('paper', sample, { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.is(await page.locator('button:visible, input:visible, .sections:visible').count(), 0);
  assert.is(await page.locator('.runbook:not([open])').count(), 0);
  assert.is(await page.evaluate(ground), 'rgb(255, 255, 255)');
  assert.match(
    await page.evaluate<string>(`getComputedStyle(document.querySelector('.references a'), '::after').content`),
    /attr|https:/,
  );
  await page.evaluate('dispatchEvent(new Event("afterprint"))');
  assert.ok((await page.locator('.runbook:not([open])').count()) > 0);
  assert.equal(complaints, []);
});

test('on paper a filtered report says that it is filtered', async () => {
  const { page } = await browser.open('filtered-paper', sample, {}, '#severity=critical');
  await page.emulateMedia({ media: 'print' });
  assert.is(await page.isVisible('output'), true);
  assert.is(await page.isVisible('text=severity: critical'), true);
});

test.run();
