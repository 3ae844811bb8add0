// Where the cgroups of a node lie, by driver and runtime.

import type { ContainerWorld, NodeWorld, PodWorld, QosClass } from './world.ts';

/** All pods of a class; those that are Guaranteed hang below all pods. */
export function classPath({ driver }: NodeWorld, qosClass: QosClass | undefined): string {
  const word = qosClass === 'Burstable' ? 'burstable' : qosClass === 'BestEffort' ? 'besteffort' : undefined;
  if (driver === 'cgroupfs') return word === undefined ? 'kubepods' : `kubepods/${word}`;
  return word === undefined ? 'kubepods.slice' : `kubepods.slice/kubepods-${word}.slice`;
}

export function podPath(node: NodeWorld, { qosClass, kubeletUid }: PodWorld): string {
  const above = classPath(node, qosClass);
  if (node.driver === 'cgroupfs') return `${above}/pod${kubeletUid}`;
  const name = above.split('/').at(-1)?.replace('.slice', '');
  return `${above}/${name}-pod${kubeletUid.replaceAll('-', '_')}.slice`;
}

export function containerPath(node: NodeWorld, pod: PodWorld, { id }: Pick<ContainerWorld, 'id'>): string {
  const prefix = node.runtime === 'cri-o' ? 'crio' : 'cri-containerd';
  if (node.driver === 'systemd') return `${podPath(node, pod)}/${prefix}-${id}.scope`;
  return `${podPath(node, pod)}/${node.runtime === 'cri-o' ? `crio-${id}` : id}`;
}
