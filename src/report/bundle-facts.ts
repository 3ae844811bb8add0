// What the head of a report says of a bundle, from its facts: cluster, nodes, time of gathering.

import type { FactStore } from '../facts/store.ts';
import type { Bundle } from './report.ts';

/** Reads only facts that are there; a bundle that says nothing of its cluster gets no cluster. */
export function bundleFacts(store: FactStore): Pick<Bundle, 'gatheredAt' | 'cluster' | 'nodes'> {
  const first = (type: string, field: string): string | undefined => {
    for (const { value } of store.read(type)) {
      const text = value[field];
      if (typeof text === 'string' && text !== '') return text;
    }
    return undefined;
  };
  const id = first('ClusterVersion', 'clusterId');
  const version = first('ClusterVersion', 'version') ?? first('KubernetesNode', 'kubeletVersion');
  const platform = first('Infrastructure', 'platform');
  const names = [...store.read('KubernetesNode'), ...store.read('Hostname')].map(
    ({ value }) => value.node ?? value.name,
  );
  const nodes = [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))].sort();
  return {
    gatheredAt: store.gatheredAt,
    cluster: id || version || platform ? { id, version, platform } : undefined,
    nodes,
  };
}
