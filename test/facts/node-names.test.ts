import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Source } from '../../src/bundle/source.ts';
import { nodeNames } from '../../src/facts/node-names.ts';
import type { FactStore, StoredFact } from '../../src/facts/store.ts';

const sourceOf = (path: string): Source => ({
  path,
  kind: 'IpAddr',
  layout: 'node-dump',
  root: path.slice(0, path.lastIndexOf('/')),
  labels: {},
});

function storeOf(
  facts: Readonly<Record<string, readonly { path: string; value: Record<string, unknown> }[]>>,
): FactStore {
  const read = (type: string) =>
    (facts[type] ?? []).map((fact) => ({ ...fact, span: [1, 1] })) as unknown as StoredFact[];
  return { read } as unknown as FactStore;
}

test('a dump that names no machine is that of the node whose address it has', () => {
  const sources = [sourceOf('first/ip_address.txt'), sourceOf('second/ip_address.txt')];
  const store = storeOf({
    KubernetesNode: [
      { path: 'nodes.yaml', value: { name: 'n1', addresses: [{ type: 'InternalIP', address: '192.0.2.11' }] } },
      { path: 'nodes.yaml', value: { name: 'n2', addresses: [{ type: 'InternalIP', address: '192.0.2.12' }] } },
    ],
    InterfaceAddress: [
      { path: 'first/ip_address.txt', value: { address: '192.0.2.12' } },
      { path: 'second/ip_address.txt', value: { address: '192.0.2.99' } },
    ],
  });
  const names = nodeNames(store, sources);
  assert.equal(sources.map(names.of), ['n2', undefined]);
});

test.run();
