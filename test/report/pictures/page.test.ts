import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildReport } from '../../../src/report/build-report.ts';
import { renderHtml } from '../../../src/report/render-html.ts';
import { renderJson } from '../../../src/report/report-json.ts';
import { readPage } from '../read-page.ts';
import { hostileTexts, sampleParts } from '../sample-report.ts';
import { smallMoment, smallNode, smallOutcome, smallReport } from './small-report.ts';

const evidence = { path: 'mg/x.yaml', first: 1, last: 2 };
const drawn = (text: string) => ({
  nodes: [smallNode(text, { roles: [text], ready: text, conditions: [{ type: text, status: 'True', reason: text }] })],
  certificates: [{ subject: text, notAfter: '2024-03-06T00:00:00Z', holder: text, copies: 2, evidence }],
  clocks: [{ node: text, offsetSeconds: -3, evidence }],
  timelineLeftOut: [{ hour: '2024-03-05T10', kind: 'event' as const, moments: 3 }],
});

for (const text of hostileTexts) {
  test(`what a bundle calls ${JSON.stringify(text)} is text in every picture`, () => {
    const html = renderHtml(
      smallReport({
        ...drawn(text),
        outcomes: [smallOutcome('a', { pack: text })],
        timeline: [smallMoment('2024-03-05T10:00:00Z', { clock: text, subject: text, text })],
      }),
    );
    // Throws on the first thing that is neither escaped text nor a tag of ours.
    readPage(html);
    assert.not.match(html, /<script>alert|<img|onerror=alert(?!\(1\)&gt;|\(1\)<)|href="javascript/);
    assert.not.match(html.replace(/\n/g, ''), /\p{Cc}|[\u202e\u2066]/u);
  });
}

test('what the pictures draw stands in report.json as its schema says, without secrets', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../src/report/report.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
  const { timelineLeftOut, ...pictured } = drawn('password=hunter2hunter2');
  const report = buildReport({
    ...sampleParts,
    pictured: { ...pictured, timelineLeftOut },
    events: [smallMoment('2024-03-05T10:00:00Z', { text: 'token: password=hunter2hunter2', count: 3 })],
  });
  const json = renderJson(report);
  assert.ok(validate(JSON.parse(json)), JSON.stringify(validate.errors?.slice(0, 3)));
  assert.not.match(json, /hunter2hunter2/);
});

test('a report of an older version, without what pictures draw, still becomes a page', () => {
  const html = renderHtml(smallReport());
  readPage(html);
  assert.not.match(html, /id="nodes"|id="certificates"|class="picture/);
});

test('2,000 nodes with a long timeline stay well under a megabyte', () => {
  const nodes = Array.from({ length: 2000 }, (_, at) =>
    smallNode(`worker-${at}.rack-${at % 9}.example.com`, { ready: at % 50 === 0 ? 'False' : 'True' }),
  );
  const timeline = Array.from({ length: 3000 }, (_, at) =>
    smallMoment(new Date(Date.UTC(2024, 2, 5) + at * 20_000).toISOString()),
  );
  assert.ok(renderHtml(smallReport({ nodes, timeline })).length < 700_000);
});

test.run();
