// Writes what a sosreport of a node holds beside the cgroup tree: who it is, how it is configured, and what the kernel says.

import { cgroupFiles } from './cgroup-files.ts';
import { containerPath } from './cgroup-paths.ts';
import { cpuList } from './grants.ts';
import type { Random } from './random.ts';
import type { ContainerWorld, NodeWorld } from './world.ts';
import { writeYaml } from './write-yaml.ts';

export function machineFiles(node: NodeWorld, gatheredAt: string, random: Random): Record<string, string> {
  if (node.root === undefined) return {};
  const files: Record<string, string> = {
    ...identity(node, random),
    ...cgroupFiles(node, random),
    ...cpuFiles(node),
    ...processFiles(node),
    'sos_commands/date/date_--utc': `${gatheredAt.replace(/^(\d+)-(\d+)-(\d+)T([\d:]+)Z$/, 'Tue Feb  3 $4 UTC $1')}\n`,
    'sos_commands/kernel/uname_-a': `Linux ${node.host} ${node.kernel} #1 SMP PREEMPT_DYNAMIC Wed Jan 3 15:54:45 UTC 2026 ${node.pageBytes === 4096 ? 'x86_64' : 'aarch64'} GNU/Linux\n`,
    'sos_commands/kernel/sysctl_-a': [...node.sysctls].map(([name, value]) => `${name} = ${value}\n`).join(''),
    'sos_commands/filesys/df_-al_-x_autofs': diskUsage(node),
    'sos_commands/xfs/xfs_info_.var.lib.kubelet': xfsText(node),
    'var/lib/kubelet/config.yaml': kubeletConfig(node),
    'var/lib/kubelet/cpu_manager_state': `${cpuManagerState(node)}\n`,
    'proc/meminfo': meminfo(node),
    'proc/swaps': swaps(node),
    'proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-${node.kernel} root=/dev/sda4 ro ${node.bootWords.join(' ')}\n`,
    'proc/pressure/memory': `some avg10=0.00 avg60=${node.stalledPercent}.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=${node.stalledPercent}.00 avg300=0.00 total=1\n`,
    ...kernelLog(node, random),
    ...runtimeConfig(node),
  };
  if (node.hugepages) {
    files['sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'] = `${node.hugepages.onMachine}\n`;
  }
  if (node.hasMounts) files['proc/mounts'] = mounts(node);
  for (const [path, lines] of node.sysctlFiles) files[path] = `${lines.join('\n')}\n`;
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${node.root}/${path}`, text]));
}

/** The machine id, the UUID of the hardware or the name: one of them is enough to know the node. */
function identity(node: NodeWorld, random: Random): Record<string, string> {
  const files: Record<string, string> = { 'sos_commands/host/hostname': `${node.host}\n` };
  const isNamed = node.host === node.name;
  if (!isNamed || random.chance(0.7)) files['etc/machine-id'] = `${node.machineId}\n`;
  if (random.chance(0.3)) files['sys/class/dmi/id/product_uuid'] = `${node.systemUuid.toUpperCase()}\n`;
  return files;
}

function cpuFiles({ cores }: NodeWorld): Record<string, string> {
  const files: Record<string, string> = {};
  const rows = ['CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE'];
  for (const cpu of cores.flat().sort((a, b) => a - b)) {
    const core = cores.findIndex((cpus) => cpus.includes(cpu));
    rows.push(`${cpu} 0 0 ${core} ${core}:${core}:${core}:0 yes`);
  }
  files['sos_commands/processor/lscpu_-e'] = `${rows.join('\n')}\n`;
  return files;
}

/** What the runtime says of some containers, and their first processes. */
function processFiles(node: NodeWorld): Record<string, string> {
  const files: Record<string, string> = {};
  for (const pod of node.pods.filter(({ runtimeClassName }) => runtimeClassName === undefined)) {
    for (const { process, ...container } of pod.containers) {
      if (container.inspectedScore !== undefined) {
        files[`sos_commands/crio/containers/crictl_inspect_${container.id}`] = inspected(container);
      }
      if (!process) continue;
      const path = `/${containerPath(node, pod, container)}`;
      const lines =
        node.version === 'v2'
          ? [`0::${path}`]
          : [`4:memory:${path}`, `3:cpu,cpuacct:${path}`, `1:name=systemd:${path}`];
      files[`proc/${process.pid}/cgroup`] = `${lines.join('\n')}\n`;
      files[`proc/${process.pid}/oom_score_adj`] = `${process.oomScoreAdj}\n`;
    }
  }
  return files;
}

function inspected({ id, name, inspectedScore }: ContainerWorld): string {
  const status = { id, metadata: { attempt: 0, name }, state: 'CONTAINER_RUNNING' };
  const info = { runtimeSpec: { process: { oomScoreAdj: inspectedScore } } };
  return `${JSON.stringify({ status, info }, undefined, 2)}\n`;
}

function kubeletConfig(node: NodeWorld): string {
  const { reserved, swap } = node;
  const byNumber = node.reservedCpus.length > 0;
  return writeYaml({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    cgroupDriver: node.driver,
    cpuManagerPolicy: node.staticPolicy ? 'static' : node.saysPolicy ? 'none' : undefined,
    cpuManagerPolicyOptions: node.wholeCores ? { 'full-pcpus-only': 'true' } : undefined,
    enforceNodeAllocatable: [node.enforced ? 'pods' : 'none'],
    failSwapOn: node.failSwapOn ? undefined : false,
    kind: 'KubeletConfiguration',
    kubeReserved: {
      cpu: byNumber ? undefined : `${reserved.cpuMillis}m`,
      memory: `${reserved.memoryBytes / 1024 ** 2}Mi`,
    },
    memorySwap: swap && swap.behaviour !== '' ? { swapBehavior: swap.behaviour } : undefined,
    protectKernelDefaults: node.protectsKernel ? true : undefined,
    reservedSystemCPUs: byNumber ? cpuList(node.reservedCpus) : undefined,
  });
}

function runtimeConfig({ runtime, runtimeDriver }: NodeWorld): Record<string, string> {
  if (runtime === 'cri-o')
    return { 'etc/crio/crio.conf.d/10-cgroups.conf': `[crio.runtime]\ncgroup_manager = "${runtimeDriver}"\n` };
  const options = '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]';
  return {
    'etc/containerd/config.toml': `version = 2\n${options}\n  SystemdCgroup = ${runtimeDriver === 'systemd'}\n`,
  };
}

function cpuManagerState({ state }: NodeWorld): string {
  const entries: Record<string, Record<string, string>> = {};
  for (const { pod, container, cpus } of state.owned) {
    entries[pod.kubeletUid] = { ...entries[pod.kubeletUid], [container.name]: cpuList(cpus) };
  }
  const defaultCpuSet = state.policyName === 'none' ? '' : cpuList(state.pool.toSorted((a, b) => a - b));
  const hasEntries = Object.keys(entries).length > 0;
  return JSON.stringify({
    policyName: state.policyName,
    defaultCpuSet,
    ...(hasEntries && { entries }),
    checksum: 353318134,
  });
}

function meminfo({ memoryBytes, swap }: NodeWorld): string {
  const swapKib = (swap?.totalBytes ?? 0) / 1024;
  const row = (name: string, kib: number): string => `${`${name}:`.padEnd(16)}${`${kib}`.padStart(8)} kB\n`;
  return (
    row('MemTotal', memoryBytes / 1024) +
    row('MemFree', 900_000) +
    row('MemAvailable', 2_000_000) +
    row('SwapTotal', swapKib) +
    row('SwapFree', swapKib)
  );
}

function swaps({ swap }: NodeWorld): string {
  const header = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  return swap
    ? `${header}/dev/dm-1                               partition\t${swap.totalBytes / 1024}\t\t0\t\t-2\n`
    : header;
}

function mounts({ version, isHybrid, mounts }: NodeWorld): string {
  const trees =
    version === 'v2'
      ? ['cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0']
      : [
          'tmpfs /sys/fs/cgroup tmpfs ro,nosuid,nodev,noexec,mode=755 0 0',
          ...(isHybrid ? ['cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,nodev,noexec,relatime 0 0'] : []),
          ...['cpu,cpuacct', 'memory', 'cpuset', 'pids'].map(
            (each) => `cgroup /sys/fs/cgroup/${each} cgroup rw,nosuid,nodev,noexec,relatime,${each} 0 0`,
          ),
        ];
  const disks = ['/dev/sda4 / xfs rw,relatime 0 0', '/dev/sdb1 /var/lib/kubelet xfs rw,relatime 0 0'];
  return `${[...disks, 'proc /proc proc rw,nosuid,nodev,noexec 0 0', ...trees, ...mounts].join('\n')}\n`;
}

function diskUsage({ disks }: NodeWorld): string {
  const kib = 104_857_600;
  const rows = disks.map(({ device, mountPoint, usedShare }) => {
    const used = Math.floor(kib * usedShare);
    return `${device.padEnd(16)} ${kib} ${used} ${kib - used} ${Math.ceil(usedShare * 100)}% ${mountPoint}`;
  });
  return `${['Filesystem     1K-blocks    Used Available Use% Mounted on', ...rows].join('\n')}\n`;
}

function xfsText({ xfs }: NodeWorld): string {
  return [
    `meta-data=${xfs.device}              isize=512    agcount=4, agsize=6553600 blks`,
    '         =                       sectsz=512   attr=2, projid32bit=1',
    '         =                       crc=1        finobt=1, sparse=1, rmapbt=0',
    'data     =                       bsize=4096   blocks=26214400, imaxpct=25',
    `naming   =version 2              bsize=4096   ascii-ci=0, ftype=${xfs.ftype}`,
    'log      =internal log           bsize=4096   blocks=12800, version=2',
    '',
  ].join('\n');
}

/** Times in brackets, seconds since the boot, or the journal's form of it. */
function kernelLog({ kernelLog, host, kernel }: NodeWorld, random: Random): Record<string, string> {
  const lines = [
    `Linux version ${kernel} (builder@example.com) #1 SMP`,
    'XFS (sda4): Mounting V5 Filesystem',
    ...kernelLog,
  ];
  const form = random.int(0, 2);
  const write = (before: (index: number) => string): string =>
    lines.map((line, index) => `${before(index)}${line}\n`).join('');
  if (form === 0) return { 'sos_commands/kernel/dmesg': write((index) => `[${`${index}.120000`.padStart(12)}] `) };
  if (form === 1) return { 'sos_commands/kernel/dmesg_-T': write(() => '[Tue Feb  3 09:12:10 2026] ') };
  return { 'sos_commands/logs/journalctl_--no-pager_--dmesg': write(() => `Feb 03 09:12:10 ${host} kernel: `) };
}
