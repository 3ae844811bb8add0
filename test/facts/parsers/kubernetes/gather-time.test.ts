import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Parser } from '../../../../src/facts/parser.ts';
import { dateOutput, gatherTimestamp, gatherVersion } from '../../../../src/facts/parsers/kubernetes/gather-time.ts';

function parse(parser: Parser, text: string) {
  const source = { path: 'x', kind: parser.reads[0] ?? '', layout: 'test', root: '', labels: {} };
  return parser.parse(text, source, { has: () => true, objects: new Set() });
}

const timestamps = `2021-08-03 10:12:00.016988581 +0000 UTC m=+0.380233555
2021-08-03 12:13:45.468134164 +0200 CEST m=+99.614184111
`;

test('the last time of a must-gather is when it was gathered', () => {
  const { facts, problems } = parse(gatherTimestamp, timestamps);
  assert.equal(problems, []);
  assert.equal(facts[0]?.value, {
    gatheredAt: '2021-08-03T10:13:45.468134164Z',
    startedAt: '2021-08-03T10:12:00.016988581Z',
    from: 'timestamp',
  });
  assert.equal(facts[0]?.span, [2, 2]);
});

test('a cut line of a timestamp is a problem and costs only itself', () => {
  const { facts, problems } = parse(gatherTimestamp, timestamps.slice(0, 70));
  const first = '2021-08-03T10:12:00.016988581Z';
  assert.equal(facts[0]?.value, { gatheredAt: first, startedAt: first, from: 'timestamp' });
  assert.equal(problems[0]?.span, [2, 2]);
});

test('the tool that gathered and its version are read', () => {
  const { facts } = parse(gatherVersion, 'openshift/must-gather\n4.9.0-202108030000\n');
  assert.equal(facts[0]?.value, { name: 'openshift/must-gather', version: '4.9.0-202108030000' });
  assert.equal(facts[0]?.span, [1, 2]);
  assert.equal(parse(gatherVersion, 'mygather').facts[0]?.value, { name: 'mygather', version: '' });
  assert.is(parse(gatherVersion, 'Client Version: v1.2 (x)\n').problems[0]?.code, 'COLLECTION_ERROR');
});

test('the output of date is read, in UTC where there is a choice', () => {
  const expected = { gatheredAt: '2019-10-02T02:54:30Z', from: 'date' };
  assert.equal(parse(dateOutput, 'Wed Oct  2 02:54:30 UTC 2019\n').facts[0]?.value, expected);
  const both = parse(dateOutput, 'Wed Oct  2 10:54:30 CST 2019\nWed Oct  2 02:54:30 UTC 2019\n');
  assert.equal([both.facts[0]?.value, both.facts[0]?.span], [expected, [2, 2]]);
});

test('an empty file gives nothing, another text a problem', () => {
  for (const parser of [gatherTimestamp, gatherVersion, dateOutput]) {
    assert.equal(parse(parser, ''), { facts: [], problems: [] });
  }
  assert.is(parse(dateOutput, 'date: command not found\n').problems[0]?.code, 'COLLECTION_ERROR');
  assert.is(parse(gatherTimestamp, 'hello\n').problems[0]?.code, 'PARSE_ERROR');
});

test.run();
