// The index of a batch in a real browser: sorting, filters and their address, on a desk and on a phone, without scripts and on paper.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newBrowser, type Opened, until } from './chromium.ts';
import { largeFleet } from './large-fleet.ts';

const test = suite('index');
const browser = newBrowser();
const { html } = largeFleet(40);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const open = (fragment = '', options = {}): Promise<Opened> => browser.open('index', html, options, fragment);
test.after.each(() => browser.tidy());
test.after(() => browser.close());

type Page = Opened['page'];
const cellsOf = (page: Page, column: number) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('.fleet tbody tr:not([hidden])')].map((row) => row.cells[${column}].textContent.trim())`,
  );
const fragmentOf = (page: Page) => page.evaluate<string>('location.hash');
const shown = (page: Page, selector: string) => page.locator(`${selector}:not([hidden])`).count();
const said = (page: Page) => page.evaluate<string>('document.querySelector("output").value');

/** What WCAG 2.2 A and AA, and good practice, find wrong: rule and place. */
async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<
    string[]
  >(`axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ' ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? ''))))`);
}

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 360],
] as const) {
  test(`axe finds nothing, and nothing is wider than the window: ${colorScheme}, ${width} pixels`, async () => {
    const { page, complaints } = await open('#severity=critical&sort=-gathered', {
      colorScheme,
      viewport: { width, height: 900 },
    });
    await page.click('.facets > summary');
    assert.equal(await violationsIn(page), []);
    assert.is(await page.evaluate('document.documentElement.scrollWidth'), width);
    assert.equal(complaints, []);
  });
}

test('a crowd of bundles is laid out as it comes into view, and is the same table to axe', async () => {
  const { page } = await browser.open('crowd', largeFleet(250).html);
  assert.is(
    await page.evaluate(`getComputedStyle(document.querySelector('.fleet tbody tr')).contentVisibility`),
    'auto',
  );
  assert.equal(await violationsIn(page), []);
  await page.emulateMedia({ media: 'print' });
  assert.is(
    await page.evaluate(`getComputedStyle(document.querySelector('.fleet tbody tr')).contentVisibility`),
    'visible',
  );
});

test('a head sorts its column, then the other way round, then as at first; the address keeps it', async () => {
  const { page } = await open();
  const atFirst = await cellsOf(page, 0);
  await page.click('[data-sort=gathered] button');
  assert.is(await fragmentOf(page), '#sort=-gathered');
  assert.is(await page.getAttribute('[data-sort=gathered]', 'aria-sort'), 'descending');
  const gathered = await cellsOf(page, 4);
  assert.equal(gathered, [...gathered].sort().reverse());
  await page.click('[data-sort=gathered] button');
  assert.is(await page.getAttribute('[data-sort=gathered]', 'aria-sort'), 'ascending');
  await page.click('[data-sort=gathered] button');
  assert.equal(await cellsOf(page, 0), atFirst);
  assert.is(await page.locator('[aria-sort]').count(), 0);
  await page.selectOption('[name=sort]', 'version');
  const versions = (await cellsOf(page, 2)).filter(Boolean);
  const minors = versions.map((version) => Number(version.split('.')[1]));
  assert.equal(
    minors,
    [...minors].sort((a, b) => a - b),
  );
  assert.is((await cellsOf(page, 2)).at(-1), '', 'what has no version stands last');
});

test('a rule leads to the bundles in which it fires, and filters add up in an address that restores them', async () => {
  const { page } = await open();
  await page.click('#rules tbody tr >> nth=0 >> a');
  const rule = await page.getAttribute('#rules tbody tr >> nth=0', 'data-rule');
  assert.is(await fragmentOf(page), `#bundles&rule=${rule}`);
  const count = Number(await page.textContent('#rules tbody tr >> nth=0 >> td >> nth=0'));
  assert.is(await shown(page, '.fleet tbody tr'), count);
  assert.is(await shown(page, '#rules tbody tr'), 1);
  assert.match(await said(page), `${count} of 40 bundles shown, 1 of `);
  await page.click('.facets > summary');
  await page.selectOption('[name=platform]', 'AWS');
  const both = await cellsOf(page, 0);
  assert.ok(both.length < count);
  const again = await browser.open('index-again', html, {}, await fragmentOf(page));
  assert.equal(await cellsOf(again.page, 0), both);
  await page.click('.chips button >> nth=0');
  assert.ok((await cellsOf(page, 3)).every((platform) => platform === 'AWS'));
});

test('search, states and severities leave what fits, and failed ones are found by their state', async () => {
  const { page } = await open();
  await page.fill('[name=q]', 'SOSREPORT worker-14');
  await until(page, 'location.hash.startsWith("#q=")');
  assert.equal(await cellsOf(page, 0), ['sosreport-worker-14-2026-09-01-abcdefg']);
  await page.goto('about:blank');
  const failed = await open('#state=failed');
  assert.is(await failed.page.isVisible('#failures'), true);
  assert.is(await failed.page.isVisible('#bundles'), false);
  const critical = await open('#severity=critical');
  assert.ok((await cellsOf(critical.page, 5)).every((text) => text !== '0'));
  const outlier = await open('#state=outlier');
  assert.ok((await cellsOf(outlier.page, 0)).every((text) => text.endsWith('unusually many')));
  const nothing = await open('#q=no-such-word');
  assert.is(await nothing.page.isVisible('.nothing'), true);
  await nothing.page.click('.nothing button');
  assert.is(await shown(nothing.page, '.fleet tbody tr'), 40);
});

test('odd addresses break nothing', async () => {
  const { page, complaints } = await open();
  for (const odd of ['#=&&&=', '#sort=__proto__', '#rule=none-such', '#constructor=x', '#q=%', '#%E0%A4%A']) {
    await page.evaluate(`location.hash = ${JSON.stringify(odd)}`);
    await page.waitForTimeout(30);
    assert.equal(complaints, [], odd);
  }
});

test('without scripts all of it is there to read, and no control that would do nothing', async () => {
  const { page } = await open('', { javaScriptEnabled: false });
  assert.is(await page.locator('.fleet tbody tr').count(), 40);
  assert.is(await page.locator('button:visible, input:visible, select:visible').count(), 0);
  assert.is(await page.isVisible('#rules'), true);
});

test('on paper there are no controls, and the whole of the matrix', async () => {
  const { page } = await open('', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  assert.is(await page.locator('input:visible, select:visible, .switches:visible').count(), 0);
  assert.is(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  assert.is(await page.evaluate(`getComputedStyle(document.querySelector('.matrix')).maxHeight`), 'none');
});

test.run();
