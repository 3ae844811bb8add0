// Packet paths in the report: linked to their findings, without secrets, by the schema, on the page and in the Markdown.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildReport } from '../../../src/report/build-report.ts';
import { renderHtml } from '../../../src/report/render-html.ts';
import { renderMarkdown } from '../../../src/report/render-markdown.ts';
import type { Report } from '../../../src/report/report.ts';
import { renderJson } from '../../../src/report/report-json.ts';
import { healthyReport, sampleParts, sampleReport } from '../sample-report.ts';
import { nodePortTrace, sayingTrace, sdnTrace } from './sample-traces.ts';

const schema = JSON.parse(readFileSync(new URL('../../../src/report/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
const about = { kind: 'Pod', namespace: 'shop', name: 'pricing-0' };
const reportWith = (paths: typeof sampleParts.paths): Report => buildReport({ ...sampleParts, paths });

test('a path fits the schema, and a key it does not know is refused', () => {
  const text = renderJson(sampleReport);
  assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors?.slice(0, 3)));
  assert.not.ok(validate(JSON.parse(text.replace('"stage": "start"', '"stage": "start", "extra": 1'))));
});

test('a path names the findings on what it leads to', () => {
  const [path] = reportWith([{ title: 'x', trace: sdnTrace, about }]).paths;
  const ids = sampleReport.findings.filter(({ subject }) => subject.startsWith('shop/pricing-0,')).map(({ id }) => id);
  assert.equal(path?.findings, ids);
  assert.is(ids.length, 1);
  const [other] = reportWith([{ title: 'x', trace: sdnTrace, about: { ...about, kind: 'Service' } }]).paths;
  assert.equal(other?.findings, []);
});

test('the order in which paths come in does not reach the report', () => {
  const paths = [...(sampleParts.paths ?? [])];
  assert.is(renderJson(reportWith(paths.toReversed())), renderJson(reportWith(paths)));
});

test('a secret in a name, a rule or a reason is taken out', () => {
  const secret = 'token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJxdWF5In0.c2lnbmF0dXJlLW9mLXF1YXk';
  const report = reportWith([{ title: secret, trace: sayingTrace(secret), about }]);
  assert.not.ok(JSON.stringify(report).includes('eyJhbGciOiJI'));
});

test('the page draws each path, with its steps folded below and a link to what it explains', () => {
  const html = renderHtml(sampleReport);
  assert.ok(html.indexOf('id="h-paths"') > html.indexOf('id="wrong"'));
  assert.is(html.match(/<svg class="trace"/g)?.length, 2);
  assert.match(html, /<p class="explains">Explains <a href="#f-[0-9a-f]{12}">/);
  assert.match(
    html,
    /<summary>Every step, with its file and line<\/summary>\n<pre class="steps" tabindex="0">external → node/,
  );
  assert.not.ok(renderHtml(healthyReport).includes('id="paths"'));
});

test('many paths are drawn as far as a page bears it, and the number of the rest is said', () => {
  const path = { title: 'x', trace: nodePortTrace, findings: [] };
  const html = renderHtml({ ...sampleReport, paths: Array.from({ length: 23 }, () => path) });
  assert.is(html.match(/<svg class="trace"/g)?.length, 20);
  assert.ok(html.includes('3 further paths in report.json.'));
});

test('the Markdown holds the first twenty with every step, and says how many are left', () => {
  const path = { title: 'to the quay', trace: sdnTrace, findings: [] };
  const report = { ...sampleReport, findings: [], paths: Array.from({ length: 23 }, () => path) };
  const whole = renderMarkdown(report);
  assert.is(whole.match(/^### `to the quay`$/gm)?.length, 20);
  assert.ok(whole.includes('3 further paths in `report.json`.'));
});

test.run();
