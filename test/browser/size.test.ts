// Ten thousand findings: the page stays small enough for a mail, and says what lies in report.json alone.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findingGroups } from '../../src/report/finding-groups.ts';
import { roomForFindings, sharesOf } from '../../src/report/page-plan.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { sampleReport } from '../report/sample-report.ts';
import { largeReport } from './large-report.ts';

const test = suite('size');
const most = 5_000_000;
const report = largeReport();
const html = renderHtml(report);

test('ten thousand findings of four hundred rules make less than five million bytes', () => {
  assert.is(report.findings.length, 10_000);
  assert.ok(Buffer.byteLength(html) < most, `${Buffer.byteLength(html)} bytes`);
});

test('so do ten thousand of one rule, and of five thousand rules', () => {
  for (const rules of [1, 5000]) {
    const bytes = Buffer.byteLength(renderHtml(largeReport(10_000, rules)));
    assert.ok(bytes < most, `${rules}: ${bytes} bytes`);
  }
});

test('what the page has no room for is counted on the page', () => {
  const listed = new Set(html.match(/(?<=class="subject[^>]* id=")f-[0-9a-f]{12}/g));
  const unlisted = [...html.matchAll(/>([\d,]+) subjects? more, all in report\.json\./g)].map(([, count = '']) =>
    Number(count.replaceAll(',', '')),
  );
  assert.is(listed.size + unlisted.reduce((sum, count) => sum + count, 0), report.findings.length);
});

test('every link leads to a place on the page, also those to findings that it has no room for', () => {
  const ids = new Set(html.match(/(?<= id=")[^"]+/g));
  const links = html.match(/(?<= href="#)[^"]+/g) ?? [];
  assert.equal(
    links.filter((link) => !ids.has(link) && !/^\w+&#x3D;/.test(link)),
    [],
  );
});

test('equal excerpts stand there once, and later are a link to that place', () => {
  const figures = renderHtml(largeReport(600, 20)).match(/<figure class="evidence".*?<\/figure>/gs) ?? [];
  const excerpts = figures.filter((figure) => figure.includes('<pre') && figure.includes(' id="x-'));
  const inside = excerpts.map((figure) =>
    figure.replace(/^.*?>/s, '').replace(/<span class="binding">.*?<\/span>/, ''),
  );
  assert.is(new Set(inside).size, inside.length);
  assert.match(figures.join(''), /These lines stand <a href="#x-\d+">further up<\/a>/);
});

test('a report of a usual size has room for all', () => {
  const groups = findingGroups(sampleReport.findings);
  const shares = sharesOf(groups, roomForFindings(sampleReport));
  groups.forEach(({ findings }, at) => {
    const full = Math.min(10, findings.length);
    assert.equal(shares[at], { full, rows: findings.length - full, runbook: true });
  });
});

test('where room is short, the worst severity has its evidence and its runbook', () => {
  const large = largeReport(10_000, 1200);
  const shares = sharesOf(findingGroups(large.findings), roomForFindings(large));
  assert.ok(shares[0]?.runbook && shares[0].full > 0);
  assert.ok(shares.some(({ full }) => full === 0));
});

test.run();
