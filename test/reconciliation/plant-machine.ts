// Plants differences of the machine as a whole: its version of cgroups, kernel settings, swap, disks and drivers, and pods
// that it refused.

import { claim, type Planting, podSubject } from './planting.ts';
import { makeRefused } from './pods.ts';
import type { World } from './world.ts';

const ofNode = (rule: string, name: string, more = '') => [{ rule, subject: `node ${name}${more}` }];

const settingNotInEffect: Planting = {
  kind: 'setting on disk that is not in effect',
  plant(node, _world, random) {
    const [name, value] = random.pick([
      ['vm.swappiness', '10'],
      ['net.ipv4.conf.all.log_martians', '1'],
      ['net.core.somaxconn', '8192'],
    ] as const);
    if (!claim(node, 'setting')) return undefined;
    const folder = random.pick(['etc/sysctl.d', 'run/sysctl.d']);
    node.sysctlFiles.set(`${folder}/70-shop.conf`, ['# since the last incident', `${name} = ${value}`]);
    return ofNode('sysctl-file-not-in-effect', node.name, `, ${name}`);
  },
};

const refusedFlags: Planting = {
  kind: 'kernel flags that the kubelet refuses',
  wish: { protectsKernel: true },
  plant(node, _world, random) {
    if (!node.protectsKernel || !claim(node, 'flags')) return undefined;
    const [name, value] = random.pick([
      ['vm.overcommit_memory', '0'],
      ['kernel.panic', '0'],
      ['vm.panic_on_oom', '1'],
    ] as const);
    node.sysctls.set(name, value);
    return ofNode('kernel-flags-refused', node.name);
  },
};

const hostIpc: Planting = {
  kind: 'IPC setting of the host alone',
  plant(node) {
    if (!claim(node, 'ipc')) return undefined;
    node.sysctls.set('kernel.msgmax', '65536');
    return ofNode('ipc-sysctl-of-host-only', node.name, ', kernel.msgmax');
  },
};

const smallNeighbours: Planting = {
  kind: 'neighbour table too small',
  plant(node) {
    // Nothing comes of it without a pod, which a refused one is not.
    if (!claim(node, 'neighbours')) return undefined;
    node.sysctls.set('net.ipv4.neigh.default.gc_thresh3', '1');
    return ofNode('neighbour-table-too-small', node.name);
  },
};

const swapForbidden: Planting = {
  kind: 'swap on without permission',
  wish: { swap: '', failSwapOn: true, kubeletMinor: 30 },
  plant(node) {
    // What comes of it is told by the nature of the node.
    return node.swap && node.failSwapOn && claim(node, 'swap') ? [] : undefined;
  },
};

const swapOnV1: Planting = {
  kind: 'LimitedSwap on cgroup v1',
  only: 'v1',
  wish: { version: 'v1', swap: 'LimitedSwap', hasMounts: true },
  plant(node) {
    const fits = node.version === 'v1' && node.swap?.behaviour === 'LimitedSwap' && node.hasMounts;
    return fits && claim(node, 'swap') ? [] : undefined;
  },
};

const otherMode: Planting = {
  kind: 'requested cgroup mode',
  onOpenshift: true,
  plant(node, world) {
    if (!world.openshift || world.openshift.cgroupMode !== undefined || !claim(node, 'mode')) return undefined;
    world.openshift.cgroupMode = node.version === 'v1' ? 'v2' : 'v1';
    return [];
  },
};

const otherBoot: Planting = {
  kind: 'booted for another cgroup mode',
  only: 'v1',
  onOpenshift: true,
  wish: { version: 'v1', hasMounts: false },
  plant(node, world) {
    const { openshift } = world;
    if (!openshift || openshift.cgroupMode !== undefined || node.hasMounts || !claim(node, 'mode')) return undefined;
    openshift.cgroupMode = 'v2';
    return [];
  },
};

const fullDisk: Planting = {
  kind: 'full disk',
  plant(node, _world, random) {
    const disk = random.pick(node.disks);
    if (!claim(node, 'disk')) return undefined;
    disk.usedShare = 0.985;
    return [{ rule: 'filesystem-nearly-full', subject: `${node.name}, ${disk.mountPoint}` }];
  },
};

const readOnly: Planting = {
  kind: 'read-only disk',
  wish: { hasMounts: true },
  plant(node) {
    if (!node.hasMounts || !claim(node, 'mount')) return undefined;
    node.mounts.push('/dev/sdc1 /var/log ext4 ro,relatime 0 0');
    return [{ rule: 'read-only-data-mount', subject: `${node.name}, /var/log` }];
  },
};

const withoutTypes: Planting = {
  kind: 'XFS without file types',
  plant(node) {
    if (!claim(node, 'xfs')) return undefined;
    node.xfs.ftype = 0;
    return [{ rule: 'xfs-without-ftype', subject: `${node.name}, ${node.xfs.mountPoint}` }];
  },
};

const brokenDisk: Planting = {
  kind: 'broken disk',
  plant(node, _world, random) {
    if (!claim(node, 'errors')) return undefined;
    const device = random.pick(['sda', 'nvme0n1', 'vdb']);
    node.kernelLog.push(
      `blk_update_request: I/O error, dev ${device}, sector 81237 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0`,
    );
    return [{ rule: 'disk-io-errors', subject: `${node.name}, ${device}` }];
  },
};

const otherDriver: Planting = {
  kind: 'drivers of kubelet and runtime',
  wish: { kubeletMinor: 30 },
  plant(node) {
    if (node.kubeletMinor >= 31 || !claim(node, 'driver')) return undefined;
    node.runtimeDriver = node.driver === 'systemd' ? 'cgroupfs' : 'systemd';
    const runtime = node.runtime === 'cri-o' ? 'cri-o' : 'containerd';
    return ofNode(`cgroup-driver-mismatch-with-${runtime}`, node.name);
  },
};

const withoutMemory: Planting = {
  kind: 'memory cgroups switched off',
  plant(node) {
    if (!claim(node, 'memory cgroups')) return undefined;
    node.bootWords.push('cgroup_disable=memory');
    return ofNode('disabled-memory-cgroup', node.name);
  },
};

const stalled: Planting = {
  kind: 'stalled node',
  plant(node) {
    if (!claim(node, 'pressure')) return undefined;
    node.stalledPercent = 37;
    return ofNode('node-stalled', node.name, ', memory');
  },
};

const greedySystem: Planting = {
  kind: 'services above their reservation',
  plant(node) {
    if (!claim(node, 'system')) return undefined;
    node.systemAnonBytes = node.reserved.memoryBytes + 100 * 1024 ** 2;
    return ofNode('system-memory-above-reservation', node.name);
  },
};

/** Reason, message, rule and whether the rule says "pod". */
const refusals = [
  [
    'SMTAlignmentError',
    'SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2',
    'odd-exclusive-cpus',
    true,
  ],
  [
    'SMTAlignmentError',
    'SMT Alignment Error: not enough free physical CPUs: available physical CPUs = 2, requested CPUs = 4, CPUs per core = 2',
    'no-free-whole-cores',
    true,
  ],
  ['TopologyAffinityError', 'Resources cannot be allocated with Topology locality', 'refused-topology-affinity', true],
  [
    'OutOfcpu',
    "Node didn't have enough resource: cpu, requested: 4000, used: 3900, capacity: 7000",
    'rejected-by-kubelet',
    true,
  ],
  ['SysctlForbidden', 'forbidden sysctl: "kernel.msgmax" not allowlisted', 'forbidden-sysctl', false],
] as const;

const refusedPod: Planting = {
  kind: 'refused pod',
  plant(node, world: World, random) {
    const [reason, message, rule, saysPod] = random.pick(refusals);
    const pod = makeRefused(
      node,
      `refused-${node.pods.length}-${world.nodes.indexOf(node)}`,
      { reason, message },
      random,
    );
    if (rule === 'forbidden-sysctl') pod.sysctls = [{ name: 'kernel.msgmax', value: '65536' }];
    node.pods.push(pod);
    return [{ rule, subject: `${saysPod ? 'pod ' : ''}${podSubject(pod)}` }];
  },
};

export const machinePlantings: readonly Planting[] = [
  settingNotInEffect,
  refusedFlags,
  hostIpc,
  smallNeighbours,
  swapForbidden,
  swapOnV1,
  otherMode,
  otherBoot,
  fullDisk,
  readOnly,
  withoutTypes,
  brokenDisk,
  otherDriver,
  withoutMemory,
  stalled,
  greedySystem,
  refusedPod,
];
