// Gives each source of a node bundle the name of its machine, as Kubernetes spells it where the bundle says so.

import type { Source } from '../bundle/source.ts';
import type { FactStore } from './store.ts';

/**
 * A source's node: what its path says, else the host name found under the same root. A host name that equals a node
 * name up to its first dot is taken to be that node, as long as only one node has it.
 */
export function nodeNames(store: FactStore, sources: readonly Source[]): (source: Source) => string | undefined {
  const known = new Set(store.read('KubernetesNode').map(({ value }) => String(value.name)));
  const rootOf = new Map(sources.map((source) => [source.path, source.root]));
  const hostOfRoot = new Map<string, string>();
  for (const { value, path } of store.read('Hostname')) {
    const root = rootOf.get(path) ?? '';
    const name = String(value.name);
    if (name !== '' && !hostOfRoot.has(root)) hostOfRoot.set(root, asNode(name, known));
  }
  return (source) => source.labels.node ?? hostOfRoot.get(source.root);
}

function asNode(host: string, known: ReadonlySet<string>): string {
  if (known.has(host)) return host;
  const short = host.split('.')[0];
  const alike = [...known].filter((name) => name.split('.')[0] === short);
  return alike.length === 1 && alike[0] !== undefined ? alike[0] : host;
}
