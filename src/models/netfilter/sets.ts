// Sets of addresses, ports and devices: ipset and nft sets, and the maps of nft, asked for one element at a time.

import { covers, parseAddress, plainText } from './address.ts';
import type { FactsOfNode } from './facts-of-node.ts';

export interface SetElement {
  readonly key: readonly string[];
  /** Of a map. */
  readonly value?: string;
  /** An exception of an ipset: what it covers is not in the set. */
  readonly nomatch?: boolean;
}

export interface AddressSet {
  readonly name: string;
  /** `hash:ip,port`; of nft `ipv4_addr . inet_service`. */
  readonly type: string;
  /** False if the dump shows fewer elements than there are. */
  readonly complete: boolean;
  /** Packets add to it. */
  readonly dynamic: boolean;
  /** Elements by key, where they are single values. */
  readonly exact: ReadonlyMap<string, SetElement>;
  /** Networks, ranges and wildcards. */
  readonly wide: readonly SetElement[];
}

const single = (part: string) => !/[/*]|[0-9a-f:.]-/i.test(part);
const keyText = (key: readonly string[]) => key.map(plainText).join('|');

export function makeSet(head: Omit<AddressSet, 'exact' | 'wide'>, elements: readonly SetElement[]): AddressSet {
  const exact = new Map<string, SetElement>();
  const wide: SetElement[] = [];
  for (const element of elements) {
    if (element.nomatch || !element.key.every(single)) wide.push(element);
    else exact.set(keyText(element.key), element);
  }
  return { ...head, exact, wide };
}

export function ipSetsOf({ ipSets, ipSetMembers }: FactsOfNode): ReadonlyMap<string, AddressSet> {
  const members = new Map<string, SetElement[]>();
  for (const { value } of ipSetMembers) {
    const key = String(value.member).split(',');
    const list = members.get(String(value.set)) ?? [];
    list.push({ key, ...(value.nomatch === true && { nomatch: true }) });
    members.set(String(value.set), list);
  }
  return new Map(
    ipSets.map(({ value }) => {
      const name = String(value.name);
      const head = { name, type: String(value.type), complete: value.complete === true, dynamic: false };
      return [name, makeSet(head, members.get(name) ?? [])];
    }),
  );
}

export function nftSetsOf({ nftSets }: FactsOfNode): ReadonlyMap<string, AddressSet> {
  return new Map(
    nftSets.map(({ value }) => {
      const name = String(value.name);
      const flags = value.flags as readonly string[];
      const dynamic = flags.includes('dynamic') || (flags.includes('timeout') && value.kind === 'set');
      const head = { name, type: String(value.keyType), complete: true, dynamic };
      return [`${value.family} ${value.table} ${name}`, makeSet(head, value.elements as readonly SetElement[])];
    }),
  );
}

/** The element that covers these values; `unknown` if one that is not known (undefined) decides. */
export function findElement(
  set: AddressSet,
  values: readonly (string | undefined)[],
): SetElement | 'unknown' | undefined {
  const known = values.every((value) => value !== undefined);
  if (known) {
    const hit = set.exact.get(keyText(values as readonly string[]));
    if (hit) return hit;
  }
  // Of the networks that cover an address the longest decides, and it may be an exception.
  let best: SetElement | undefined;
  let bestLength = -1;
  for (const element of known ? set.wide : [...set.exact.values(), ...set.wide]) {
    if (!element.key.every((part, at) => values[at] === undefined || partCovers(part, values[at]))) continue;
    if (!known) return 'unknown';
    const length = element.key.reduce((sum, part) => sum + Number(/\/(\d+)$/.exec(part)?.[1] ?? 128), 0);
    if (length >= bestLength) [best, bestLength] = [element, length];
  }
  return best;
}

function partCovers(part: string, value: string): boolean {
  if (part === value) return true;
  const address = parseAddress(value);
  if (address) return covers(part, address) === true;
  if (part.endsWith('*')) return value.startsWith(part.slice(0, -1));
  // `tcp:8000-8080` of an ipset, `8000-8080` or a number in another notation of nft.
  const [protocol, number] = value.includes(':') ? value.split(':') : ['', value];
  const range = /^(?:(\w+):)?(0x[0-9a-f]+|\d+)(?:-(0x[0-9a-f]+|\d+))?$/i.exec(part);
  if (!range || (range[1] ?? '') !== protocol || number === '' || Number.isNaN(Number(number))) return false;
  return Number(number) >= Number(range[2]) && Number(number) <= Number(range[3] ?? range[2]);
}
