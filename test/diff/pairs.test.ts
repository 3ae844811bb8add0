import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificate } from '../facts/parsers/sample-certificate.ts';
import { all, diffOf, drop, edit, type Plant, planted, told, untouched } from './pairs.ts';

const gathered = 'must-gather/quay-io-example-must-gather-sha256-5c1d';
const node = 'sosreport-worker-1-2024-09-03-kxqzvbn';
const deployments = `${gathered}/namespaces/shop/apps/deployments.yaml`;
const swapIsOn = edit(
  `${node}/proc/swaps`,
  /$/,
  '/dev/dm-1                               partition\t4194300\t\t0\t\t-2\n',
);

const healthy = await untouched('healthy');
const afterPlanting = async (plant: Plant) => told(diffOf(healthy, await planted('healthy', plant)));

test('a bundle against itself: nothing', async () => {
  assert.equal(told(diffOf(healthy, await untouched('healthy', 2))), []);
});

test('folders named after the day and the image are no change, and neither are counters and times', async () => {
  const moved = await afterPlanting((folder) => {
    mkdirSync(join(folder, 'later'));
    renameSync(join(folder, node), join(folder, 'later/sosreport-worker-1-2024-09-04-zzzzzzz'));
    renameSync(join(folder, gathered), join(folder, 'must-gather/quay-io-example-must-gather-sha256-ffff'));
    const pods = 'must-gather/quay-io-example-must-gather-sha256-ffff/namespaces/shop/core/pods.yaml';
    edit(pods, /resourceVersion: "\d+"/g, 'resourceVersion: "999999"')(folder);
    edit(pods, /restartCount: \d+/g, 'restartCount: 7')(folder);
  });
  assert.equal(moved, []);
});

test('an image', async () => {
  assert.equal(await afterPlanting(edit(deployments, 'checkout:2.4.1', 'checkout:2.5.0')), [
    'Deployment shop/checkout spec.template.spec.containers[checkout].image: registry.example.com/shop/checkout:2.4.1 → registry.example.com/shop/checkout:2.5.0',
  ]);
});

test('replicas, with the lines of both sides', async () => {
  const diff = diffOf(healthy, await planted('healthy', edit(deployments, /^ {4}replicas: 2$/m, '    replicas: 3')));
  assert.equal(told(diff), ['Deployment shop/checkout spec.replicas: 2 → 3']);
  const [field] = diff.settings.changes[0]?.fields ?? [];
  const path = `quay-io-example-must-gather-sha256-5c1d/namespaces/shop/apps/deployments.yaml`;
  const evidence = { path: `must-gather/${path}`, first: 15, last: 15, binding: '' };
  assert.equal(field?.before?.evidence, { ...evidence, excerpt: '    replicas: 2' });
  assert.equal(field?.after?.evidence, { ...evidence, excerpt: '    replicas: 3' });
});

test('a limit of a workload and of its pods is one change', async () => {
  const limit = (path: string) => edit(path, /memory: 512Mi/g, 'memory: 640Mi');
  assert.equal(await afterPlanting(all(limit(deployments), limit(`${gathered}/namespaces/shop/core/pods.yaml`))), [
    'Deployment shop/checkout spec.template.spec.containers[checkout].resources.limits.memory: 512Mi → 640Mi',
  ]);
});

test('a sysctl and a key of the kubelet configuration', async () => {
  const both = all(
    edit(`${node}/sos_commands/kernel/sysctl_-a`, /^kernel\.panic = 10$/m, 'kernel.panic = 0'),
    edit(`${node}/etc/kubernetes/kubelet.conf`, 'podPidsLimit: 4096', 'podPidsLimit: 1024'),
  );
  assert.equal(await afterPlanting(both), [
    'sysctl worker-1: kernel.panic value: 10 → 0',
    'Kubelet configuration worker-1: file raw.podPidsLimit: 4096 → 1024',
  ]);
});

test('the version', async () => {
  const path = `${gathered}/cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml`;
  assert.equal(await afterPlanting(edit(path, /version: 4\.16\.8/g, 'version: 4.16.9')), [
    'ClusterVersion of the cluster version: 4.16.8 → 4.16.9',
    'ClusterVersion of the cluster completedVersion: 4.16.8 → 4.16.9',
  ]);
});

test('a node that is gone, where the others were gathered', async () => {
  assert.equal(await afterPlanting(drop(`${gathered}/cluster-scoped-resources/core/nodes/master-0.yaml`)), [
    'removed Node master-0',
  ]);
});

test('what was not gathered is not comparable: a file, a namespace, a node', async () => {
  assert.equal(await afterPlanting(drop(`${node}/sos_commands/kernel/sysctl_-a`)), [
    'lack: sos_commands/kernel/sysctl_-a was not gathered after: sysctl 20',
  ]);
  assert.equal(await afterPlanting(drop(`${gathered}/namespaces/shop`)), [
    'lack: namespace shop was not gathered after: Containers of 1, Deployment 1, Endpoints 1, Namespace 1, Service 1',
  ]);
  const [line = '', ...others] = await afterPlanting(drop(node));
  assert.equal(others, []);
  assert.match(line, /^lack: nothing of node worker-1 itself was gathered after: Address 3, /);
});

test('a file that is cut in the middle takes nothing away', async () => {
  const cut = edit(`${gathered}/namespaces/shop/core/services.yaml`, /\n {2}spec:[\s\S]*/, '\n  spec:\n    ports: [{');
  const lines = await afterPlanting(cut);
  assert.equal(
    lines.filter((line) => line.includes('Service')),
    ['lack: namespaces/shop/core/services.yaml could not be read as a whole after (YAML_TRUNCATED): Service 1'],
  );
});

test('a field that was cut off is no change', async () => {
  const cut = edit(deployments, /\n {10}resources:[\s\S]*/, '\n          resources: {limits: {cpu');
  const lines = await afterPlanting(cut);
  assert.equal(
    lines.filter((line) => !line.startsWith('lack: ')),
    [],
  );
  assert.match(lines.join('\n'), /deployments\.yaml could not be read as a whole after \(YAML_\w+\): Deployment/);
});

test('a finding that is new, and one that is fixed', async () => {
  const on = await planted('healthy', swapIsOn);
  assert.equal(told(diffOf(healthy, on)), [
    'new swap-on-without-permission: node worker-1',
    'Swap worker-1 on: false → true',
  ]);
  assert.equal(told(diffOf(on, healthy)), [
    'fixed swap-on-without-permission: node worker-1',
    'Swap worker-1 on: true → false',
  ]);
});

test('a finding is never fixed by what was not gathered', async () => {
  const on = await planted('healthy', swapIsOn);
  for (const lost of [drop(`${node}/proc/swaps`), drop(node), drop(`${node}/etc/kubernetes/kubelet.conf`)]) {
    const { findings } = diffOf(on, await planted('healthy', lost));
    assert.equal(findings.fixed, []);
    assert.is(findings.notComparable.length, 1);
    assert.ok(findings.notComparable[0]?.why);
  }
});

test('a finding where the other side did not gather is not new either', async () => {
  const blind = await planted('healthy', drop(`${node}/proc/swaps`));
  const { findings } = diffOf(blind, await planted('healthy', swapIsOn));
  assert.equal(findings.new, []);
  assert.is(findings.notComparable.length, 1);
});

test('what a finding spoke of is gone: that is not fixed', async () => {
  const story = await untouched('smt-alignment');
  const pods = 'must-gather/quay-io-example-must-gather-sha256-7c2e/namespaces/radio/core/pods.yaml';
  const oneLess = edit(pods, /^- apiVersion[\s\S]*?(?=^- apiVersion)/m, '');
  const { findings } = diffOf(story, await planted('smt-alignment', oneLess));
  assert.equal(findings.fixed, []);
  assert.equal(
    findings.gone.map(({ subject, why }) => [subject, why]),
    [['pod radio/l1-7d9c5b6f4-4xq7c', 'Pod radio/l1-7d9c5b6f4-4xq7c is not there after']],
  );
  assert.is(findings.still.length, 2);
});

test('a pod that took the place of another fails on, and is shown once', async () => {
  const story = await untouched('smt-alignment');
  const radio = 'must-gather/quay-io-example-must-gather-sha256-7c2e/namespaces/radio/core';
  const renamed = all(
    edit(`${radio}/pods.yaml`, /l1-7d9c5b6f4-4xq7c/g, 'l1-7d9c5b6f4-zz9tt'),
    edit(`${radio}/events.yaml`, /l1-7d9c5b6f4-4xq7c/g, 'l1-7d9c5b6f4-zz9tt'),
  );
  const { findings } = diffOf(story, await planted('smt-alignment', renamed));
  assert.equal([findings.new, findings.fixed, findings.gone, findings.notComparable], [[], [], [], []]);
  assert.equal(
    findings.changed.map(({ before, after }) => [before?.objects[0]?.name, after?.objects[0]?.name]),
    [['l1-7d9c5b6f4-4xq7c', 'l1-7d9c5b6f4-zz9tt']],
  );
});

const worker2 = 'sosreport-worker-2-2024-11-12-tmzqkfh/sos_commands/firewall_tables/iptables_-t_nat_-nvL';

test('an endpoint that is taken out of the chain of a Service; counters are no change', async () => {
  const story = await untouched('service-without-masquerade');
  const counted = await planted('service-without-masquerade', edit(worker2, /^ {3}12 {3}720/gm, '  912 54720'));
  assert.equal(told(diffOf(story, counted)), []);
  const taken = await planted(
    'service-without-masquerade',
    edit(worker2, /^.*KUBE-SEP-H2KU3KFVKVFHRPGX {2}all.*\n/m, ''),
  );
  const lines = told(diffOf(story, taken)).filter((line) => !/^(?:new|changed) /.test(line));
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /^Service rules worker-2: shop\/checkout .* endpoints: 3 × a pod of .* → 2 × a pod of /);
});

test('a renewed certificate', async () => {
  const story = await untouched('registry-certificates');
  const file = 'must-gather/quay-io-example-must-gather-sha256-7d2e/namespaces/openshift-config/core/configmaps.yaml';
  const pem = certificate
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  const renewed = edit(file, / {6}-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/, pem);
  const { changes } = diffOf(story, await planted('registry-certificates', renewed)).settings;
  assert.equal([...new Set(changes.map(({ kind }) => kind))], ['Certificate']);
  const fields = changes[0]?.fields.map(({ field }) => field) ?? [];
  for (const field of ['notAfter', 'serial', 'fingerprint']) assert.ok(fields.includes(field), field);
});

test('two clusters are said to be two, and nothing is fixed between them', async () => {
  const path = `${gathered}/cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml`;
  const on = await planted('healthy', swapIsOn);
  const other = await planted('healthy', edit(path, '3b6c9f52', '4b6c9f52'));
  const diff = diffOf(on, other);
  assert.match(diff.warnings[0] ?? '', /^These are two clusters: 3b6c9f52.* before, 4b6c9f52.* after\./);
  assert.equal(diff.findings.fixed, []);
  assert.is(diff.findings.notComparable.length, 1);
});

test('a bundle after that was gathered before is said to be so', async () => {
  const earlier = await planted('healthy', all(edit(`${gathered}/timestamp`, /2024-09-03/g, '2024-09-01'), drop(node)));
  assert.match(diffOf(healthy, earlier).warnings.join('\n'), /which is before 2024-09-03/);
});

test.run();
