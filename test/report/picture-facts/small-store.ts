// A small fact store made by hand: values by type, each with its place.

import type { FactStore, StoredFact } from '../../../src/facts/store.ts';

type Value = Readonly<Record<string, unknown>>;

/** Facts lie in `mg/<type>.yaml`, ten lines each, in the order given. */
export function smallStore(facts: Readonly<Record<string, readonly Value[]>>, gatheredAt?: string): FactStore {
  return {
    types: Object.keys(facts),
    read: (type) =>
      (facts[type] ?? []).map(
        (value, at): StoredFact => ({ value, path: `mg/${type}.yaml`, span: [at * 10 + 1, at * 10 + 10] }),
      ),
    logSources: () => 0,
    hits: () => [],
    gatheredAt,
  };
}

export const nodeFact = (name: string, more: Value = {}): Value => ({
  name,
  roles: ['worker'],
  ready: 'True',
  unschedulable: false,
  allocatable: { cpuMillis: 4000, memoryBytes: 8 * 1024 ** 3, pods: 250, hugepages: {}, raw: {} },
  taints: [],
  ...more,
});

export const eventFact = (more: Value): Value => ({
  namespace: 'shop',
  reason: 'FailedMount',
  type: 'Warning',
  message: 'configmap "api" not found',
  count: 1,
  firstAt: '2024-03-05T10:00:00Z',
  lastAt: '2024-03-05T10:00:00Z',
  involvedKind: 'Pod',
  involvedNamespace: 'shop',
  involvedName: 'api-0',
  component: 'kubelet',
  host: 'worker-1',
  ...more,
});
