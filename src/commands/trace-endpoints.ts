// The words for the two ends of a trace: read in either spelling, and compared with what the bundle has when one is unknown.

import type { Cluster } from '../models/path/cluster.ts';
import type { Query } from '../models/path/trace.ts';
import { nearest } from '../rules/suggest.ts';
import { UsageError } from './terminal.ts';

const kinds: Readonly<Record<string, 'pod' | 'service' | 'node'>> = {
  pod: 'pod',
  pods: 'pod',
  po: 'pod',
  service: 'service',
  services: 'service',
  svc: 'service',
  node: 'node',
  nodes: 'node',
  no: 'node',
};

/** `svc/shop/cart:80` and `service shop/cart:80` are one; an address and `external` stay as they are. */
export function endpointText(word: string): string {
  const plain = word.trim();
  const [, kind = '', name = ''] = /^([a-z]+)[/ ](.+)$/.exec(plain) ?? [];
  if (kind === '') return plain;
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (known === undefined || (known !== 'node' && !name.includes('/')))
    throw new UsageError(
      `${plain}: say pod/NAMESPACE/NAME, svc/NAMESPACE/NAME:PORT, node/NAME, an address or external`,
    );
  return `${known} ${name}`;
}

const mostNames = 10;

/** What the bundle has in place of the first end that it does not know; empty if it knows both. */
export function suggestion(cluster: Cluster, query: Query): string {
  for (const text of [query.from, query.to, ...(query.node === undefined ? [] : [`node ${query.node}`])]) {
    const [, kind = '', name = ''] = /^(pod|service|node) (.+?)(?::[\w-]+)?$/.exec(text) ?? [];
    if (kind === '') continue;
    const names = namesOf(cluster, kind);
    if (names.includes(name)) continue;
    if (names.length === 0) return `The bundle has no ${kind} at all.`;
    return [...near(name, names)].length > 0
      ? `Did you mean ${[...near(name, names)].join(' or ')}?`
      : `There ${names.length === 1 ? 'is' : 'are'}: ${listed(names)}`;
  }
  return '';
}

function namesOf(cluster: Cluster, kind: string): string[] {
  if (kind === 'node') return [...cluster.nodes];
  const names =
    kind === 'pod'
      ? cluster.pods.map(({ namespace, name }) => `${namespace}/${name}`)
      : cluster.ports.map(({ namespace, service }) => `${namespace}/${service}`);
  return [...new Set(names)].sort();
}

/** The nearest spelling, and the same name in other namespaces; a pod may also be named without its generated end. */
function near(name: string, names: readonly string[]): Set<string> {
  const own = name.split('/').at(-1) ?? name;
  const spelled = nearest(name, names);
  const alike = names.filter((each) => {
    const other = each.split('/').at(-1) ?? each;
    return other === own || each.startsWith(`${name}-`);
  });
  return new Set([...(spelled === undefined ? [] : [spelled]), ...alike].slice(0, 3));
}

const listed = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more; \`drydock facts\` lists them`;
