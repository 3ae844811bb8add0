// Reads a cgroup path: which pod and container it belongs to, and at which level of the kubelet's tree it stands.
//
//   /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7a96c459_d529_44ae_9f99_90d3798d6426.slice/crio-<64 hex>.scope
//   /kubepods/besteffort/pod7a96c459-d529-44ae-9f99-90d3798d6426/<64 hex>

/** `node`: all pods together (`kubepods`); `qos`: one QoS class of them; `other`: not of the kubelet. */
export type CgroupLevel = 'node' | 'qos' | 'pod' | 'container' | 'other';

export interface CgroupPlace {
  readonly level: CgroupLevel;
  /** As `status.qosClass` spells it; absent outside of the kubelet's tree and for all pods together. */
  readonly qosClass?: 'Guaranteed' | 'Burstable' | 'BestEffort';
  /** With dashes, as `metadata.uid` has it; 32 hexadecimal digits for a static pod. */
  readonly podUid?: string;
  /** 64 hexadecimal digits. Set for containers alone, also for those that no pod owns. */
  readonly containerId?: string;
}

const pod = /[-/]pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?:\/|$)/;
// `crio-conmon-<id>.scope` is the monitor beside a container, and does not match.
const container = /(?:^|\/)(?:(?:cri-containerd|crio|docker|libpod)-)?([0-9a-f]{64})(?:\.scope)?$/;
const tree = /(?:^|\/)(?:[\w.-]+-)?kubepods(?:\.slice)?$/;
const qosOf = /(?:^|\/)(?:[\w.-]+-)?kubepods(?:\.slice\/(?:[\w.-]+-)?kubepods-|\/)(burstable|besteffort)(?:\.slice)?$/;

export function readCgroupPath(path: string): CgroupPlace {
  const trimmed = path.replace(/\/+$/, '');
  const containerId = container.exec(trimmed)?.[1];
  const match = pod.exec(trimmed);
  if (!match) {
    if (containerId !== undefined) return { level: 'container', containerId };
    const qos = qosOf.exec(trimmed)?.[1];
    if (qos !== undefined) return { level: 'qos', qosClass: classOf(qos) };
    return { level: tree.test(trimmed) ? 'node' : 'other' };
  }
  const before = trimmed.slice(0, match.index);
  const qosClass = classOf(/burstable|besteffort/.exec(before)?.[0]);
  const podUid = (match[1] ?? '').replaceAll('_', '-');
  const rest = trimmed.slice(match.index + match[0].length);
  if (rest === '') return { level: 'pod', qosClass, podUid };
  return containerId === undefined
    ? { level: 'other', qosClass, podUid }
    : { level: 'container', qosClass, podUid, containerId };
}

function classOf(word: string | undefined): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  if (word === 'burstable') return 'Burstable';
  return word === 'besteffort' ? 'BestEffort' : 'Guaranteed';
}
