// Which pod and container a cgroup path names.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCgroupPath } from '../../src/models/cgroup-path.ts';

const id = '1d3d308a7d48a27814a68bf33a44acf4441c9c02463ca0bc1cdfdc8c0b4a8496';
const podUid = '7a96c459-d529-44ae-9f99-90d3798d6426';
const written = podUid.replaceAll('-', '_');

const containers = {
  'cgroupfs, guaranteed': [`/kubepods/pod${podUid}/${id}`, 'Guaranteed'],
  'cgroupfs, CRI-O': [`/kubepods/burstable/pod${podUid}/crio-${id}`, 'Burstable'],
  'systemd, CRI-O': [
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${written}.slice/crio-${id}.scope`,
    'BestEffort',
  ],
  'systemd, containerd': [`/kubepods.slice/kubepods-pod${written}.slice/cri-containerd-${id}.scope`, 'Guaranteed'],
  'systemd, Docker': [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${written}.slice/docker-${id}.scope`,
    'Burstable',
  ],
  'below a cgroupRoot': [
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${written}.slice/cri-containerd-${id}.scope`,
    'Burstable',
  ],
  'inside of a kind node': [
    `/docker/${id.replaceAll('1', '2')}/kubelet/kubepods/burstable/pod${podUid}/${id}`,
    'Burstable',
  ],
} as const;

for (const [name, [path, qosClass]] of Object.entries(containers)) {
  test(`a container: ${name}`, () => {
    assert.equal(readCgroupPath(path), { level: 'container', qosClass, podUid, containerId: id });
  });
}

test('a static pod has 32 digits without dashes', () => {
  const hash = 'a4a4914b4a1d79ce6413f72b428053e2';
  assert.equal(readCgroupPath(`/kubepods/burstable/pod${hash}`), { level: 'pod', qosClass: 'Burstable', podUid: hash });
});

test('the levels above a container', () => {
  assert.equal(readCgroupPath(`kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${written}.slice/`), {
    level: 'pod',
    qosClass: 'Burstable',
    podUid,
  });
  for (const path of [
    '/kubepods/besteffort',
    '/kubepods.slice/kubepods-besteffort.slice',
    '/a.slice/a-kubepods.slice/a-kubepods-besteffort.slice',
  ]) {
    assert.equal(readCgroupPath(path), { level: 'qos', qosClass: 'BestEffort' }, path);
  }
  for (const path of ['/kubepods', '/kubepods.slice', '/a.slice/a-kubepods.slice'])
    assert.equal(readCgroupPath(path), { level: 'node' }, path);
});

test('what is not of the kubelet', () => {
  assert.equal(readCgroupPath('/system.slice/crio.service'), { level: 'other' });
  assert.equal(readCgroupPath('/'), { level: 'other' });
  assert.equal(readCgroupPath(`/machine.slice/libpod-${id}.scope`), { level: 'container', containerId: id });
  assert.equal(readCgroupPath(`/docker/${id}`), { level: 'container', containerId: id });
});

test('the monitor beside a container and the cgroups inside of it are no containers', () => {
  const slice = `/kubepods.slice/kubepods-pod${written}.slice`;
  for (const inside of [`crio-conmon-${id}.scope`, `crio-${id}.scope/container`]) {
    assert.equal(readCgroupPath(`${slice}/${inside}`), { level: 'other', qosClass: 'Guaranteed', podUid }, inside);
  }
});

test.run();
