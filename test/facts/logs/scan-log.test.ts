// One pass over a log for all rules: hits, captures, lines, processes of a mixed journal.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogName } from '../../../src/bundle/catalogue.ts';
import type { Source } from '../../../src/bundle/source.ts';
import { createLogScanner, type LogPattern } from '../../../src/facts/logs/scan-log.ts';

const logs = new Map<string, LogName>([
  ['KubeletLog', { kinds: ['KubeletLog'], idents: ['kubelet', 'kubenswrapper'] }],
  ['CoreDnsLog', { kinds: ['ContainerLog'], labels: { container: ['coredns', 'dns'] } }],
]);
const pleg: LogPattern = {
  id: 'pleg',
  log: 'KubeletLog',
  pattern: 'PLEG is not healthy: pleg was last seen active (?P<since>\\S+) ago',
  hint: 'PLEG is not healthy',
};
const swap: LogPattern = { id: 'swap', log: 'KubeletLog', pattern: '(?i)swap on is not supported' };
const source = (kind: string, labels: Record<string, string> = {}): Source => ({
  path: 'n1/kubelet.log',
  kind,
  layout: 'test',
  root: '',
  labels,
});

function scan(patterns: readonly LogPattern[], from: Source, text: string, firstLine = 1) {
  const piece = { source: from, bytes: new Uint8Array(), firstLine, last: true };
  return createLogScanner(patterns, logs).scan(piece, Buffer.from(text));
}

test('a hit has its line, its captures and its time', () => {
  const text =
    'I0805 07:29:00.0 1 a.go:1] fine\nE0805 07:30:00.0 1 a.go:1] PLEG is not healthy: pleg was last seen active 3m5s ago\n';
  const { hits, lines } = scan([pleg, swap], source('KubeletLog'), text);
  assert.is(hits.length, 1);
  assert.equal(hits[0]?.span, [2, 2]);
  assert.equal(hits[0]?.captures, { since: '3m5s' });
  assert.is(hits[0]?.firstTime, '--08-05T07:30:00.000Z');
  assert.is(lines.get(2), text.split('\n')[1]);
});

test('a dot goes past a carriage return, as RE2 has it, and an escaped one or one of a class is a full stop', () => {
  const pull: LogPattern = { id: 'pull', log: 'KubeletLog', pattern: 'pull.* failed[.]\\.' };
  const { hits } = scan([pull], source('KubeletLog'), 'pull 10%\r20%\u2028 failed..\npull failed.x\npull failedx.\n');
  assert.equal(
    hits.map(({ span }) => span),
    [[1, 1]],
  );
});

test('of a line of a megabyte no more is kept than a report shows', () => {
  const { lines } = scan([swap], source('KubeletLog'), `swap on is not supported ${'x'.repeat(1_000_000)}`);
  assert.is(lines.get(1)?.length, 8000);
});

test('line numbers go on from the piece before', () => {
  const { hits } = scan([swap], source('KubeletLog'), 'x\nrunning with Swap On is not supported', 101);
  assert.equal(hits[0]?.span, [102, 102]);
});

test('equal hits within one minute become one with a count and keep their first and last line', () => {
  const line = (second: number) =>
    `E0805 07:30:0${second}.0 1 a.go:1] PLEG is not healthy: pleg was last seen active 3m ago\n`;
  const { hits, lines } = scan([pleg], source('KubeletLog'), line(1) + line(2) + line(3));
  assert.is(hits.length, 1);
  assert.is(hits[0]?.count, 3);
  assert.equal(hits[0]?.span, [1, 3]);
  assert.equal([...lines.keys()], [1, 3]);
});

test('in a mixed journal only the lines of the right process count', () => {
  const text = [
    'Mar 03 06:53:46 n1 systemd[1]: PLEG is not healthy: pleg was last seen active 1m ago',
    'Mar 03 06:53:47 n1 kubenswrapper[2]: PLEG is not healthy: pleg was last seen active 2m ago',
  ].join('\n');
  const { hits } = scan([pleg], source('Journal'), text);
  assert.equal(
    hits.map((hit) => hit.captures.since),
    ['2m'],
  );
});

test('a container log counts only for the containers that the log names', () => {
  const loop: LogPattern = { id: 'loop', log: 'CoreDnsLog', pattern: 'Loop \\(', hint: 'Loop (' };
  assert.is(scan([loop], source('ContainerLog', { container: 'dns' }), 'Loop (x)').hits.length, 1);
  assert.is(scan([loop], source('ContainerLog', { container: 'app' }), 'Loop (x)').hits.length, 0);
});

test('a carriage return at the line end is not part of the line', () => {
  const { lines } = scan([swap], source('KubeletLog'), 'swap on is not supported\r\n');
  assert.is(lines.get(1), 'swap on is not supported');
});

test('a journal that joins several machines says of each hit whose it is, and which machines it holds', () => {
  const text = [
    '-- Logs begin at Thu 2024-08-01 08:01:12 UTC --',
    'Mar 03 06:53:46.1 master-0 kubenswrapper[1]: fine',
    'Mar 03 06:53:47.1 master-1 kubenswrapper[1]: PLEG is not healthy: pleg was last seen active 2m ago',
  ].join('\n');
  const { hits, hosts } = scan([pleg], source('KubeletLog'), text);
  assert.equal(
    hits.map((hit) => hit.labels.node),
    ['master-1'],
  );
  assert.equal(hosts, ['master-0', 'master-1']);
});

test('a mixed journal is a part of a log only when a process of that log writes in it', () => {
  const line = (process: string) => `Mar 03 06:53:46 n1 ${process}[2]: started`;
  assert.equal(scan([pleg], source('Journal'), line('kubenswrapper')).logs, ['KubeletLog']);
  assert.equal(scan([pleg], source('Journal'), line('sshd')).logs, []);
  assert.equal(scan([pleg], source('KubeletLog'), line('sshd')).logs, ['KubeletLog']);
});

test('an empty log has no hits', () => {
  assert.is(scan([pleg, swap], source('KubeletLog'), '').hits.length, 0);
});

test.run();
