// How the bytes of logs are shared among containers and hosts, and which program writes which kind of line.

import type { Cluster, Pod } from './cluster.ts';
import * as lines from './log-lines.ts';
import { seeded } from './random.ts';
import type { TarFile } from './tar.ts';
import { writeLog } from './write-log.ts';

/** Of all bytes of logs; the containers have the rest. */
const hostShares: readonly (readonly [unit: string, share: number, kind: lines.Lines])[] = [
  ['kubelet', 0.05, lines.kubeletLines],
  ['crio', 0.03, lines.crioLines],
  ['ovs-vswitchd', 0.01, lines.journalLines],
];
const auditShare = 0.04;
/** A journal does not grow with the cluster. */
const hostBytes = (logBytes: number): number => Math.min(logBytes, 2_000_000_000);
const kernelBytes = 20_000;
/** What the kubelet lets a container log grow to, a few times. */
const largestLogBytes = 64_000_000;
/** One container in so many ended before, and has a log of that. */
const previousInContainers = 20;

const applicationLines = [lines.jsonLines, lines.accessLines, lines.logfmtLines, lines.klogLines];

function linesOf(pod: Pod, container: string): lines.Lines {
  if (container === 'etcd') return lines.etcdLines;
  if (pod.workload.namespace.startsWith('openshift-')) return lines.klogLines;
  return applicationLines[pod.workload.uid.charCodeAt(0) % applicationLines.length]!;
}

/** Few logs are long, most are short; the control plane talks most. */
function weightOf(pod: Pod, container: string): number {
  const random = seeded(`${pod.uid}/${container}/log`);
  const loud = pod.workload.kind === 'Node' || container.endsWith('-operator') ? 40 : 1;
  return Math.min(40, (10_000 / (random.below(10_000) + 1)) ** 0.8) * loud;
}

const podsOf = (cluster: Cluster): Pod[] =>
  [...cluster.namespaces.values()].flat().flatMap((workload) => workload.pods);

const namesOf = (cluster: Cluster): string[] => {
  const pods = podsOf(cluster);
  const step = Math.ceil(pods.length / 400);
  return pods.filter((_, at) => at % step === 0).map((pod) => `${pod.workload.namespace}/${pod.name}`);
};

export function shareLogs(cluster: Cluster, logBytes: number) {
  const pods = podsOf(cluster);
  let weights = 0;
  for (const pod of pods) for (const container of pod.workload.containers) weights += weightOf(pod, container);
  const hosts = hostShares.reduce((sum, [, share]) => sum + share, auditShare);
  const bytesPerWeight = (logBytes - hostBytes(logBytes) * hosts) / weights;
  const names = namesOf(cluster);
  return {
    /** Below the folder of the pod. */
    *ofPod(pod: Pod): Generator<TarFile> {
      for (const container of pod.workload.containers) {
        const seed = `${pod.uid}/${container}`;
        const bytes = Math.min(largestLogBytes, weightOf(pod, container) * bytesPerWeight);
        const hasPrevious = pod.fault === 'CrashLoopBackOff' || seeded(seed).once(previousInContainers);
        const written = writeLog(seed, linesOf(pod, container), hasPrevious ? bytes * 0.8 : bytes, names);
        const before = hasPrevious ? writeLog(`${seed}/previous`, linesOf(pod, container), bytes * 0.2, names) : [];
        const folder = `${container}/${container}/logs`;
        yield { path: `${folder}/current.log`, chunks: written };
        yield { path: `${folder}/previous.insecure.log`, chunks: [] };
        yield { path: `${folder}/previous.log`, chunks: before };
      }
    },
  };
}

/** Of the hosts, as the masters' journals are gathered: one file for all. */
export function* gatherLogs(cluster: Cluster, logBytes: number): Generator<TarFile> {
  const names = namesOf(cluster);
  for (const [unit, share, kind] of hostShares) {
    const chunks = cluster.masters.flatMap((node) => {
      const bytes = (hostBytes(logBytes) * share) / cluster.masters.length;
      return writeLog(`${unit}/${node.name}`, kind, bytes, names, node.name.split('.')[0]);
    });
    yield { path: `host_service_logs/masters/${unit}_service.log`, chunks };
  }
  for (const node of cluster.masters) {
    const bytes = (hostBytes(logBytes) * auditShare) / cluster.masters.length;
    const chunks = writeLog(`audit/${node.name}`, lines.auditLines, bytes, names);
    yield { path: `audit_logs/kube-apiserver/${node.name}-audit.log`, chunks };
  }
  for (const node of cluster.nodes) {
    yield {
      path: `nodes/${node.name}/dmesg`,
      chunks: writeLog(`dmesg/${node.name}`, lines.kernelLines, kernelBytes, names),
    };
    yield { path: `nodes/${node.name}/lscpu`, chunks: [Buffer.from(lscpuText)] };
    yield { path: `nodes/${node.name}/proc_cmdline`, chunks: [Buffer.from(cmdline)] };
  }
}

const lscpuText = `CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE
${Array.from({ length: 16 }, (_, cpu) => `${cpu}   0    0      ${cpu >> 1}    ${cpu >> 1}:${cpu >> 1}:${cpu >> 1}:0       yes`).join('\n')}
`;
const cmdline =
  'BOOT_IMAGE=(hd0,gpt3)/ostree/rhcos/vmlinuz-5.14.0-427.57.1.el9_4.x86_64 ignition.platform.id=aws rw root=UUID=0f0f systemd.unified_cgroup_hierarchy=1 cgroup_no_v1="all" psi=0\n';
