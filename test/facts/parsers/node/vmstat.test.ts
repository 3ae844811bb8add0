// Swapping of a node: /proc/vmstat and vmstat.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupFile } from '../../../../src/facts/parsers/node/cgroup-file.ts';
import { procVmstat, vmstat } from '../../../../src/facts/parsers/node/vmstat.ts';
import { read } from './read.ts';

const rates = `procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
 2  0 524288 279448   2108 741208    3    9     1     3   29   57  0  0 99  0  0
 1  4 524288 271448   2108 741208 2048 4096  2100  4200  911 1057  5 12 40 43  0
`;

test('/proc/vmstat gives the pages swapped since boot', () => {
  const { of, spans } = read(procVmstat, 'nr_free_pages 81771\npswpin 18220\npswpout 90112\npgfault 5\n');
  assert.equal(of('SwapCounter'), [{ pagesIn: 18220, pagesOut: 90112 }]);
  assert.equal(spans('SwapCounter'), ['2-3']);
});

test('a /proc/vmstat of a kernel without swap says nothing', () => {
  const { facts, problems } = read(procVmstat, 'nr_free_pages 81771\npgfault 5\n');
  assert.equal([facts.length, problems.length], [0, 0]);
});

test('the first line of vmstat is the average since boot, the next ones are intervals', () => {
  const { of, spans, problems } = read(vmstat, rates);
  assert.equal(of('SwapRate'), [
    { sinceBoot: true, inBytesPerSecond: 3072, outBytesPerSecond: 9216 },
    { sinceBoot: false, inBytesPerSecond: 2097152, outBytesPerSecond: 4194304 },
  ]);
  assert.equal(spans('SwapRate'), ['3-3', '4-4']);
  assert.equal(problems, []);
});

test('vmstat with a time stamp and active memory has the same columns', () => {
  const text = `procs -----------------------memory---------------------- ---swap-- -----io---- -system-- --------cpu-------- -----timestamp-----
 r  b         swpd         free        inact       active   si   so    bi    bo   in   cs  us  sy  id  wa  st                 PDT
 2  0            0      2794864       295968       312724    0    7     1     3   29   57   0   0  99   0   0 2021-09-16 20:31:30
`;
  assert.equal(read(vmstat, text).of('SwapRate'), [{ sinceBoot: true, inBytesPerSecond: 0, outBytesPerSecond: 7168 }]);
});

test('vmstat -d says nothing of swapping, and that is no problem', () => {
  const text =
    'disk- ------------reads------------\n       total merged sectors      ms\nsda    15257    100  841035    8395\n';
  const { facts, problems } = read(vmstat, text);
  assert.equal([facts.length, problems.length], [0, 0]);
});

test('a cut-off, an empty and a wrong text', () => {
  assert.is(read(vmstat, rates.slice(0, 190)).facts.length, 0);
  assert.is(read(vmstat, rates.slice(0, 190)).problems.length, 1);
  assert.equal(read(vmstat, '').problems, []);
  assert.equal(read(procVmstat, '').problems, []);
  assert.is(read(vmstat, 'bash: vmstat: command not found\n').problems[0]?.code, 'COLLECTION_ERROR');
  assert.is(read(procVmstat, 'MemTotal: 16384 kB\n').problems[0]?.code, 'PARSE_ERROR');
});

test('cgroup.controllers is read at the root of v2 alone', () => {
  const at = (path: string) => read(cgroupFile, 'cpuset cpu io memory pids\n', path);
  const [root] = at('sys/fs/cgroup/cgroup.controllers').of('CgroupControllers');
  assert.equal(root?.controllers, ['cpuset', 'cpu', 'io', 'memory', 'pids']);
  const below = at('sys/fs/cgroup/system.slice/crio.service/cgroup.controllers');
  assert.equal([below.facts.length, below.problems.length], [0, 0]);
});

test.run();
