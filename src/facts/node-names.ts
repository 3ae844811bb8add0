// Gives each source of a node bundle the name of its machine, as Kubernetes spells it where the bundle says so.

import type { Source } from '../bundle/source.ts';
import { type ClusterNode, type JoinedMachines, joinMachines, type Machine } from './join-machines.ts';
import type { FactStore } from './store.ts';

export interface NodeNames extends Pick<JoinedMachines, 'gaps' | 'infos'> {
  /** A source's node: what its path says, else the machine whose files lie under the same root. */
  of(source: Source): string | undefined;
}

export function nodeNames(store: FactStore, sources: readonly Source[]): NodeNames {
  const { names, gaps, infos } = joinMachines(machinesOf(store, sources), clusterNodes(store));
  return { of: (source) => source.labels.node ?? names.get(source.root), gaps, infos };
}

function clusterNodes(store: FactStore): ClusterNode[] {
  return store.read('KubernetesNode').map(({ value }) => {
    const addresses = (value.addresses ?? []) as readonly { readonly address: string }[];
    return {
      name: String(value.name),
      machineId: String(value.machineId ?? ''),
      systemUuid: String(value.systemUuid ?? ''),
      addresses: addresses.map(({ address }) => address),
    };
  });
}

/** In the order of their roots. The files of a folder named after a node speak of that node, whatever they say of names. */
function machinesOf(store: FactStore, sources: readonly Source[]): Machine[] {
  const rootOf = new Map(
    sources.flatMap(({ path, root, labels }) => (labels.node === undefined ? [[path, root] as const] : [])),
  );
  const valuesOf = (type: string, field: string): Map<string, string[]> => {
    const byRoot = new Map<string, string[]>();
    for (const { value, path } of store.read(type)) {
      const root = rootOf.get(path);
      const text = String(value[field] ?? '');
      if (root === undefined || text === '' || value.netns !== undefined) continue;
      byRoot.set(root, [...(byRoot.get(root) ?? []), text]);
    }
    return byRoot;
  };
  const hosts = valuesOf('Hostname', 'name');
  const machineIds = valuesOf('MachineId', 'id');
  const systemUuids = valuesOf('SystemUuid', 'uuid');
  const addresses = valuesOf('InterfaceAddress', 'address');
  // A dump may hold the addresses of its machine and nothing that names it.
  const roots = [
    ...new Set([...hosts.keys(), ...machineIds.keys(), ...systemUuids.keys(), ...addresses.keys()]),
  ].sort();
  return roots.map((root) => ({
    root,
    host: hosts.get(root)?.[0],
    machineId: machineIds.get(root)?.[0],
    systemUuid: systemUuids.get(root)?.[0],
    addresses: addresses.get(root) ?? [],
  }));
}
