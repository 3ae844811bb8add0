// Counters of huge pages, of a machine and of its NUMA nodes.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hugepages } from '../../../../src/facts/parsers/node/hugepages.ts';
import { read } from './read.ts';

const count = (path: string, text: string) => read(hugepages, text, path).of('HugepageCount');

test('the path tells the size, the counter and the NUMA node', () => {
  assert.equal(count('sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', '512\n'), [
    { pageSize: '2Mi', pageBytes: 2097152, counter: 'total', pages: 512 },
  ]);
  assert.equal(count('sys/devices/system/node/node1/hugepages/hugepages-1048576kB/free_hugepages', '0\n'), [
    { numaNode: 1, pageSize: '1Gi', pageBytes: 1073741824, counter: 'free', pages: 0 },
  ]);
  assert.is(count('sys/kernel/mm/hugepages/hugepages-64kB/nr_hugepages', '1\n')[0]?.pageSize, '64Ki');
});

test('other counters and other texts give nothing', () => {
  assert.equal(count('sys/kernel/mm/hugepages/hugepages-2048kB/surplus_hugepages', '1\n'), []);
  assert.equal(read(hugepages, 'x\n', 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages').problems.length, 1);
});

test.run();
