// Which node a gathered machine is: sure signs before names, contradictions said, namesakes kept apart.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ClusterNode, joinMachines, type Machine } from '../../src/facts/join-machines.ts';

const idA = 'a'.repeat(32);
const idB = 'b'.repeat(32);
const uuidA = '6a32167a-e2c9-43a3-bc5b-ad14ced54f67';

const machine = (root: string, more: Partial<Machine> = {}): Machine => ({ root, addresses: [], ...more });
const node = (name: string, more: Partial<ClusterNode> = {}): ClusterNode => ({
  name,
  machineId: '',
  systemUuid: '',
  addresses: [],
  ...more,
});
const joined = (machines: readonly Machine[], nodes: readonly ClusterNode[]) => {
  const { names, gaps, infos } = joinMachines(machines, nodes);
  return { names: Object.fromEntries(names), said: [...gaps, ...infos].map(({ code, path }) => `${code} ${path}`) };
};

test('without a cluster a machine is what it calls itself', () => {
  assert.equal(joined([machine('sos/', { host: 'w1.example.com' })], []), {
    names: { 'sos/': 'w1.example.com' },
    said: [],
  });
  assert.equal(joined([machine('sos/', { machineId: idA })], []).names, {});
});

test('each sign joins, the surest first, and what is not the name itself is said', () => {
  const cases: readonly (readonly [string, Partial<Machine>, Partial<ClusterNode>])[] = [
    ['machine id', { host: 'localhost', machineId: idA }, { machineId: idA }],
    ['system UUID', { host: 'localhost', systemUuid: uuidA }, { systemUuid: uuidA.toUpperCase() }],
    ['host name', { host: 'ip-10-0-0-7' }, { addresses: ['ip-10-0-0-7'] }],
    ['host name without its domain', { host: 'w1.lab.example.com' }, {}],
    ['address', { host: 'localhost', addresses: ['10.0.0.7'] }, { addresses: ['10.0.0.7'] }],
  ];
  for (const [sign, mine, its] of cases) {
    const { names, infos, gaps } = joinMachines([machine('sos/', mine)], [node('w1.example.com', its), node('w2')]);
    assert.equal([...names], [['sos/', 'w1.example.com']], sign);
    assert.equal(gaps, [], sign);
    assert.match(infos[0]?.detail ?? '', `its ${sign} says so`);
  }
  assert.equal(joined([machine('sos/', { host: 'w1' })], [node('w1')]).said, []);
});

test('a sign that fits two nodes is none', () => {
  const clones = [node('w1', { machineId: idA }), node('w2', { machineId: idA })];
  assert.equal(joined([machine('sos/', { host: 'w2', machineId: idA })], clones).names, { 'sos/': 'w2' });
  const alike = [node('w1.east'), node('w1.west')];
  assert.equal(joined([machine('sos/', { host: 'w1' })], alike), {
    names: { 'sos/': 'w1' },
    said: ['MACHINE_UNKNOWN sos'],
  });
});

test('a machine that the cluster does not know is named, and nothing is joined to it', () => {
  assert.equal(joined([machine('sos/', { host: 'bastion' })], [node('w1')]), {
    names: { 'sos/': 'bastion' },
    said: ['MACHINE_UNKNOWN sos'],
  });
});

test('the name of a node with another machine id is another machine, unless the hardware is the same', () => {
  const mine = { host: 'w1', machineId: idB, systemUuid: uuidA };
  assert.equal(joined([machine('sos/', mine)], [node('w1', { machineId: idA })]), {
    names: { 'sos/': 'w1 (sos)' },
    said: ['MACHINE_AMBIGUOUS sos'],
  });
  assert.equal(joined([machine('sos/', mine)], [node('w1', { machineId: idA, systemUuid: uuidA })]).names, {
    'sos/': 'w1',
  });
});

test('of two machines with one name the node keeps it; the other gets one of its own', () => {
  const two = [machine('a!', { host: 'w1', machineId: idB }), machine('b!', { host: 'w1', machineId: idA })];
  assert.equal(joined(two, [node('w1', { machineId: idA })]), {
    names: { 'a!': 'w1 (a)', 'b!': 'w1' },
    said: ['MACHINE_AMBIGUOUS a'],
  });
  assert.equal(joined(two, []), { names: { 'a!': 'w1', 'b!': 'w1 (b)' }, said: ['MACHINE_AMBIGUOUS b'] });
});

test('one machine gathered twice is one node, and that is said', () => {
  const twice = [machine('a/', { host: 'w1', machineId: idA }), machine('b/', { host: 'w1', machineId: idA })];
  assert.equal(joined(twice, [node('w1', { machineId: idA })]), {
    names: { 'a/': 'w1', 'b/': 'w1' },
    said: ['MACHINE_JOINED b'],
  });
});

test.run();
