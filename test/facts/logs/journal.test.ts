// Which machines wrote a journal.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { journalHosts } from '../../../src/facts/logs/journal.ts';

const hostsOf = (text: string): readonly string[] => journalHosts(Buffer.from(text));
const line = (host: string, said = 'fine') => `Mar 03 06:53:46 ${host} kubelet[1]: ${said}\n`;

test('each machine of a journal is told once, in order, wherever its name stands in the line', () => {
  const text = [
    '-- Logs begin --\n',
    line('n2'),
    line('n2', 'größe'),
    'Mar 03 06:53:46.325049 n2 kubelet[1]: later\r\n',
    line('n1', 'n2'),
    'no journal line\n',
    line('n2').trimEnd(),
  ];
  assert.equal(hostsOf(text.join('')), ['n1', 'n2']);
});

test('a log that shows no journal line in its first bytes is not searched on', () => {
  assert.equal(hostsOf(`${'x'.repeat(100)}\n`.repeat(9) + line('n1')), ['n1']);
  assert.equal(hostsOf(`${'x'.repeat(100)}\n`.repeat(11) + line('n1')), []);
  assert.equal(hostsOf(''), []);
});

test.run();
