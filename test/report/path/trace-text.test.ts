import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderTraceText } from '../../../src/report/path/trace-text.ts';
import { percent, placesOf } from '../../../src/report/path/trace-words.ts';
import { wrapped } from '../../../src/report/path/wrap.ts';
import { steeringIn } from '../../torture/rendered.ts';
import { hostileTexts } from '../sample-report.ts';
import { nodePortTrace, sayingTrace, sdnTrace } from './sample-traces.ts';

const plain = { columns: 120, all: false, whereIdle: '--all shows them', color: false };
const sdn = renderTraceText(sdnTrace, plain);
const nodePort = renderTraceText(nodePortTrace, plain);

test('the verdict and what the client sees stand on top', () => {
  assert.match(
    sdn,
    /^pod shop\/till-0 → service shop\/cart:8080, tcp\n\n {2}✔ delivered {2}100 % {2}the client connects\n/,
  );
});

test('what the ways share stands once, then each goes on with its share', () => {
  assert.is(sdn.match(/KUBE-SERVICES rule 2 → KUBE-SVC-QUAYLADDERFERRY4/g)?.length, 1);
  assert.match(sdn, /├─ A · 50 %\n│ +\d+ {2}nat KUBE-SVC-QUAYLADDERFERRY4 rule 1 \(50 %\) → KUBE-SEP-/);
  assert.match(sdn, /└─ B · 50 %\n +\d+ {2}nat KUBE-SVC-QUAYLADDERFERRY4 rule 2 \(50 %\) → KUBE-SEP-/);
});

test('a step has its file and line, by the shortest name that is clear', () => {
  assert.match(sdn, /4 {2}nat KUBE-SERVICES rule 2 → \S+ +anchor-1\/iptables-save\.txt:71\n/);
  assert.match(sdn, / anchor-1\/iptables-save\.txt +nodes\/anchor-1\/iptables-save\.txt\n/);
});

test('OpenShift SDN is told as people know it: service address, translation, tun0, VXLAN, other node, pod, and back', () => {
  const story = [
    '172.30.77.8:8080',
    'DNAT 172.30.77.8:8080 → 10.129.2.31:8080',
    '10.128.0.0/14 dev tun0',
    'VXLAN to 10.77.0.22',
    'anchor-2 · prerouting',
    '✔ delivered to pod shop/cart-1 on anchor-2',
    'and back',
    'VXLAN to 10.77.0.21',
    'source 10.129.2.31:8080 → 172.30.77.8:8080',
  ];
  let at = sdn.indexOf('└─ B') - sdn.slice(0, sdn.indexOf('└─ B')).length;
  for (const part of story) {
    const next = sdn.indexOf(part, at);
    assert.ok(next >= 0, `${part} is not there after ${at}`);
    at = next;
  }
});

test('steps that decide nothing are left out and counted, unless all are wanted', () => {
  assert.match(sdn, /Left out: \d+ steps that decide nothing; --all shows them/);
  assert.not.match(sdn, /end of chain/);
  const all = renderTraceText(sdnTrace, { ...plain, all: true });
  assert.match(all, /· {2}raw OPENSHIFT-NOTRACK end of chain/);
  assert.not.match(all, /Left out/);
});

test('numbers are the same with and without the steps that decide nothing', () => {
  const numberOf = (text: string) => /(\d+) {2}VXLAN to 10\.77\.0\.22/.exec(text)?.[1];
  assert.is(numberOf(sdn), numberOf(renderTraceText(sdnTrace, { ...plain, all: true })));
});

test('an assumption is named where the ways part, and its share is no promise', () => {
  assert.match(nodePort, /├─ B · up to 50 %\n +│ +if the ipset node-peers of pier-2 holds/);
  assert.match(nodePort, /└─ C · up to 50 %\n +unless the ipset node-peers of pier-2 holds/);
});

test('a way that fails says where, why, and what the client sees', () => {
  assert.match(
    nodePort,
    /✖ black holed on pier-1; the client gets “No route to host” \(EHOSTUNREACH\)\n.*its endpoint is stale/,
  );
  assert.match(nodePort, /✖ dropped on pier-2; the client gets a timeout\n.*the tunnel of the other node is shut out/);
});

test('nothing is wider than the terminal', () => {
  for (const columns of [80, 100, 160]) {
    for (const trace of [sdnTrace, nodePortTrace]) {
      const lines = renderTraceText(trace, { ...plain, columns }).split('\n');
      // A path in the list of files stays whole, so that it can be copied.
      const steps = lines.slice(0, lines.indexOf('Files'));
      assert.equal(
        steps.filter((line) => line.length > columns),
        [],
      );
    }
  }
});

test('no text of a bundle steers the terminal or begins a line of its own', () => {
  for (const text of hostileTexts) {
    const shown = renderTraceText(sayingTrace(text), plain);
    assert.equal(steeringIn('text', shown), []);
    assert.equal(steeringIn('painted', renderTraceText(sayingTrace(text), { ...plain, color: true }), true), []);
    assert.not.match(shown, /^(?:# heading|- item)/m);
  }
});

test('shares read like people say them', () => {
  assert.equal([0, 1 / 3, 0.5, 1, 0.0002].map(percent), ['0 %', '33.3 %', '50 %', '100 %', '< 0.1 %']);
});

test('equal file names are told apart by their folders', () => {
  const short = placesOf(nodePortTrace).short;
  assert.is(short({ path: 'nodes/pier-1/iptables-save.txt', first: 3, last: 4 }), 'pier-1/iptables-save.txt:3-4');
  assert.is(short({ path: 'nodes/pier-1/ip_neigh.txt', first: 6, last: 6 }), 'ip_neigh.txt:6');
});

test('a line breaks at its blanks, and a word that is too long where it must', () => {
  assert.equal(wrapped('one two three four five six', 20, '  '), ['one two three four', '  five six']);
  assert.equal(wrapped('x'.repeat(45), 20, ''), ['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
});

test.run();
