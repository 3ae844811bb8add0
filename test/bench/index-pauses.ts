// How long the index of two thousand bundles keeps its reader waiting: opening, sorting, searching, filtering.
//
//   node test/bench/index-pauses.ts [BUNDLES [RULES]]

import { newBrowser, type Opened, until } from '../browser/chromium.ts';
import { largeFleet } from '../browser/large-fleet.ts';

/** Twice the bar of 200 ms: this machine may be busy. */
const mostMillis = 400;
const watching = `window.__tasks = [];
new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) __tasks.push(duration); }).observe({ type: 'longtask', buffered: true });`;

const [bundles = '2000', rules = '100'] = process.argv.slice(2);
const { html } = largeFleet(Number(bundles), Number(rules));
console.log(`${bundles} bundles, ${rules} rules: ${Buffer.byteLength(html).toLocaleString('en')} bytes`);

const browser = newBrowser();
try {
  const opened = await browser.open('large-index', html, {}, '', watching);
  const { page } = opened;
  await settled(opened);
  const pauses: [string, number][] = [['open', await longest(opened)]];
  const search = (words: string) => async () => {
    await page.fill('[name=q]', words);
    await until(page, `location.hash.includes('q=' + encodeURIComponent(${JSON.stringify(words)}))`);
  };
  const steps: [string, () => Promise<unknown>][] = [
    ['scroll to the end', () => page.evaluate('scrollTo(0, document.body.scrollHeight)')],
    ['sort by name', () => page.click('[data-sort=name] button')],
    ['sort by warnings', () => page.click('[data-sort=warning] button')],
    ['search', search('customer-1')],
    ['search of nothing', search('no-such-word')],
    ['clear', () => page.click('.nothing button')],
    ['filter by severity', () => page.evaluate('location.hash = "#severity=critical"')],
    ['filter by rule', () => page.click('#rules tbody tr:not([hidden]) >> nth=0 >> a')],
    ['back', () => page.goBack()],
    ['all again', () => page.click('.chosen [data-do=clear]')],
  ];
  for (const [name, step] of steps) {
    await page.evaluate('window.__tasks = []');
    await step();
    await settled(opened);
    pauses.push([name, await longest(opened)]);
  }
  for (const [name, millis] of pauses) console.log(`${name.padEnd(26)} ${millis.toFixed(0).padStart(5)} ms`);
  const worst = Math.max(...pauses.map(([, millis]) => millis));
  console.log(`longest pause ${worst.toFixed(0)} ms`);
  if (opened.complaints.length > 0) console.log(opened.complaints.join('\n'));
  process.exitCode = worst > mostMillis || opened.complaints.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}

/** Below 50 ms the browser reports no task; that is no pause. */
function longest({ page }: Opened): Promise<number> {
  return page.evaluate<number>('Math.max(0, ...window.__tasks)');
}

async function settled({ page }: Opened): Promise<void> {
  await page.waitForTimeout(500);
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}
