// The pictures of the report in a browser: zoom by button, key and pointer, the way to the list, filters, phone, no script.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { smallFinding, smallMoment, smallNode, smallReport } from '../report/pictures/small-report.ts';
import { newBrowser, type Opened, until } from './chromium.ts';

const test = suite('pictures');
const browser = newBrowser();
test.after.each(() => browser.tidy());
test.after(() => browser.close());
type Page = Opened['page'];

const minute = (at: number, more = {}) =>
  smallMoment(`2024-03-05T11:${String(at).padStart(2, '0')}:00Z`, { text: `at ${at}`, ...more });
const other = smallFinding({ id: 'b'.repeat(64), rule: 'other', objects: [{ kind: 'Node', name: 'w2' }] });
const html = renderHtml(
  smallReport({
    nodes: [smallNode('w1'), smallNode('w2')],
    findings: [smallFinding(), other],
    timeline: [
      minute(5, { kind: 'change', tone: 'plain' }),
      minute(20, { finding: 'a'.repeat(64) }),
      smallMoment('2024-03-05T11:20:20Z'),
      minute(50, { object: { kind: 'Node', name: 'w2' } }),
    ],
    certificates: [
      {
        subject: 'CN=a',
        notAfter: '2024-03-09T00:00:00Z',
        holder: 'Secret shop/a',
        evidence: { path: 'mg/a.yaml', first: 1, last: 1 },
      },
    ],
  }),
);
const open = (options = {}): Promise<Opened> => browser.open('pictures', html, options);
const numbers = (page: Page) =>
  page.evaluate<string[]>(
    '[...document.querySelectorAll(".t-mark")].map((mark) => mark.querySelector("text")?.textContent ?? "1")',
  );

test('zooming in tells apart what stood together, and Reset shows the first picture again', async () => {
  const { page, complaints } = await open();
  const first = await numbers(page);
  assert.equal(first, ['2', '1']);
  await page.click('.t-mark rect', { force: true });
  assert.equal(await numbers(page), ['1', '1']);
  await page.click('.zoom button:text-is("Reset")');
  assert.equal(await numbers(page), first);
  assert.equal(complaints, []);
});

test('keys zoom and move where the drawing has the focus', async () => {
  const { page } = await open();
  const day = () =>
    page.evaluate<string>('[...document.querySelectorAll(".t-hour")].map((hour) => hour.textContent).join()');
  const before = await day();
  await page.focus('#timeline .scroll');
  await page.keyboard.press('+');
  assert.is.not(await day(), before);
  await page.keyboard.press('0');
  assert.is(await day(), before);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('a');
  assert.equal(await numbers(page), ['1', '2', '1']);
});

test('a stretch drawn with the mouse fills the picture', async () => {
  const { page } = await open();
  await page.locator('svg.lanes').scrollIntoViewIfNeeded();
  const box = await page.locator('svg.lanes').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width * 0.92, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.99, box.y + 60);
  await page.mouse.up();
  assert.equal(await numbers(page), ['1']);
});

test('a mark leads to its line in the list', async () => {
  const { page } = await open();
  await page.locator('.t-mark path').last().click({ force: true });
  assert.is(await page.evaluate('document.activeElement.id'), 'moment-4');
  assert.is(await page.evaluate('document.getElementById("all-moments").open'), true);
});

test('a cell of the node map filters the report by its node, and the drawing follows', async () => {
  const { page, complaints } = await open();
  await page.click('.cell a >> nth=1');
  await until(page, 'location.hash === "#node=w2"');
  await until(page, 'document.querySelectorAll(".t-mark").length === 1');
  assert.is(
    await page.evaluate('[...document.querySelectorAll(".finding")].filter((each) => each.checkVisibility()).length'),
    1,
  );
  assert.equal(complaints, []);
});

test('on a phone the drawing scrolls in itself, and the names of its lanes stay in sight', async () => {
  const { page } = await open({ viewport: { width: 360, height: 740 } });
  assert.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
  await until(page, 'document.querySelector("#timeline .scroll").scrollLeft > 100');
  const left = await page.evaluate<number>('document.querySelector(".t-words text").getBoundingClientRect().left');
  assert.ok(left >= 0 && left < 60, String(left));
});

test('without scripts the pictures are there, and no button that does nothing', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  for (const picture of ['.t-mark', '.cell', '.z-dot'])
    assert.ok(await page.locator(picture).first().isVisible(), picture);
  assert.not.ok(await page.locator('.zoom').isVisible());
});

test.run();
