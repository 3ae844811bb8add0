// Makes machines: their size, versions, drivers, reservations and settings, all as they should be.

import { exclusiveCpus, podRequest } from './expected-values.ts';
import type { Random } from './random.ts';
import type { Driver, NodeWorld, Version } from './world.ts';

const gibibyte = 1024 ** 3;

const behaviours = ['', 'NoSwap', 'LimitedSwap'] as const;

/** What a planting may ask of the node it is meant for, before the node is made. */
export interface NodeWish {
  version?: Version;
  driver?: Driver;
  staticPolicy?: boolean;
  threadsPerCore?: 1 | 2;
  wholeCores?: boolean;
  kubeletMinor?: number;
  swap?: NonNullable<NodeWorld['swap']>['behaviour'] | 'none';
  failSwapOn?: boolean;
  protectsKernel?: boolean;
  hasMounts?: boolean;
  enforced?: boolean;
  reservesByNumber?: boolean;
  asksWholeCpus?: boolean;
  hasHugepages?: boolean;
}

/** Settings as a machine has them after the kubelet started. */
const settings: readonly (readonly [string, string])[] = [
  ['kernel.keys.root_maxbytes', '25000000'],
  ['kernel.keys.root_maxkeys', '1000000'],
  ['kernel.msgmax', '8192'],
  ['kernel.msgmnb', '16384'],
  ['kernel.panic', '10'],
  ['kernel.panic_on_oops', '1'],
  ['kernel.sem', '32000\t1024000000\t500\t32000'],
  ['kernel.shmmni', '4096'],
  ['net.core.somaxconn', '4096'],
  ['net.ipv4.conf.all.log_martians', '0'],
  ['net.ipv4.ip_local_port_range', '32768\t60999'],
  ['net.ipv4.neigh.default.gc_thresh2', '512'],
  ['net.ipv4.neigh.default.gc_thresh3', '1024'],
  ['net.ipv4.tcp_keepalive_time', '7200'],
  ['vm.max_map_count', '262144'],
  ['vm.overcommit_memory', '1'],
  ['vm.panic_on_oom', '0'],
  ['vm.swappiness', '60'],
];

export function makeNode(index: number, wish: NodeWish, openshift: boolean, random: Random): NodeWorld {
  const version = wish.version ?? random.pick(['v1', 'v2'] as const);
  const wantsSwap = wish.swap !== undefined && wish.swap !== 'none';
  const kubeletMinor = openshift
    ? random.pick([27, 28])
    : (wish.kubeletMinor ?? random.pick(wantsSwap ? [30, 31, 34] : [26, 29, 30, 31, 33, 34]));
  const runtime = openshift ? 'cri-o' : random.pick(['cri-o', 'containerd'] as const);
  const driver = wish.driver ?? random.pick(['systemd', 'cgroupfs'] as const);
  const name = `worker-${index}${openshift ? '.example.com' : ''}`;
  const host = random.pick([name, `host-${random.hex(6)}`, 'localhost']);
  const staticPolicy = wish.staticPolicy ?? random.chance(0.4);
  const pageBytes = random.chance(0.85) ? 4096 : 65536;
  const swaps = kubeletMinor >= 30 && (wish.swap === undefined ? random.chance(0.15) : wish.swap !== 'none');
  const wished = wish.swap === 'none' ? undefined : wish.swap;
  const behaviour = wished ?? random.pick(version === 'v2' ? behaviours : behaviours.slice(0, 2));
  return {
    name,
    host: host === 'localhost' ? `localhost${index}` : host,
    root: `sosreport-${host}-2026-02-03-${random.hex(7)}`,
    machineId: random.hex(32),
    systemUuid: random.uuid(),
    version,
    isHybrid: version === 'v1' && random.chance(0.2),
    driver,
    runtime,
    runtimeVersion: runtime === 'cri-o' ? `1.${kubeletMinor}.4` : random.pick(['1.7.22', '2.1.3']),
    hasQuadraticWeight: random.chance(0.5),
    kubeletMinor,
    kernel: random.pick(['5.14.0-427.13.1.el9_4.x86_64', '6.8.0-45-generic', '5.15.0-122-generic']),
    cpus: 0,
    threadsPerCore: wish.threadsPerCore ?? random.pick([1, 2]),
    cores: [],
    memoryBytes: 0,
    pageBytes,
    ...((wish.hasHugepages ?? random.chance(0.1)) && { hugepages: { offered: 512, onMachine: 512 } }),
    reserved: { cpuMillis: 0, memoryBytes: 0 },
    enforced: wish.enforced ?? random.chance(0.8),
    reservedCpus: [],
    staticPolicy,
    saysPolicy: random.chance(0.3),
    reservesByNumber: staticPolicy && (wish.reservesByNumber ?? random.chance(0.6)),
    asksWholeCpus: staticPolicy || (wish.asksWholeCpus ?? true),
    wholeCores: staticPolicy && (wish.wholeCores ?? random.chance(0.3)),
    state: { policyName: staticPolicy ? 'static' : 'none', pool: [], owned: [] },
    ...(swaps && { swap: { totalBytes: random.int(1, 8) * gibibyte - random.int(0, 9) * 4096, behaviour } }),
    failSwapOn: wish.failSwapOn ?? !swaps,
    protectsKernel: wish.protectsKernel ?? random.chance(0.3),
    hasMounts: wish.hasMounts ?? random.chance(0.9),
    mounts: [],
    disks: [
      { device: '/dev/sda4', mountPoint: '/', usedShare: random.int(10, 80) / 100 },
      { device: '/dev/sdb1', mountPoint: '/var/lib/kubelet', usedShare: random.int(10, 80) / 100 },
    ],
    xfs: { device: '/dev/sdb1', mountPoint: '/var/lib/kubelet', ftype: 1 },
    bootWords: openshift
      ? version === 'v2'
        ? ['systemd.unified_cgroup_hierarchy=1', 'cgroup_no_v1=all', 'psi=1']
        : ['systemd.unified_cgroup_hierarchy=0', 'systemd.legacy_systemd_cgroup_controller=1']
      : ['quiet'],
    sysctls: new Map(settings),
    sysctlFiles: sysctlFiles(random),
    kernelLog: [],
    pods: [],
    all: { weight: 0 },
    burstable: { weight: 0 },
    bestEffort: { weight: 0 },
    systemAnonBytes: 0,
    stalledPercent: random.int(0, 3),
    runtimeDriver: driver,
    planted: new Set(),
  };
}

/** What is asked for on disk is what the kernel has, in every way that is right. */
function sysctlFiles(random: Random): Map<string, string[]> {
  const files = new Map<string, string[]>();
  if (random.chance(0.6))
    files.set('etc/sysctl.d/50-shop.conf', ['# the value of the vendor', 'vm.max_map_count = 262144']);
  // A later file wins over an earlier one, whatever folder they lie in.
  if (random.chance(0.4)) {
    files.set('etc/sysctl.d/10-old.conf', ['net.ipv4.tcp_keepalive_time=600']);
    files.set('etc/sysctl.d/60-new.conf', ['net/ipv4/tcp_keepalive_time=7200']);
  }
  if (random.chance(0.3)) files.set('etc/sysctl.conf', ['kernel.sem = 32000 1024000000 500 32000']);
  // Set by the kubelet or kube-proxy while the machine runs.
  if (random.chance(0.3)) files.set('etc/sysctl.d/99-panic.conf', ['kernel.panic = 0']);
  if (random.chance(0.3)) files.set('usr/lib/sysctl.d/50-default.conf', ['net.core.somaxconn = 128']);
  return files;
}

/** Large enough for its pods, and not so large that nothing could ever be wrong. */
export function sizeNode(node: NodeWorld, random: Random): void {
  const live = node.pods.filter(({ phase }) => phase === 'Running');
  const total = (amountOf: (pod: (typeof live)[number]) => number): number =>
    live.reduce((sum, pod) => sum + amountOf(pod), 0);
  const pinned = total((pod) => pod.containers.reduce((sum, each) => sum + exclusiveCpus(each, pod), 0));
  const reservedCount = node.threadsPerCore * random.int(1, 2);
  const wanted = Math.max(total((pod) => podRequest(pod, 'cpuMillis')) / 700, pinned + 4) + reservedCount + 1;
  node.cpus = [4, 8, 12, 16, 24, 32, 48, 64, 96].find((count) => count >= wanted) ?? 256;
  const half = node.cpus / 2;
  const isNear = random.chance(0.5);
  node.cores =
    node.threadsPerCore === 1
      ? Array.from({ length: node.cpus }, (_, cpu) => [cpu])
      : Array.from({ length: half }, (_, core) => (isNear ? [2 * core, 2 * core + 1] : [core, core + half]));
  if (node.reservesByNumber)
    node.reservedCpus = node.cores
      .slice(0, reservedCount / node.threadsPerCore)
      .flat()
      .sort((a, b) => a - b);
  node.reserved = {
    cpuMillis: node.reservesByNumber
      ? node.reservedCpus.length * 1000
      : node.staticPolicy
        ? 1000
        : random.pick([0, 250, 500]),
    memoryBytes: random.pick([0.5, 1, 1, 3]) * gibibyte,
  };
  const huge = (node.hugepages?.offered ?? 0) * 2 * 1024 ** 2;
  const asked = total((pod) => podRequest(pod, 'memoryBytes')) / 0.7 + huge;
  const gibibytes = Math.ceil(asked / gibibyte) + 5 + random.pick([0, 8, 20]);
  node.memoryBytes = gibibytes * gibibyte - random.int(1, 999) * 65536;
  node.systemAnonBytes = Math.floor(node.reserved.memoryBytes * 0.4);
}
