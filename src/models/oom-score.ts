// The oom_score_adj that the kubelet gives to a container: the higher, the sooner the kernel picks it.

/** Of a container by the class of its pod; sidecars take the least that a container of their pod would have. */
export interface OomSubject {
  readonly qosClass: 'Guaranteed' | 'Burstable' | 'BestEffort';
  /** Priority class system-node-critical. */
  readonly nodeCritical: boolean;
  readonly memoryRequestBytes: number;
  readonly nodeMemoryBytes: number;
  /** For a sidecar: requests of the containers beside it. */
  readonly besideBytes?: readonly number[] | undefined;
}

export function oomScoreAdj(subject: OomSubject): number {
  const { qosClass, nodeCritical, memoryRequestBytes, nodeMemoryBytes, besideBytes } = subject;
  if (nodeCritical || qosClass === 'Guaranteed') return -997;
  if (qosClass === 'BestEffort') return 1000;
  const own = burstableOomScoreAdj(memoryRequestBytes, nodeMemoryBytes);
  if (besideBytes === undefined || besideBytes.length === 0) return own;
  return Math.min(own, burstableOomScoreAdj(Math.min(...besideBytes), nodeMemoryBytes));
}

/** Kept above Guaranteed and below BestEffort, whatever it asks for. */
export function burstableOomScoreAdj(requestBytes: number, nodeBytes: number): number {
  if (nodeBytes <= 0) return 999;
  const adjusted = 1000 - Math.floor((1000 * requestBytes) / nodeBytes);
  return Math.min(999, Math.max(3, adjusted));
}
