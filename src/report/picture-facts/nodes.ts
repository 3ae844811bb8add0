// What the node map and the resource picture need of each node: role, state, and what is asked of it.

import type { FactStore } from '../../facts/store.ts';
import { byKeys } from '../compare.ts';
import type { Amounts, ReportNode } from '../report.ts';
import { type Told, valuesOf } from './read-values.ts';

interface NodeValue {
  readonly name: string;
  readonly roles: readonly string[];
  readonly ready: string;
  readonly unschedulable: boolean;
  readonly allocatable: Amounts;
}
interface ConditionValue {
  readonly node: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly lastTransitionAt?: string;
}
interface PodValue {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  readonly effectiveRequests: Amounts;
}
interface ContainerValue {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly role: string;
  readonly limits: Amounts;
}
interface MemoryValue {
  readonly node?: string;
  readonly totalBytes: number;
  readonly availableBytes?: number;
}

/** Facts that only files of the machine itself give. */
const ofMachine = ['Hostname', 'MachineId', 'SystemUuid', 'InterfaceAddress', 'NodeMemory', 'Uptime'];

/** Every node that an object or a file of a machine speaks of, in the order of the names. */
export function reportNodes(store: FactStore): ReportNode[] {
  const objects = byName(valuesOf<NodeValue>(store, 'KubernetesNode'), ({ name }) => name);
  const gathered = new Set(
    ofMachine.flatMap((type) => valuesOf<{ node?: string }>(store, type).map(({ value }) => value.node ?? '')),
  );
  const conditions = valuesOf<ConditionValue>(store, 'NodeCondition').filter(({ value }) => !isAsItShouldBe(value));
  const conditionsOf = lists(conditions, ({ node }) => node);
  const pods = valuesOf<PodValue>(store, 'Pod').filter(({ value }) => !/^(?:Succeeded|Failed)$/.test(value.phase));
  const podsOf = lists(pods, ({ node }) => node);
  const alive = new Set(pods.map(({ value }) => `${value.namespace}/${value.name}`));
  const containers = valuesOf<ContainerValue>(store, 'Container').filter(
    ({ value }) =>
      (value.role === 'container' || value.role === 'sidecar') && alive.has(`${value.namespace}/${value.pod}`),
  );
  const containersOf = lists(containers, ({ node }) => node);
  const memory = byName(valuesOf<MemoryValue>(store, 'NodeMemory'), ({ node }) => node ?? '');
  const names = new Set([...objects.keys(), ...gathered, ...machineNames(store)]);
  names.delete('');
  return [...names].sort().map((name): ReportNode => {
    const object = objects.get(name);
    const onNode = podsOf.get(name) ?? [];
    const used = memory.get(name);
    return {
      name,
      roles: object?.value.roles ?? [],
      ...(object && object.value.ready !== '' && { ready: object.value.ready }),
      ...(object?.value.unschedulable && { unschedulable: true }),
      gathered: gathered.has(name),
      conditions: (conditionsOf.get(name) ?? [])
        .map(({ value }) => ({
          type: value.type,
          status: value.status,
          reason: value.reason,
          ...(value.lastTransitionAt && { since: value.lastTransitionAt }),
        }))
        .sort(byKeys(({ type }) => [type])),
      ...(object && { allocatable: amounts(object.value.allocatable) }),
      ...(onNode.length > 0 && { requested: requestedBy(onNode), limit: limitOf(containersOf.get(name) ?? []) }),
      ...(used?.value.availableBytes !== undefined && {
        used: {
          memoryBytes: Math.max(0, used.value.totalBytes - used.value.availableBytes),
          totalBytes: used.value.totalBytes,
          evidence: used.place,
        },
      }),
      ...(object && { evidence: object.place }),
    };
  });
}

// A machine alone has no Node object; its host name is the node then, as in the head of the report.
function machineNames(store: FactStore): string[] {
  return valuesOf<{ node?: string; name: string }>(store, 'Hostname').map(({ value }) => value.node ?? value.name);
}

/** Ready should be True, and every other condition of a node False. */
const isAsItShouldBe = ({ type, status }: ConditionValue): boolean => status === (type === 'Ready' ? 'True' : 'False');

const amounts = ({ cpuMillis, memoryBytes, pods }: Amounts): Amounts => ({
  ...(cpuMillis !== undefined && { cpuMillis }),
  ...(memoryBytes !== undefined && { memoryBytes }),
  ...(pods !== undefined && { pods }),
});

function requestedBy(pods: readonly Told<PodValue>[]): Amounts {
  return {
    cpuMillis: sum(pods, ({ effectiveRequests }) => effectiveRequests.cpuMillis ?? 0),
    memoryBytes: sum(pods, ({ effectiveRequests }) => effectiveRequests.memoryBytes ?? 0),
    pods: pods.length,
  };
}

function limitOf(containers: readonly Told<ContainerValue>[]): NonNullable<ReportNode['limit']> {
  return {
    cpuMillis: sum(containers, ({ limits }) => limits.cpuMillis ?? 0),
    memoryBytes: sum(containers, ({ limits }) => limits.memoryBytes ?? 0),
    withoutCpu: sum(containers, ({ limits }) => Number(limits.cpuMillis === undefined)),
    withoutMemory: sum(containers, ({ limits }) => Number(limits.memoryBytes === undefined)),
  };
}

const sum = <T>(all: readonly Told<T>[], of: (value: T) => number): number =>
  all.reduce((total, { value }) => total + of(value), 0);

function byName<T>(all: readonly Told<T>[], name: (value: T) => string): Map<string, Told<T>> {
  const first = new Map<string, Told<T>>();
  for (const told of all) if (!first.has(name(told.value))) first.set(name(told.value), told);
  return first;
}

function lists<T>(all: readonly Told<T>[], name: (value: T) => string): Map<string, Told<T>[]> {
  const found = new Map<string, Told<T>[]>();
  for (const told of all) {
    const list = found.get(name(told.value));
    if (list) list.push(told);
    else found.set(name(told.value), [told]);
  }
  return found;
}
