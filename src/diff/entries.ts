// The things of one side that are compared, by the key that names them on both sides.

import type { StoredFact } from '../facts/store.ts';
import { derivedValues } from './derived.ts';
import { at, canonical, type Leaf, leavesOf } from './leaves.ts';
import type { Side } from './side.ts';
import type { Compared, Table } from './table.ts';

/** One thing on one side; it may be told by several facts, e.g. a container by those of all equal pods. */
export interface Entry {
  readonly key: string;
  readonly subject: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly fact: StoredFact;
  /** By path; several texts where the facts differ. */
  readonly leaves: ReadonlyMap<string, EntryLeaf>;
  /** False where only a part of it was printed. */
  readonly isWhole: boolean;
}

export interface EntryLeaf {
  readonly texts: ReadonlySet<string>;
  readonly leaf: Leaf;
  readonly fact: StoredFact;
}

/** In the order of the facts, which is that of paths and lines. */
export function entriesOf(side: Side, compared: Compared, { volatile }: Table): Map<string, Entry> {
  const entries = new Map<string, Entry & { readonly leaves: Map<string, EntryLeaf> }>();
  const derived = derivedValues(side, compared.fact, compared.pods);
  for (const fact of side.read(compared.fact)) {
    if (!isMeant(compared, fact)) continue;
    const value = derived(fact);
    if (isIgnored(compared, value)) continue;
    const said = compared.key.map((field) => textOf(at(value, field)));
    const key = JSON.stringify(said);
    const known = entries.get(key);
    const isWhole = compared.whole === undefined || value[compared.whole] !== false;
    const leaves = known?.leaves ?? new Map<string, EntryLeaf>();
    for (const leaf of leavesFor(compared, value)) {
      if (volatile.some((pattern) => pattern.test(leaf.path))) continue;
      const others = leaves.get(leaf.path);
      leaves.set(leaf.path, { leaf, fact, ...others, texts: new Set([...(others?.texts ?? []), leaf.text]) });
    }
    const scope = scopeOf(compared, value);
    if (!known) entries.set(key, { key, subject: subjectOf(compared, value), ...scope, fact, leaves, isWhole });
    else if (!isWhole) entries.set(key, { ...known, isWhole });
  }
  return entries;
}

export const leafText = ({ texts }: EntryLeaf): string => [...texts].sort().join(' | ');

function isMeant({ object, where }: Compared, { value }: StoredFact): boolean {
  if (object !== undefined && `${textOf(value.group)}/${textOf(value.kind)}` !== object) return false;
  return Object.entries(where).every(([field, texts]) => texts.includes(textOf(value[field])));
}

const isIgnored = ({ ignore }: Compared, value: Readonly<Record<string, unknown>>): boolean =>
  ignore.some(([field, patterns]) => patterns.some((pattern) => pattern.test(textOf(value[field]))));

/** The leaves of all fields that are compared, each with its path from the top of the fact or object. */
export function leavesFor({ fields, object }: Compared, value: Readonly<Record<string, unknown>>): Leaf[] {
  const top = object === undefined ? value : value.object;
  return fields.flatMap((field) =>
    leavesOf(
      at(top, field),
      field,
      field.split('.').map((key) => ({ key })),
    ),
  );
}

function scopeOf(compared: Compared, value: Readonly<Record<string, unknown>>): Pick<Entry, 'namespace' | 'node'> {
  const namespace = textOf(value.namespace);
  const node = compared.key.includes('node') ? textOf(value.node) : '';
  // What is read on a node belongs to the node, whichever Service it speaks of.
  if (node !== '') return { node };
  return namespace === '' ? {} : { namespace };
}

/** `shop/checkout`; `worker-1: net.core.somaxconn`. */
function subjectOf({ key }: Compared, value: Readonly<Record<string, unknown>>): string {
  const said = (field: string) => textOf(at(value, field));
  const node = key.includes('node') ? said('node') : '';
  const isService = key.includes('service');
  const owner = [said('namespace'), isService ? said('service') : ''].filter((text) => text !== '').join('/');
  const rest = key
    .filter((field) => !['node', 'namespace', 'service'].includes(field) || (field === 'service' && !isService))
    .map(said)
    .filter((text) => text !== '');
  const named =
    key.includes('namespace') && !isService && owner !== ''
      ? `${owner}/${rest.join(' ')}`
      : [owner, ...rest].filter((text) => text !== '').join(' ');
  const name = named === '' && node === '' ? 'of the cluster' : named;
  if (node === '') return name;
  return name === '' ? node : `${node}: ${name}`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? canonical(value) : String(value);
}
