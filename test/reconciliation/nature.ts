// What must be found because of how a case is, without any planting: swap that is allowed, cgroup v1 on a newer kubelet, nodes
// of two versions, a cgroup mode that not every node has.

import type { Expected, NodeWorld, World } from './world.ts';

export function ofNature({ nodes, openshift }: World): Expected[] {
  const gathered = nodes.filter(({ root }) => root !== undefined);
  // The mounts tell the version; without them nobody knows it.
  const known = gathered.filter(({ hasMounts }) => hasMounts);
  const isMixed = new Set(known.map(({ version }) => version)).size > 1;
  return [
    ...gathered.flatMap(ofSwap),
    ...known.flatMap(ofHierarchy),
    ...(isMixed ? [{ rule: 'mixed-cgroup-versions', subject: 'nodes of the bundle' }] : []),
    ...(openshift?.cgroupMode === undefined ? [] : gathered.flatMap((node) => ofMode(node, openshift.cgroupMode))),
  ];
}

function ofSwap({ name, swap, failSwapOn, kernel, version, hasMounts }: NodeWorld): Expected[] {
  const subject = `node ${name}`;
  if (!swap) return [];
  const isWasted = version === 'v1' && hasMounts && swap.behaviour === 'LimitedSwap';
  const wasted = isWasted ? [{ rule: 'limited-swap-on-cgroup-v1', subject }] : [];
  if (failSwapOn) return [...wasted, { rule: 'swap-on-without-permission', subject }];
  // The option noswap of tmpfs came with 6.4.
  const onDisk = kernel.startsWith('5.') ? [{ rule: 'memory-volumes-on-swap', subject }] : [];
  return [...wasted, { rule: 'swap-on-with-permission', subject }, ...onDisk];
}

function ofHierarchy({ name, version, isHybrid, kubeletMinor }: NodeWorld): Expected[] {
  const subject = `node ${name}`;
  return [
    ...(isHybrid ? [{ rule: 'hybrid-cgroup-hierarchy', subject }] : []),
    ...(version === 'v1' && kubeletMinor >= 31 ? [{ rule: 'cgroup-v1-near-removal', subject }] : []),
  ];
}

function ofMode({ name, version, hasMounts }: NodeWorld, mode: string | undefined): Expected[] {
  const subject = `node ${name}`;
  if (version === mode) return [];
  if (hasMounts) return [{ rule: 'requested-cgroup-mode-not-effective', subject }];
  // Its command line asks for the other version.
  return mode === 'v2' ? [{ rule: 'kernel-arguments-unlike-cgroup-mode', subject }] : [];
}
