import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createGate, LeakError } from '../../../src/report/redact/identifier-gate.ts';

const entries = [
  { kind: 'host', original: 'worker-1', pseudonym: 'host-bcdfgh' },
  { kind: 'name', original: 'worker-1.shop.acme.com', pseudonym: 'host-bcdfgh.sub-aaaaaa.domain-bbbbbb.example' },
  { kind: 'domain', original: 'acme.com', pseudonym: 'domain-bbbbbb' },
  { kind: 'ip', original: '10.0.187.218', pseudonym: '10.77.1.3' },
  { kind: 'ip', original: 'fd01::5', pseudonym: 'fd99::1' },
  { kind: 'ip', original: '10.77.1.4', pseudonym: '10.0.187.9' },
  { kind: 'device', original: '52:54:00:ab:cd:ef', pseudonym: '52:11:22:33:44:55' },
  { kind: 'keyword', original: 'skunkworks', pseudonym: 'keyword-cccccc' },
  { kind: 'label', original: 'shop', pseudonym: 'sub-aaaaaa' },
];
const gate = createGate(entries);
const base64 = (text: string) => Buffer.from(text).toString('base64');

const leaks = [
  'node worker-1 is down',
  'kube-proxy-WORKER-1-abc',
  'see nodes/worker-1.yaml',
  '\\nworker-1\\n',
  'worker\\-1',
  'worker&#45;1 and worker&#x2d;1',
  'worker%2D1',
  'worker\\u002d1',
  base64('{"host":"worker-1"}'),
  'https://acme.com/',
  'db.acme.com',
  '10.0.187.218',
  'v10.0.187.218',
  'ip-10-0-187-218',
  '10_0_187_218',
  '10%2E0%2E187%2E218',
  '10\\.0\\.187\\.218',
  base64('dial tcp 10.0.187.218:443'),
  '[fd01::5]:443',
  'FD01:0:0:0:0:0:0:5',
  'fd01%3A%3A5',
  '52:54:00:AB:CD:EF',
  '52-54-00-ab-cd-ef',
  'theskunkworksproject',
];
test('a hidden name is seen in every spelling that a reader may undo', () => {
  for (const text of leaks) {
    let seen: unknown;
    try {
      gate('report.md', `before ${text} after`);
    } catch (error) {
      seen = error;
    }
    assert.instance(seen, LeakError, text);
  }
});

test('what the map does not hide passes', () => {
  const texts = [
    'host-bcdfgh at 10.77.1.3 and 10.77.1.30, worker-10, my-worker-11, acme.community, the shop',
    '10.0.187.2181, 110.0.187.218, 10.0.187.218.4, 1.10.0.187.218',
    base64('nothing to be seen in this text'),
  ];
  for (const text of texts) gate('report.md', text);
});

test('an address that was given out as a pseudonym may be that of another machine, too', () => {
  createGate([...entries, { kind: 'ip', original: '10.5.5.5', pseudonym: '10.77.1.4' }])('report.md', '10.77.1.4');
  assert.throws(() => gate('report.md', '10.77.1.4'));
});

test('the message names the output and the pseudonym, and not what is hidden', () => {
  try {
    gate('report.html', 'worker-1');
  } catch (error) {
    const { message } = error as Error;
    assert.match(message, /^report\.html: .*host-bcdfgh.*nothing was written/);
    assert.not.match(message, /worker-1/);
    return;
  }
  assert.unreachable();
});

test('a word of the report itself is no leak, though a machine is called so', () => {
  const table = createGate([{ kind: 'host', original: 'table', pseudonym: 'host-dddddd' }]);
  table('report.html', '<table>', (word) => word === 'table');
  assert.throws(() => table('report.html', '<table>'));
});

test.run();
