import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeMapView } from '../../../src/report/pictures/node-map.ts';
import { resourcesView } from '../../../src/report/pictures/resources.ts';
import type { ReportNode } from '../../../src/report/report.ts';
import { smallFinding, smallNode, smallReport } from './small-report.ts';

const nodes = (count: number): ReportNode[] => Array.from({ length: count }, (_, at) => smallNode(`w${at}`));

test('a cell tells the state of its node, its worst finding and how many there are', () => {
  const view = nodeMapView(
    smallReport({
      nodes: [
        smallNode('m0', { roles: ['control-plane', 'master'], gathered: true }),
        smallNode('w1', { ready: 'Unknown', unschedulable: true }),
      ],
      findings: [smallFinding(), smallFinding({ id: 'b', severity: 'info' })],
    }),
  );
  assert.equal(
    view.groups.map(({ role, count }) => `${role}: ${count}`),
    ['Control plane: 1 node', 'Worker: 1 node'],
  );
  const cell = view.groups[1]?.cells[0];
  assert.is(cell?.label, 'w1: no longer reports, cordoned, 1 error and 1 note');
  assert.is(cell?.worst, 'error');
  assert.is(cell?.found, '2');
  assert.is(cell?.href, '#node=w1');
  assert.is(
    view.caption,
    '1 no longer reports, cordoned · 1 ready; 1 with findings. Files of the machine itself are here for 1 of 2.',
  );
});

test('the table puts the most troubled node first and says its file and line', () => {
  const view = nodeMapView(
    smallReport({
      nodes: [...nodes(3), smallNode('w9')],
      findings: [smallFinding({ objects: [{ kind: 'Pod', node: 'w9' }] })],
    }),
  );
  assert.equal(
    view.rows.map(({ name }) => name),
    ['w9', 'w0', 'w1', 'w2'],
  );
  assert.is(view.rows[0]?.place, 'mg/nodes/w9.yaml:2-90');
});

test('many nodes become tiles, very many one drawing in which the calm ones are one path', () => {
  assert.ok(nodeMapView(smallReport({ nodes: nodes(48) })).cards);
  const tiles = nodeMapView(smallReport({ nodes: nodes(400) }));
  assert.not.ok(tiles.cards);
  assert.is(tiles.groups[0]?.cells.length, 400);
  const marks = nodeMapView(smallReport({ nodes: [smallNode('a', { ready: 'False' }), ...nodes(2000)] }));
  const drawing = marks.groups[0]?.drawing[0];
  assert.is(marks.groups[0]?.cells.length, 0);
  assert.is(drawing?.width, 960);
  assert.is(drawing?.height, 34 * 16);
  assert.ok(drawing?.calm.startsWith('M18 2h11v11h-11zM34 2h'));
  assert.equal(
    drawing?.marks.map(({ x, y, label }) => ({ x, y, label })),
    [{ x: 0, y: 0, label: 'a: not ready, nothing found' }],
  );
  assert.is(marks.rows.length, 300);
  assert.is(marks.more, '1,701 further nodes in report.json.');
});

test('a report that knows no nodes has no map', () => {
  assert.not.ok(nodeMapView(smallReport()).any);
});

test('a name of a node cannot leave its link', () => {
  const cell = nodeMapView(smallReport({ nodes: [smallNode('a"&x=#<b>\u202e')] })).groups[0]?.cells[0];
  assert.is(cell?.href, '#node=a%22%26x%3D%23%3Cb%3E%5Cu%7B202e%7D');
});

const gibibyte = 1024 ** 3;
const full = smallNode('full', {
  allocatable: { cpuMillis: 4000, memoryBytes: 8 * gibibyte },
  requested: { cpuMillis: 3000, memoryBytes: 4 * gibibyte, pods: 12 },
  limit: { cpuMillis: 0, memoryBytes: 20 * gibibyte, withoutCpu: 3, withoutMemory: 0 },
  used: { memoryBytes: 2 * gibibyte, totalBytes: 9 * gibibyte, evidence: { path: 'sos/meminfo', first: 1, last: 3 } },
});

test('a bar spans twice the offer where limits go beyond it, and the words give the numbers', () => {
  const view = resourcesView(smallReport({ nodes: [full] }));
  const [row] = view.rows;
  assert.equal(row?.memory.bar, [
    { width: 240, offered: 120, requested: 60, over: false, limit: 240, limitBeyond: true, used: [30] },
  ]);
  assert.equal(
    row?.memory.words.map(({ name, text }) => `${name} ${text}`),
    ['offers 8.0 GiB', 'requests 4.0 GiB (50 %)', 'limits 20.0 GiB (250 %)', 'used 2.0 GiB (25 %)'],
  );
  assert.equal(
    row?.cpu.words.map(({ name, text }) => `${name} ${text}`),
    ['offers 4 cores', 'requests 3 cores (75 %)', 'without a limit 3 containers'],
  );
  assert.is(view.overcommit, 'On 1 node the memory limits add up to more than there is.');
  assert.equal(row?.place, ['sos/meminfo:1-3']);
});

test('the fullest nodes come first under the sum, and those left out are counted', () => {
  const many = Array.from({ length: 30 }, (_, at) =>
    smallNode(`w${String(at).padStart(2, '0')}`, {
      allocatable: { cpuMillis: 1000, memoryBytes: gibibyte },
      requested: { cpuMillis: at * 10, memoryBytes: 0, pods: 1 },
      limit: { cpuMillis: 0, memoryBytes: 0, withoutCpu: 1, withoutMemory: 1 },
    }),
  );
  const view = resourcesView(smallReport({ nodes: many }));
  assert.equal(
    view.rows.slice(0, 3).map(({ name }) => name),
    ['All 30 nodes', 'w29', 'w28'],
  );
  assert.is(view.rows.length, 25);
  assert.is(view.more, '6 further nodes, all less asked for; in report.json.');
});

test('where nothing tells what is asked of the nodes, that is said', () => {
  const view = resourcesView(smallReport({ nodes: [smallNode('w1')] }));
  assert.not.ok(view.any);
  assert.match(view.reason, /no pods bound to them/);
  assert.is(resourcesView(smallReport()).reason, '');
});

test.run();
