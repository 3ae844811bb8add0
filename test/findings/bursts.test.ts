// Hits of a log pattern become bursts, and bursts meet subjects.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { api, outcome } from '../rules/small-world.ts';

const rule = `
given:
  burst: { log: KubeletLog, pattern: 'probe of (?P<pod>\\S+) failed', timespan: 10m, groupBy: [node, pod] }
failsWhen: burst.count > 3
subject: '{{ burst.node }} {{ burst.pod }}'
message: '{{ burst.count }} from {{ burst.first }} to {{ burst.last }}'
`;
const hit = (time: string | undefined, line: number, count = 1, pod = 'a', node = 'w1') => ({
  span: [line, line + count - 1] as const,
  count,
  captures: { pod },
  labels: { node },
  ...(time === undefined ? {} : { firstTime: `2024-05-01T${time}Z`, lastTime: `2024-05-01T${time}Z` }),
});
const logs = ['KubeletLog'];

test('the densest stretch within the timespan is the burst', () => {
  const hits = [hit('10:00:00', 1), hit('11:00:00', 2), hit('11:05:00', 5, 3), hit('11:09:00', 9), hit('11:30:00', 12)];
  const result = outcome(rule, { hits, logs });
  assert.equal(
    result.findings.map(({ subject, message }) => `${subject}: ${message}`),
    ['w1 a: 5 from 2024-05-01T11:00:00Z to 2024-05-01T11:09:00Z'],
  );
  assert.equal(
    result.findings[0]?.evidence.map(({ span }) => span),
    [
      [2, 2],
      [5, 5],
      [9, 9],
    ],
  );
  assert.equal(result.findings[0]?.times, ['2024-05-01T11:00:00Z', '2024-05-01T11:09:00Z']);
  assert.equal(result.findings[0]?.objects, [{ kind: 'Pod', name: 'a', node: 'w1' }]);
});

test('groups are told apart by labels and captures, and the order of hits does not matter', () => {
  const hits = [
    hit('10:00:00', 1, 4, 'b'),
    hit('10:00:00', 9, 4, 'a'),
    hit('10:01:00', 20, 1, 'c'),
    hit('10:00:00', 30, 4, 'a', 'w2'),
  ];
  const result = outcome(rule, { hits, logs });
  assert.equal(
    result.findings.map((each) => each.subject),
    ['w1 a', 'w1 b', 'w2 a'],
  );
  assert.is(result.examined, 4);
  assert.equal(outcome(rule, { hits: hits.slice().reverse(), logs }).findings, result.findings);
});

test('a log that was read without a hit is a pass, one that is not there is no data', () => {
  assert.equal([outcome(rule, { logs }).verdict, outcome(rule, { logs }).examined], ['pass', 1]);
  assert.equal([outcome(rule, {}).verdict, outcome(rule, {}).missing], ['no-data', ['KubeletLog']]);
});

test('lines without a time say nothing about a timespan', () => {
  const result = outcome(rule, { hits: [hit(undefined, 1, 9)], logs });
  assert.equal([result.verdict, result.missing], ['no-data', ['KubeletLog']]);
});

test('without a timespan the whole log counts, with or without times', () => {
  const result = outcome(rule.replace('timespan: 10m, ', '').replace(/^message:.*$/m, 'message: "{{ burst.count }}"'), {
    hits: [hit('10:00:00', 1), hit('23:00:00', 7, 3), hit(undefined, 20)],
    logs,
  });
  assert.is(result.findings[0]?.message, '5');
});

const joined = `
given:
  container: Container
  burst: { log: KubeletLog, pattern: 'probe of (?P<pod>\\S+) failed', on: { pod: container.pod, node: container.node } }
failsWhen: burst.count > 1
subject: '{{ container.pod }}'
`;

test('a burst is joined to its subject by captures and labels', () => {
  const facts = { Container: [api({ pod: 'a' }), api({ pod: 'b' }), api({ pod: 'a', node: 'w2' })] };
  const result = outcome(joined, { facts, hits: [hit('10:00:00', 1, 4)], logs });
  assert.equal(
    result.findings.map(({ subject, objects }) => `${subject} ${objects[0]?.node}`),
    ['a w1'],
  );
  assert.equal([result.examined, result.missing], [3, []]);
});

test('a subject whose log is not there is undecided', () => {
  const result = outcome(joined, { facts: { Container: [api({ pod: 'a' })] } });
  assert.equal([result.verdict, result.missing], ['no-data', ['KubeletLog']]);
});

test.run();
