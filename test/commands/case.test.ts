// A case: the must-gather and its nodes' sosreports as one bundle, whatever each of them comes as.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labelsOf } from '../../src/bundle/read-case.ts';
import type { Report } from '../../src/report/report.ts';
import { drydock, newFolder, write } from './drydock.ts';

const containerId = '7f2d0c5b8a914e36b05d7c1f2e3a4958677889900aabbccddeeff00112233445';
const machineId = '7a96c459d52944ae9f9990d3798d6426';
const cgroup = `sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2b1d7a52_7e4f_4a6e_9f7a_7d3d5a8f9c11.slice/crio-${containerId}.scope`;
const pods = `apiVersion: v1
kind: Pod
metadata: { name: checkout-0, namespace: shop, uid: 2b1d7a52-7e4f-4a6e-9f7a-7d3d5a8f9c11 }
spec:
  nodeName: worker-1.example.com
  containers:
  - name: api
    resources:
      limits: { cpu: "2", memory: 512Mi }
      requests: { cpu: 250m, memory: 256Mi }
status:
  phase: Running
  qosClass: Burstable
  containerStatuses:
  - name: api
    containerID: cri-o://${containerId}
    state: { running: { startedAt: "2024-03-04T07:00:00Z" } }
`;
const nodes = `apiVersion: v1
kind: Node
metadata: { name: worker-1.example.com }
status:
  nodeInfo: { machineID: ${machineId}, systemUUID: "", bootID: "", kernelVersion: "", osImage: "", containerRuntimeVersion: cri-o://1.29.5, kubeletVersion: v1.29.6, kubeProxyVersion: v1.29.6, operatingSystem: linux, architecture: amd64 }
`;
const files = {
  'must-gather/namespaces/shop/pods/checkout-0/checkout-0.yaml': pods,
  'must-gather/cluster-scoped-resources/core/nodes/worker-1.example.com.yaml': nodes,
  'sosreport-host7/etc/machine-id': `${machineId}\n`,
  'sosreport-host7/sos_commands/host/hostname': 'localhost\n',
  [`sosreport-host7/${cgroup}/memory.max`]: '268435456\n',
};

const reportIn = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
const findingsOf = ({ findings }: Report) => findings.map(({ rule, subject, message }) => [rule, subject, message]);

test('what the cluster asks and what its machine has are joined across inputs, and the paths say whose they are', () => {
  const folder = write(newFolder(), files);
  execFileSync('tar', ['-C', folder, '-czf', join(folder, 'mg.tar.gz'), 'must-gather']);
  const words = ['--case', 'incident 7', join(folder, 'mg.tar.gz'), join(folder, 'sosreport-host7')];
  const { code, err } = drydock('analyze', ...words, '-o', join(folder, 'out'), '--quiet');
  assert.equal([code, err], [0, '']);
  assert.equal(readdirSync(join(folder, 'out')), ['incident 7']);
  const report = reportIn(join(folder, 'out', 'incident 7'));
  assert.equal(
    report.bundle.inputs.map(({ path }) => path),
    ['mg.tar.gz', 'sosreport-host7'],
  );
  const finding = report.findings.find(({ rule }) => rule === 'memory-limit-unlike-spec');
  assert.equal(
    [finding?.reconciles?.asked, finding?.reconciles?.got].map((side) => [
      side?.text,
      side?.evidence?.path,
      side?.evidence?.first,
    ]),
    [
      ['limit 512 MiB', 'mg.tar.gz!must-gather/namespaces/shop/pods/checkout-0/checkout-0.yaml', 9],
      ['256 MiB', `sosreport-host7/${cgroup}/memory.max`, 1],
    ],
  );
  const joined = report.coverage.infos.find(({ code: each }) => each === 'MACHINE_JOINED');
  assert.match(joined?.detail ?? '', 'this machine is node worker-1.example.com: its machine id says so');
});

test('a case says what one folder with all of it says', () => {
  const folder = write(
    newFolder(),
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`all/${path}`, text])),
  );
  const inputs = [join(folder, 'all', 'must-gather'), join(folder, 'all', 'sosreport-host7')];
  drydock('analyze', '--case', 'one', ...inputs, '-o', join(folder, 'out'), '--quiet');
  drydock('analyze', join(folder, 'all'), '-o', join(folder, 'out'), '--quiet');
  const [one, all] = [reportIn(join(folder, 'out', 'one')), reportIn(join(folder, 'out', 'all'))];
  assert.ok(one.findings.length > 0);
  assert.equal(findingsOf(one), findingsOf(all));
  assert.equal(one.coverage.analysed, all.coverage.analysed);
});

test('an input that cannot be read is a gap of the case; when none can, there is no report', () => {
  const folder = write(newFolder(), { ...files, 'page.tar.gz': '<!DOCTYPE html><html>Log in</html>' });
  const page = join(folder, 'page.tar.gz');
  const { code } = drydock(
    'analyze',
    '--case',
    'c',
    page,
    join(folder, 'must-gather'),
    '-o',
    join(folder, 'out'),
    '--quiet',
  );
  const { gaps } = reportIn(join(folder, 'out', 'c')).coverage;
  assert.equal([code, gaps.map((gap) => [gap.code, gap.path])], [3, [['NOT_AN_ARCHIVE', 'page.tar.gz']]]);
  const none = drydock('analyze', '--case', 'd', page, join(folder, 'nowhere.tar'), '-o', join(folder, 'out'));
  assert.is(none.code, 2);
  assert.match(none.err, 'page.tar.gz');
});

test('a name of a case that is no name of a folder is refused before anything is read', () => {
  for (const name of ['', '..', 'a/b', '-x'])
    assert.is(drydock('analyze', `--case=${name}`, '/nowhere/x.tar').code, 2, name);
});

test('inputs of one name are told apart by their folders', () => {
  assert.equal(labelsOf(['/a/b/sos.tar.xz', '/a/c/sos.tar.xz', '/a/mg.tar.gz']), [
    'b/sos.tar.xz',
    'c/sos.tar.xz',
    'mg.tar.gz',
  ]);
  assert.equal(labelsOf(['/x/a/sos.tar', '/y/a/sos.tar']), ['x/a/sos.tar', 'y/a/sos.tar']);
  assert.equal(labelsOf(['/sos.tar', '/a/sos.tar']), ['sos.tar', 'a/sos.tar']);
});

test.run();
