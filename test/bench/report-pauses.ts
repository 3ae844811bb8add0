// How long a report of ten thousand findings keeps its reader waiting: opening, searching, filtering, following a link.
//
//   node test/bench/report-pauses.ts [FINDINGS [RULES]]

import { renderHtml } from '../../src/report/render-html.ts';
import { newBrowser, type Opened, until } from '../browser/chromium.ts';
import { largeReport } from '../browser/large-report.ts';

/** Twice the bar of 200 ms: this machine may be busy. */
const mostMillis = 400;

const unfoldLargest = `[...document.querySelectorAll('.more')].sort((a, b) => b.querySelectorAll('tr').length - a.querySelectorAll('tr').length)[0].open = true`;

const [findings = '10000', rules = '400'] = process.argv.slice(2);
const report = largeReport(Number(findings), Number(rules));
const html = renderHtml(report);
console.log(
  `${report.findings.length} findings of ${rules} rules: ${Buffer.byteLength(html).toLocaleString('en')} bytes`,
);

const browser = newBrowser();
try {
  const opened = await browser.open('large', html, {}, '', watching());
  await settled(opened);
  const pauses: [string, number][] = [['open', await longest(opened)]];
  const { page } = opened;
  const rule = report.findings.at(-1)?.rule ?? '';
  const last = /<tr class="subject" id="(f-\w+)"(?!.*<tr class="subject")/s.exec(html)?.[1] ?? '';
  const search = (words: string) => async () => {
    await page.fill('[name=q]', words);
    await until(page, `location.hash === '#q=' + encodeURIComponent(${JSON.stringify(words)})`);
  };
  const steps: [string, () => Promise<unknown>][] = [
    ['scroll to the end', () => page.evaluate('scrollTo(0, document.body.scrollHeight)')],
    ['first search', search('kubelet')],
    ['second search', search('kubelet worker-17')],
    ['search of a rule', search(rule)],
    ['search of nothing', search('no-such-word')],
    ['clear', () => page.click('.nothing button')],
    [
      'filter by severity',
      () => page.click('.facets > summary').then(() => page.check('[name=severity][value=warning]')),
    ],
    ['filter by namespace', () => page.selectOption('[name=namespace]', 'team-17')],
    ['filter by node', () => page.selectOption('[name=node]', 'worker-17.cluster.example.com')],
    ['back', () => page.goBack()],
    ['clear again', () => page.click('[data-do=clear] >> visible=true')],
    ['by verdict', () => page.evaluate('location.hash = "#verdict=pass"')],
    ['link to the last row', () => page.evaluate(`location.hash = '#${last}'`)],
    ['unfold the largest table', () => page.evaluate(unfoldLargest)],
    ['next finding', () => page.keyboard.press('j')],
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

function watching(): string {
  return `window.__tasks = [];
new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) __tasks.push(duration); }).observe({ type: 'longtask', buffered: true });`;
}

/** Below 50 ms the browser reports no task; that is no pause. */
function longest({ page }: Opened): Promise<number> {
  return page.evaluate<number>('Math.max(0, ...window.__tasks)');
}

async function settled({ page }: Opened): Promise<void> {
  await page.waitForTimeout(700);
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}
