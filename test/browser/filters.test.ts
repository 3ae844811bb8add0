// Search, filters and links in a real browser: the address says what is shown, and what is not shown is counted.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { sampleReport } from '../report/sample-report.ts';
import { newBrowser, type Opened, until } from './chromium.ts';

const test = suite('filters');
const browser = newBrowser();
const html = renderHtml(sampleReport);
const open = (fragment = ''): Promise<Opened> => browser.open('filters', html, {}, fragment);
test.after.each(() => browser.tidy());
test.after(() => browser.close());

type Page = Opened['page'];
const shownFindings = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('.finding')].filter((each) => !each.hidden).map((each) => each.id)`,
  );
const said = (page: Page) => page.evaluate<string>('document.querySelector("output").value');
const fragmentOf = (page: Page) => page.evaluate<string>('location.hash');
const untilSaid = (page: Page, words: string) =>
  until(page, `document.querySelector("output").value.includes(${JSON.stringify(words)})`);

test('a search leaves what holds all its words, says how much that is, and stands in the address', async () => {
  const { page, complaints } = await open();
  const count = (await shownFindings(page)).length;
  await page.fill('[name=q]', 'ETCD answer');
  await untilSaid(page, `1 of ${count} findings shown`);
  assert.equal(await shownFindings(page), ['r-critical-etcd-member-unhealthy']);
  assert.is(await fragmentOf(page), '#q=ETCD%20answer');
  assert.equal(complaints, []);
});

test('a search reads evidence, rules that passed, gaps and packet paths, not findings alone', async () => {
  const { page } = await open();
  for (const [words, place] of [
    ['slow of NTP time', '.finding'],
    ['no pod go', '#fine [data-entry]'],
    ['pdb-blocks-drain', '#fine [data-entry]'],
    ['persistentvolumeclaims', '#coverage [data-entry]'],
    ['IPVS scheduler', '#fine [data-entry]'],
    ['iptables_-t_nat', '#undecided [data-entry]'],
    ['From pod shop/till-0', '#paths [data-entry]'],
  ] as const) {
    await page.fill('[name=q]', words);
    await until(page, `location.hash === '#q=' + encodeURIComponent(${JSON.stringify(words)})`);
    assert.ok((await page.locator(`${place}:not([hidden])`).count()) > 0, words);
    assert.ok((await page.locator(`${place}[hidden]`).count()) > 0 || place === '#paths [data-entry]', words);
  }
});

test('what is found in a fold is seen without a click, and is folded again afterwards', async () => {
  const { page } = await open('#q=no%20pod%20go');
  assert.is(await page.isVisible('text=A PodDisruptionBudget lets no pod go'), true);
  await page.click('[data-do=clear]');
  assert.is(await page.isVisible('text=A PodDisruptionBudget lets no pod go'), false);
});

test('severities, packs, namespaces, nodes and verdicts are chosen, shown as chosen, and taken away again', async () => {
  const { page } = await open();
  await page.click('.facets > summary');
  await page.check('[name=severity][value=critical]');
  await page.check('[name=severity][value=warning]');
  assert.is(await fragmentOf(page), '#severity=critical,warning');
  assert.ok((await shownFindings(page)).every((id) => /^r-(critical|warning)-/.test(id)));
  await page.selectOption('[name=pack]', 'containers');
  assert.equal(await shownFindings(page), ['r-warning-unset-memory-limit']);
  await page.selectOption('[name=namespace]', { index: 1 });
  const namespace = await page.evaluate<string>('decodeURIComponent(/namespace=([^&]*)/.exec(location.hash)[1])');
  assert.equal(await page.locator('.chips button').allTextContents(), [
    'severity: critical',
    'severity: warning',
    'pack: containers',
    `namespace: ${namespace}`,
  ]);
  await page.locator('.chips button').last().click();
  await page.locator('.chips button').last().click();
  await page.locator('.chips button').last().click();
  assert.is(await fragmentOf(page), '#severity=critical');
});

test('subjects of other namespaces and nodes are left out of a finding that stays', async () => {
  const { page } = await open('#node=worker-2');
  const nodes = await page.evaluate<string[]>(
    `[...document.querySelectorAll('.subject')].filter((each) => !each.hidden).map((each) => each.dataset.node)`,
  );
  assert.ok(nodes.length > 1);
  assert.ok(
    nodes.every((names) => names.split('\n').includes('worker-2')),
    nodes.join(),
  );
});

test('by verdict, the rules are left that came to it', async () => {
  const { page } = await open('#verdict=pass');
  assert.is(await page.isVisible('#fine'), true);
  assert.is(await page.isVisible('#wrong'), false);
  assert.is(await page.isVisible('#coverage'), false);
  assert.match(await said(page), /^0 of \d+ findings shown .* 6 of \d/);
  await page.click('.facets > summary');
  await page.uncheck('[name=verdict][value=pass]');
  await page.check('[name=verdict][value=no-data]');
  assert.is(await page.isVisible('#undecided'), true);
  assert.is(await page.isVisible('#fine'), false);
  await page.uncheck('[name=verdict][value=no-data]');
  await page.check('[name=verdict][value=fail]');
  assert.is((await shownFindings(page)).length, await page.locator('.finding').count());
});

test('a shared address restores the view, and odd addresses break nothing', async () => {
  const { page } = await open('#severity=warning&pack=containers&q=memory');
  assert.equal(await shownFindings(page), ['r-warning-unset-memory-limit']);
  assert.is(await page.inputValue('[name=q]'), 'memory');
  await page.click('.facets > summary');
  assert.is(await page.isChecked('[name=severity][value=warning]'), true);
  const other = await open('#%E0%A4%A');
  for (const odd of ['#=&&&=', '#severity=', '#nothing-here', '#__proto__=x&constructor=y', '#q=%', '#%E0%A4%A']) {
    await other.page.evaluate(`location.hash = ${JSON.stringify(odd)}`);
    await other.page.evaluate('new Promise((done) => setTimeout(done, 30))');
    assert.equal(other.complaints, [], odd);
    if (!odd.includes('q=')) assert.is((await shownFindings(other.page)).length, 7, odd);
  }
});

test('back and forward go through what was chosen', async () => {
  const { page } = await open();
  await page.click('.facets > summary');
  await page.check('[name=severity][value=critical]');
  await page.check('[name=verdict][value=fail]');
  const both = await shownFindings(page);
  await page.goBack();
  assert.is(await fragmentOf(page), '#severity=critical');
  await page.goBack();
  assert.is(await fragmentOf(page), '');
  assert.is((await shownFindings(page)).length, 7);
  await page.goForward();
  await page.goForward();
  assert.is(await fragmentOf(page), '#severity=critical&verdict=fail');
  assert.equal(await shownFindings(page), both);
});

test('where nothing fits, the page says so and offers to show all again', async () => {
  const { page } = await open('#q=no-such-word');
  assert.is(await page.isVisible('.nothing'), true);
  assert.match(await said(page), /^0 of 7 findings shown/);
  await page.click('.nothing button');
  assert.is(await page.isVisible('.nothing'), false);
  assert.is((await shownFindings(page)).length, 7);
  assert.is(await said(page), '');
});

test('a link to a finding leads there, unfolds it, and shows it in spite of the filters it came with', async () => {
  const row = /<tr class="subject" id="(f-[0-9a-f]{12})"/g;
  const last = [...html.matchAll(row)].at(-1)?.[1] ?? '';
  const whole = sampleReport.findings.find(({ id }) => last.endsWith(id.slice(0, 12)))?.id;
  for (const fragment of [`#${last}`, `#finding-${whole}`, `#${last}&severity=critical`]) {
    const { page } = await open(fragment);
    assert.is(await page.isVisible(`#${last}`), true, fragment);
    const top = await page.evaluate<number>(`document.getElementById('${last}').getBoundingClientRect().top`);
    assert.ok(top > 40 && top < 900, `${fragment}: ${top}`);
    if (fragment.includes('critical')) assert.is((await shownFindings(page)).length, 2);
  }
});

test('a link inside of the page keeps the filters', async () => {
  const { page } = await open('#severity=critical,warning');
  await page.click('.contents a >> nth=0');
  assert.is(await fragmentOf(page), '#r-critical-etcd-member-unhealthy&severity=critical,warning');
  await page.click('.sections a[href="#wrong"]');
  assert.is(await fragmentOf(page), '#wrong&severity=critical,warning');
});

test.run();
