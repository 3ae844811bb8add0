import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderJunit } from '../../src/report/render-junit.ts';
import type { Report } from '../../src/report/report.ts';
import { checkJunit } from '../torture/rendered-exports.ts';
import { junitComplaints } from './junit-schemas.ts';
import { elementsOf, type PageElement, readPage, textOf } from './read-page.ts';
import { sampleReport } from './sample-report.ts';

const rootOf = (report: Report): PageElement => readPage(renderJunit(report).replace(/^<\?xml[^>]*\?>\n/, ''));
const read = (report: Report): PageElement[] => elementsOf(rootOf(report));
const all = read(sampleReport);
const named = (name: string, elements = all) =>
  elements.filter((each) => each.name === name).map((each) => each.attributes.get('name'));

function caseOf(rule: string): { readonly kind: string; readonly message?: string | undefined; readonly text: string } {
  const found = all.find(({ name, attributes }) => name === 'testcase' && attributes.get('name') === rule);
  if (!found) throw new Error(`no test case of ${rule}`);
  const [inside] = elementsOf(found);
  return { kind: inside?.name ?? 'passed', message: inside?.attributes.get('message'), text: textOf(found) };
}

test('every pack is a suite, by name, and every rule that applies is a test case in it', () => {
  const packs = [...new Set(sampleReport.outcomes.map(({ pack }) => pack))].sort();
  assert.equal(named('testsuite'), [...packs, 'coverage of the input']);
  const applying = sampleReport.outcomes.filter(({ verdict }) => verdict !== 'not-applicable').map(({ rule }) => rule);
  assert.equal(named('testcase').sort(), [...applying, 'every-entry-was-read'].sort());
});

test('the numbers of a suite and of the whole are those of their test cases', () => {
  for (const suite of all.filter(({ name }) => name === 'testsuite')) {
    const inside = elementsOf(suite);
    const count = (name: string) => String(inside.filter((each) => each.name === name).length);
    assert.is(suite.attributes.get('tests'), count('testcase'));
    assert.is(suite.attributes.get('failures'), count('failure'));
    assert.is(suite.attributes.get('errors'), count('error'));
    assert.is(suite.attributes.get('skipped'), count('skipped'));
  }
});

test('a rule that fails is a failure with its subjects and places', () => {
  const { kind, message, text } = caseOf('odd-exclusive-cpus');
  assert.is(kind, 'failure');
  assert.is(message, 'Exclusive CPUs split a physical core between two containers: 3 findings');
  assert.match(text, 'error: shop/pricing-0, container engine: 3 exclusive CPUs on worker-1');
  assert.match(text, /^ {2}nodes\/worker-1\/lscpu:1-33$/m);
});

test('a rule without its input is skipped and names the files that would have answered', () => {
  const { kind, message, text } = caseOf('mtu-mismatch');
  assert.is(kind, 'skipped');
  assert.match(message ?? '', 'the bundle has no IpLink');
  assert.is(text, 'IpLink would have come from sos_commands/networking/ip_-s_-d_link');
  assert.is(caseOf('reclaim-stall').text, '');
});

test('a rule that breaks is an error and never passes', () => {
  const { kind, text } = caseOf('throttled-container');
  assert.is(kind, 'error');
  assert.match(text, 'no such key: cfsQuotaMicros');
});

test('a rule that does not apply is only counted', () => {
  const suite = all.find(({ attributes }) => attributes.get('name') === 'nodes');
  const property = elementsOf(suite ?? { name: '', attributes: new Map(), children: [] }).find(
    ({ name }) => name === 'property',
  );
  assert.is(property?.attributes.get('value'), '1');
});

test('a gap of the coverage is skipped; without gaps it passes', () => {
  const { kind, message, text } = caseOf('every-entry-was-read');
  assert.is(kind, 'skipped');
  assert.match(message ?? '', '242 gaps');
  assert.match(text, 'YAML_TRUNCATED');
  const whole = read({ ...sampleReport, coverage: { ...sampleReport.coverage, gaps: [] } });
  assert.is(whole.filter(({ attributes }) => attributes.get('type') === 'gap').length, 0);
});

test('the time is that of the gathering, since no clock reaches a report', () => {
  const stamps = all.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes.get('timestamp'));
  assert.equal([...new Set(stamps)], ['2021-08-24T13:57:11']);
});

test('what XML 1.0 cannot hold is shown in words', () => {
  const [first] = sampleReport.outcomes;
  if (!first) throw new Error('the sample has no outcome');
  const errors = ['\u0000 \ufffe \uffff \ud800 ]]> <a b="c"> & \'d\' \u{1f600}'];
  const xml = renderJunit({ ...sampleReport, outcomes: [{ ...first, verdict: 'error', errors }] });
  assert.equal(checkJunit(xml), []);
  assert.match(xml, "\\x00 \\u{fffe} \\u{ffff} \\u{d800} ]]&gt; &lt;a b=&quot;c&quot;&gt; &amp; 'd' \u{1f600}");
  assert.equal(checkJunit(renderJunit(sampleReport)), []);
});

test('it fits the schemas of Ant and of the xUnit plugin, also without the time of gathering', () => {
  const complaintsOf = (report: Report, isDated = true) => junitComplaints(rootOf(report), isDated);
  assert.equal(complaintsOf(sampleReport), []);
  const { gatheredAt: _, ...bundle } = sampleReport.bundle;
  assert.equal(complaintsOf({ ...sampleReport, bundle }, false), []);
  const packless = sampleReport.outcomes.map((outcome) => ({ ...outcome, pack: '' }));
  assert.equal(complaintsOf({ ...sampleReport, outcomes: packless }), []);
});

test('what does not fit them is seen', () => {
  const bad = readPage('<testsuites name="x"><testsuite id="a"><testcase/></testsuite></testsuites>');
  const complaints = junitComplaints(bad).join('; ');
  assert.match(complaints, /testsuites> may not have name/);
  assert.match(complaints, /testsuite> has no hostname/);
  assert.match(complaints, /id="a"/);
  assert.match(complaints, /testsuite> holds testcase/);
});

test.run();
