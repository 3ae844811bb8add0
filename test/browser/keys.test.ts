// The report by keyboard alone, and the copies it makes of its findings.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { sampleReport } from '../report/sample-report.ts';
import { checkMarkdown } from '../torture/rendered.ts';
import { newBrowser, type Opened, until } from './chromium.ts';
import { executingTexts, sayingEverywhere } from './hostile-report.ts';

const test = suite('keys and copies');
const browser = newBrowser();
const html = renderHtml(sampleReport);
const open = (): Promise<Opened> => browser.open('keys', html);
test.after.each(() => browser.tidy());
test.after(() => browser.close());

type Page = Opened['page'];
const focused = (page: Page) =>
  page.evaluate<string>(
    'document.activeElement.id || document.activeElement.name || document.activeElement.className || document.activeElement.tagName',
  );

test('the first stop leads past the head to the findings', async () => {
  const { page } = await open();
  await page.keyboard.press('Tab');
  assert.is(await focused(page), 'skip');
  assert.is(await page.evaluate('document.activeElement.getBoundingClientRect().left >= 0'), true);
  await page.keyboard.press('Enter');
  assert.is(await page.evaluate('location.hash'), '#wrong');
});

test('/ searches, Escape empties the search and then leaves it', async () => {
  const { page } = await open();
  await page.keyboard.press('/');
  assert.is(await focused(page), 'q');
  await page.keyboard.type('jk?c/');
  await until(page, 'location.hash.startsWith("#q=jk")');
  assert.is(await page.inputValue('[name=q]'), 'jk?c/');
  await page.keyboard.press('Escape');
  assert.is(await page.inputValue('[name=q]'), '');
  await page.keyboard.press('Escape');
  assert.is(await focused(page), 'BODY');
});

test('j and k go from finding to finding, over those that are filtered away', async () => {
  const { page } = await open();
  await page.keyboard.press('j');
  assert.is(await focused(page), 'r-critical-etcd-member-unhealthy');
  const second = await page.locator('.finding').nth(1).getAttribute('id');
  await page.keyboard.press('j');
  assert.is(await focused(page), second);
  await page.keyboard.press('k');
  assert.is(await focused(page), 'r-critical-etcd-member-unhealthy');
  await page.keyboard.press('k');
  assert.is(await focused(page), 'r-critical-etcd-member-unhealthy');
  await page.evaluate('location.hash = "#severity=warning"');
  await until(page, 'document.querySelector(".finding").hidden');
  await page.keyboard.press('j');
  assert.match(await focused(page), /^r-warning-/);
});

test('Enter and Space unfold a finding and fold it again', async () => {
  const { page } = await open();
  await page.keyboard.press('j');
  for (const [key, open] of [
    // What to do about the first finding is open from the start.
    ['Enter', false],
    [' ', true],
  ] as const) {
    await page.keyboard.press(key);
    assert.is(await page.evaluate('document.querySelector(".finding .runbook").open'), open);
  }
});

test('f opens the filters with the focus in them, Escape closes them and gives it back', async () => {
  const { page } = await open();
  await page.keyboard.press('f');
  assert.is(await focused(page), 'severity');
  await page.keyboard.press('Space');
  assert.match(await page.evaluate<string>('location.hash'), /^#severity=/);
  await page.keyboard.press('Escape');
  assert.is(await page.evaluate('document.querySelector(".facets").open'), false);
  assert.is(await page.evaluate('document.activeElement.tagName'), 'SUMMARY');
});

test('? says what the keys do, in a dialog that Escape closes', async () => {
  const { page } = await open();
  await page.keyboard.press('Shift+?');
  assert.is(await page.isVisible('dialog.keys'), true);
  await page.keyboard.press('j');
  assert.not.match(await focused(page), /^r-/);
  await page.keyboard.press('Escape');
  assert.is(await page.isVisible('dialog.keys'), false);
});

test('single keys can be switched off, and stay off', async () => {
  const { page } = await open();
  await page.click('[data-do=keys]');
  await page.uncheck('[name=keys]');
  await page.keyboard.press('Escape');
  for (const key of ['j', 'k', 'f', 'c', '/', '?']) await page.keyboard.press(key);
  assert.is(await focused(page), 'BUTTON');
  await page.reload();
  // The browser itself may take a moment to store what a page keeps.
  for (let tries = 0; tries < 20 && (await page.isChecked('[name=keys]')); tries++) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await page.keyboard.press('j');
  assert.is(await focused(page), 'BODY');
});

test('with Ctrl, Alt or the command key a letter is the browser’s own', async () => {
  const { page } = await open();
  for (const key of ['Control+j', 'Alt+j', 'Meta+j']) await page.keyboard.press(key);
  assert.not.match(await focused(page), /^r-/);
});

test('the Tab key goes through the whole page and out of it, and the stop is always seen', async () => {
  const { page } = await open();
  const stops = await page.evaluate<number>(
    `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter((each) => each.checkVisibility()).length`,
  );
  let last = '';
  for (let at = 0; at < stops + 3; at += 1) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate<string>(`(() => {
      const at = document.activeElement;
      if (at === document.body) return 'out';
      const { outlineStyle, outlineWidth } = getComputedStyle(at.matches('.toggle input') ? at.nextElementSibling : at);
      const box = at.getBoundingClientRect();
      const place = box.bottom > 0 && box.top < innerHeight && box.width > 0;
      return place && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? 'seen ' + box.top + at.outerHTML.slice(0, 80) : 'unseen ' + at.outerHTML.slice(0, 200);
    })()`);
    assert.is(/^unseen.*/s.exec(now)?.[0], undefined);
    if (now === 'out') return;
    assert.is.not(now, last);
    last = now;
  }
  assert.unreachable('the Tab key never left the page');
});

test('c copies the finding with its evidence, path and lines, and says so', async () => {
  const { page, complaints } = await browser.open('copy', html, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.keyboard.press('j');
  await page.keyboard.press('c');
  await until(page, 'document.querySelector(".said").textContent.startsWith("Copied as Markdown")');
  const text = await page.evaluate<string>('navigator.clipboard.readText()');
  assert.ok(text.startsWith('### Critical: An etcd member does not answer\n'), text);
  assert.match(text, /endpoint_health\.json:1`/);
  assert.match(text, /1 \| \[\{"endpoint":"https:\/\/10\.0\.1\.10:2379"/);
  assert.match(text, /\*\*What to do\*\*\n\n- See whether the node is up/);
  assert.equal(complaints, []);
});

test('without a clipboard it copies by command; without that it shows the text, selected', async () => {
  const { page } = await open();
  await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.addEventListener('copy', () => { window.commanded = getSelection().toString() || document.activeElement.value; });`);
  await page.click('.copy >> nth=0');
  await until(page, 'document.querySelector(".said").textContent.startsWith("Copied")');
  assert.match(await page.evaluate<string>('window.commanded'), /^### Critical/);
  await page.evaluate('document.execCommand = () => false');
  await page.click('.copy >> nth=0');
  await page.waitForSelector('dialog textarea');
  assert.match(
    await page.evaluate<string>('getSelection().toString() || document.activeElement.value'),
    /^### Critical/,
  );
  assert.match((await page.textContent('.said')) ?? '', /Could not be copied/);
  await page.click('dialog[open] button');
  assert.is(await page.locator('textarea').count(), 0);
});

test('what is copied of hostile words is text in a tracker', async () => {
  const { page } = await browser.open('hostile-copy', renderHtml(sayingEverywhere(executingTexts)));
  await page.evaluate(`window.copied = [];
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied.push(text); } } });
    for (const button of document.querySelectorAll('.copy')) button.click();`);
  const copied = await page.evaluate<string[]>('copied');
  assert.is(copied.length, executingTexts.length);
  assert.equal(
    copied.flatMap((text) => checkMarkdown(text).complaints),
    [],
  );
});

test.run();
