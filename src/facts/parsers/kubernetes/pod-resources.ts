// What Kubernetes derives from the resources of all containers of a pod: its QoS class and what it asks of a node.
//
//   requests: max(containers + sidecars, largest init container with the sidecars before it) + overhead
//   a limit counts only when every container has it

import { cpuMillis, wholeUnits } from '../../text/quantity.ts';
import { type Tree, textAt, treeAt, treesAt } from './tree.ts';

type Amount = number | undefined;
type ListName = 'requests' | 'limits';
type Resource = 'cpu' | 'memory';

export const isSidecar = (initContainer: Tree): boolean => textAt(initContainer, 'restartPolicy') === 'Always';

/** Guaranteed, Burstable or BestEffort, computed as the API server does; ephemeral containers do not count. */
export function computeQosClass(spec: Tree): string {
  const own = treeAt(spec, 'resources');
  const podLevel = (['requests', 'limits'] as const).some((name) => Object.keys(treeAt(own, name)).length > 0);
  const owners = podLevel ? [spec] : [...treesAt(spec, 'containers'), ...treesAt(spec, 'initContainers')];
  let anything = false;
  let guaranteed = owners.length > 0;
  for (const resource of ['cpu', 'memory'] as const) {
    let requests = 0;
    let limits = 0;
    for (const owner of owners) {
      const limit = amountOf(owner, 'limits', resource) ?? 0;
      const request = amountOf(owner, 'requests', resource) ?? limit;
      if (request > 0 || limit > 0) anything = true;
      if (limit === 0) guaranteed = false;
      requests += request;
      limits += limit;
    }
    if (requests !== limits) guaranteed = false;
  }
  if (!anything) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** CPU and memory that the scheduler counts for the pod, overhead included; absent where nothing asks for it. */
export function podAmounts(spec: Tree, name: ListName): { cpuMillis: Amount; memoryBytes: Amount } {
  return { cpuMillis: podAmount(spec, name, 'cpu'), memoryBytes: podAmount(spec, name, 'memory') };
}

function podAmount(spec: Tree, name: ListName, resource: Resource): Amount {
  const overhead = quantityOf(treeAt(spec, 'overhead'), resource);
  const own = amountOf(spec, name, resource);
  const base = own ?? containersAmount(spec, name, resource);
  // Overhead is asked for in any case, but bounds nothing that has no limit.
  if (base === undefined) return name === 'requests' ? overhead : undefined;
  return base + (overhead ?? 0);
}

function containersAmount(spec: Tree, name: ListName, resource: Resource): Amount {
  const regular = treesAt(spec, 'containers');
  const initial = treesAt(spec, 'initContainers');
  const all = [...regular, ...initial];
  const amounts = all.map((container) => effective(container, name, resource));
  if (amounts.every((amount) => amount === undefined)) return undefined;
  // A limit of 0 is none: the kubelet leaves the pod without one.
  if (name === 'limits' && amounts.some((amount) => !amount)) return undefined;
  let sidecars = 0;
  let peak = 0;
  for (const container of initial) {
    const amount = effective(container, name, resource) ?? 0;
    if (isSidecar(container)) sidecars += amount;
    else peak = Math.max(peak, sidecars + amount);
  }
  const running = regular.reduce((sum, container) => sum + (effective(container, name, resource) ?? 0), sidecars);
  return Math.max(running, peak);
}

/** A limit without a request is also the request. */
function effective(container: Tree, name: ListName, resource: Resource): Amount {
  const amount = amountOf(container, name, resource);
  return amount === undefined && name === 'requests' ? amountOf(container, 'limits', resource) : amount;
}

function amountOf(owner: Tree, name: ListName, resource: Resource): Amount {
  return quantityOf(treeAt(owner, 'resources', name), resource);
}

function quantityOf(resources: Tree, resource: Resource): Amount {
  return resource === 'cpu' ? cpuMillis(resources.cpu) : wholeUnits(resources.memory);
}
