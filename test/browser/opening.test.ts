// A report as it is opened from a mail attachment: nothing is loaded, nothing runs but its script, and it reads without that.

import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { healthyReport, hostileTexts, sampleReport } from '../report/sample-report.ts';
import { findChromium, newBrowser } from './chromium.ts';
import { executingTexts, sayingEverywhere } from './hostile-report.ts';

const test = suite('opening');
const browser = newBrowser();
const html = renderHtml(sampleReport);
test.after.each(() => browser.tidy());
test.after(() => browser.close());

test('where no Chromium is, the tests say what to install', () => {
  assert.throws(() => findChromium({ PATH: '/nowhere', CHROMIUM: '/nowhere/chromium' }), /CHROMIUM names/);
  assert.is(typeof findChromium(), 'string');
});

test('opened, scrolled and unfolded, a report loads nothing and complains of nothing', async () => {
  for (const [name, page] of [
    ['sample', html],
    ['healthy', renderHtml(healthyReport)],
  ] as const) {
    const opened = await browser.open(name, page);
    await opened.page.evaluate('for (const part of document.querySelectorAll("details")) part.open = true');
    await opened.page.evaluate('scrollTo(0, document.body.scrollHeight)');
    assert.equal(opened.complaints, [], name);
  }
});

test('what a report must not do would be seen', async () => {
  const planted = html.replace(
    '</main>',
    '<img src="https://evil.example/x.png" alt=""><script>window.hit = 1</script></main>',
  );
  const { complaints, page } = await browser.open('planted', planted);
  await page.waitForTimeout(50);
  assert.match(complaints.join('\n'), /the policy stopped img-src/);
  assert.match(complaints.join('\n'), /the policy stopped script-src/);
  assert.is(await page.evaluate('window.hit'), undefined);
});

test('the policy in the page names the hashes of its style and its script as the browser reads them', async () => {
  const { page } = await browser.open('hashes', html);
  const read = await page.evaluate<{ policy: string; style: string; script: string }>(`({
    policy: document.querySelector('meta[http-equiv]').content,
    style: document.querySelector('style').textContent,
    script: document.querySelector('script').textContent,
  })`);
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  assert.is(
    read.policy,
    `default-src 'none'; script-src ${hash(read.script)}; style-src ${hash(read.style)}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
});

test('hostile words in every place of a report run nowhere', async () => {
  for (const [name, texts] of [
    ['executing', executingTexts],
    ['hostile', hostileTexts],
  ] as const) {
    const { page, complaints } = await browser.open(name, renderHtml(sayingEverywhere(texts)));
    await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true;
      for (const part of document.querySelectorAll('main *')) part.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));`);
    await page.fill('[name=q]', 'alert');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(50);
    assert.is(await page.evaluate('window.hit'), undefined);
    assert.equal(complaints, [], name);
  }
});

test('without scripts everything is there, folded, and nothing that only a script could do', async () => {
  const { page } = await browser.open('plain', html, { javaScriptEnabled: false });
  assert.is(await page.isVisible('.tools'), false);
  assert.is(await page.locator('button:visible').count(), 0);
  assert.is(await page.locator('.finding:visible').count(), (await page.locator('.finding').count()) || -1);
  await page.click('.more > summary >> nth=0');
  assert.is(await page.isVisible('.more table >> nth=0'), true);
  assert.is(await page.isVisible('#coverage'), true);
});

test.run();
